import Glibc

/// Reads whole files: regular ones, and descriptors of this process such as `/dev/stdin`. Nothing else that stands in a
/// file's place, such as a pipe that nobody writes to or a device without an end, is waited for.
enum FileBytes {
    /// The most that is read of a file for which nothing else is said: no script or plan comes near.
    static let usualLimit = 64 << 20

    /// - Parameters:
    ///   - noun: what the file is, for the message.
    ///   - limit: how many bytes it has at most.
    /// - Throws: ``UsageError`` with the path, the reason and what to do.
    static func read(_ path: String, for noun: String, limit: Int = usualLimit) throws(UsageError) -> [UInt8] {
        let flags = FileKind.isDescriptor(path) ? 0 : O_NONBLOCK
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | flags)
        guard descriptor >= 0 else { throw failure(noun, path, errno) }
        defer { close(descriptor) }
        if let objection = FileKind(descriptor: descriptor).objection(to: path) { throw wrong(noun, path, objection) }
        return try bytes(descriptor, noun, path, limit)
    }

    /// The same of a regular file alone; nil when there is nothing of that name.
    static func readIfPresent(_ path: String, for noun: String, limit: Int = usualLimit) throws(UsageError) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
        guard descriptor >= 0 else {
            let number = errno
            guard number == ENOENT else { throw failure(noun, path, number) }
            // A link is there even when what it leads to is not.
            var status = stat()
            if lstat(path, &status) != 0 { return nil }
            throw wrong(noun, path, "is a link that leads nowhere")
        }
        defer { close(descriptor) }
        let kind = FileKind(descriptor: descriptor)
        guard kind == .regular else { throw wrong(noun, path, "is \(kind.text)") }
        return try bytes(descriptor, noun, path, limit)
    }

    /// The bytes of a regular file, which reading does not use up; nil for everything else, and when it cannot be read.
    static func ofRegularFile(_ path: String) -> [UInt8]? { try? readIfPresent(path, for: "the file") }

    private static func bytes(_ descriptor: Int32, _ noun: String, _ path: String, _ limit: Int) throws(UsageError) -> [UInt8] {
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(descriptor, &part, part.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure(noun, path, errno) }
            if count == 0 { return bytes }
            bytes += part[..<count]
            guard bytes.count <= limit else { throw wrong(noun, path, "is longer than \(limit) bytes") }
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

    /// - Parameter objection: what is wrong, such as "is a directory".
    static func wrong(_ noun: String, _ path: String, _ objection: String) -> UsageError {
        UsageError("\(noun) \(path) cannot be read: it \(objection); put a regular file in its place")
    }
}
