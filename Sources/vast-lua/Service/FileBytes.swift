import Glibc

/// Reads whole files.
enum FileBytes {
    /// - Parameter noun: what the file is, for the message.
    /// - Throws: ``UsageError`` with the path and the reason.
    static func read(_ path: String, for noun: String) throws(UsageError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(noun, path) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(descriptor, &part, part.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure(noun, path) }
            if count == 0 { return bytes }
            bytes += part[..<count]
        }
    }

    private static func failure(_ noun: String, _ path: String) -> UsageError {
        UsageError("\(noun) \(path) cannot be read: \(String(cString: strerror(errno)))")
    }
}
