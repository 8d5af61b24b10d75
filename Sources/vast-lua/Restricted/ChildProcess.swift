import CSignals
import Glibc

/// The process of a restricted script, seen from the one that started it.
final class ChildProcess: Sendable {
    /// The environment variables that it gets.
    static let environment = ["TZ", "TZDIR", "LANG", "LC_ALL", "LC_TIME"]
    /// Address space is bounded, so malloc gets few arenas; a crash starts no other program.
    private static let fixed = ["MALLOC_ARENA_MAX=2", "SWIFT_BACKTRACE=enable=no"]
    /// The word that makes this program such a process.
    static let word = "--restricted-child"

    /// Our end of the line.
    let channel: Int32
    private let output: PipeCopy
    private let errors: PipeCopy
    private let pid: Int32
    /// Stands for this process and no other, also when it has ended and its number is somebody else's.
    private let handle: Int32

    /// - Parameter readsInput: whether it gets our standard input.
    /// - Throws: ``UsageError`` when there is no room for another process.
    init(readsInput: Bool) throws(UsageError) {
        var ends: [Int32] = [-1, -1]
        let status = ends.withUnsafeMutableBufferPointer { vast_child_pair($0.baseAddress) }
        guard status == 0 else { throw Self.failure(status) }
        output = try PipeCopy(to: STDOUT_FILENO)
        errors = try PipeCopy(to: STDERR_FILENO)
        let input = readsInput ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 10) : open("/dev/null", O_RDONLY | O_CLOEXEC)
        let places = [ends[1], input, output.writing, errors.writing].map { fcntl($0, F_DUPFD_CLOEXEC, 10) }
        defer { for descriptor in places + [ends[1], input, output.writing, errors.writing] { close(descriptor) } }
        channel = ends[0]
        let words = ["vast-lua", Self.word]
        let environment = Self.environment.compactMap { name in getenv(name).map { "\(name)=\(String(cString: $0))" } } + Self.fixed
        pid = withCStrings(words) { words in
            withCStrings(environment) { vast_child_spawn(words, $0, places[0], places[1], places[2], places[3]) }
        }
        handle = pid > 0 ? vast_child_handle(pid) : -1
        guard pid > 0 else {
            close(ends[0])
            throw Self.failure(-pid)
        }
        guard handle >= 0 else {
            let number = errno
            Glibc.kill(pid, SIGKILL)
            _ = vast_child_wait(pid)
            close(ends[0])
            throw Self.failure(number)
        }
    }

    private static func failure(_ status: Int32) -> UsageError {
        UsageError("the restricted script cannot have a process of its own: \(String(cString: strerror(status)))")
    }

    /// Copies what it writes, on threads of their own.
    func startCopying() {
        output.start()
        errors.start()
    }

    deinit { if handle >= 0 { close(handle) } }

    /// Ends it here and now; nothing happens when it has ended.
    func kill() { vast_child_kill(handle) }

    /// Waits for its end, and until everything that it wrote has been copied: its exit code, or the negated number of the
    /// signal that ended it.
    func wait() -> Int32 {
        let status = vast_child_wait(pid)
        output.finish()
        errors.finish()
        return status
    }
}

/// Copies what comes through a pipe to a descriptor. The script's process may write no file itself: where our output goes
/// to one, it could else fill the disk. On a terminal it shows what it holds and does nothing else.
private final class PipeCopy: Sendable {
    let writing: Int32
    private let reading: Int32
    private let target: Int32
    private let ended = Outcome<Void>()

    init(to target: Int32) throws(UsageError) {
        var ends: [Int32] = [-1, -1]
        guard ends.withUnsafeMutableBufferPointer({ vast_child_pipe($0.baseAddress) }) == 0 else {
            throw UsageError("no pipe can be had: \(String(cString: strerror(errno)))")
        }
        (reading, writing, self.target) = (ends[0], ends[1], target)
    }

    func start() {
        let isStarted = startThread { [self] in
            copy()
            ended.set(())
        }
        if !isStarted { ended.set(()) }
    }

    private func copy() {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        var screen = isatty(target) == 1 ? ScreenBytes() : nil
        while true {
            let count = read(reading, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            // Nobody reads: the script's own writes fail then, too.
            guard put(screen?.take(buffer[..<count])[...] ?? buffer[..<count]) else { break }
        }
        if let left = screen?.finish() { _ = put(left[...]) }
        close(reading)
    }

    /// - Returns: whether all of it could be written.
    private func put(_ bytes: ArraySlice<UInt8>) -> Bool {
        var rest = bytes
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { write(target, $0.baseAddress, $0.count) }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { return false }
            rest = rest.dropFirst(written)
        }
        return true
    }

    func finish() { ended.wait() }
}

/// Calls `body` with the strings as C has them: pointers, and a null at the end.
/// Lends texts to C, with NULL behind the last one.
func withCStrings<Result>(_ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result) -> Result {
    var pointers = strings.map { strdup($0) } + [nil]
    defer { for pointer in pointers { free(pointer) } }
    return pointers.withUnsafeMutableBufferPointer { body(UnsafePointer($0.baseAddress.unsafelyUnwrapped)) }
}
