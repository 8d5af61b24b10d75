import Glibc

/// Where log lines go: standard error, or a file that is appended to.
final class LogSink: Sendable {
    private let descriptor: Int32

    static let standardError = LogSink(descriptor: STDERR_FILENO)

    private init(descriptor: Int32) { self.descriptor = descriptor }

    /// - Throws: ``UsageError`` when the file cannot be opened.
    init(path: String, option: String = "--log-file") throws(UsageError) {
        descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw UsageError("'\(option)': cannot open \(path): \(String(cString: strerror(errno)))")
        }
    }

    /// Writes a whole line with one call, so that lines of several threads and processes stay whole.
    func write(_ line: String) {
        if descriptor == STDERR_FILENO { return PromptScreen.around { put(line) } }
        put(line)
    }

    private func put(_ line: String) {
        var rest = Array((line + "\n").utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            // A full disk or a closed pipe: a log must not stop the work.
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
