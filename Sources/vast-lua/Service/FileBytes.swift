import Glibc

/// Reads whole files.
enum FileBytes {
    /// - Parameter noun: what the file is, for the message.
    /// - Throws: ``UsageError`` with the path and the reason.
    static func read(_ path: String, for noun: String) throws(UsageError) -> [UInt8] {
        guard let bytes = try readIfPresent(path, for: noun) else { throw failure(noun, path, ENOENT) }
        return bytes
    }

    /// The same; nil when there is no such file.
    static func readIfPresent(_ path: String, for noun: String) throws(UsageError) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw failure(noun, path, errno)
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(descriptor, &part, part.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure(noun, path, errno) }
            if count == 0 { return bytes }
            bytes += part[..<count]
        }
    }

    /// Puts a whole file in the place of another, for everybody to read.
    ///
    /// - Throws: ``UsageError`` with the path and the reason.
    static func write(_ bytes: [UInt8], to path: String, for noun: String) throws(UsageError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw unwritable(noun, path, errno) }
        defer { close(descriptor) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw unwritable(noun, path, errno) }
            rest = rest.dropFirst(count)
        }
    }

    private static func unwritable(_ noun: String, _ path: String, _ number: Int32) -> UsageError {
        UsageError("\(noun) \(path) cannot be written: \(String(cString: strerror(number)))")
    }

    private static func failure(_ noun: String, _ path: String, _ number: Int32) -> UsageError {
        UsageError("\(noun) \(path) cannot be read: \(String(cString: strerror(number)))")
    }
}
