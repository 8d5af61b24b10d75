#if canImport(Glibc)
internal import Glibc
#elseif canImport(Darwin)
internal import Darwin
#endif

/// Reads files that people name, which may turn out to be anything.
enum RegularFile {
    struct Failure: Error {
        /// `errno`; nil when it is no regular file.
        let code: Int32?
        var isDirectory = false
        /// Whether there is nothing of that name.
        var isMissing: Bool { code == ENOENT || code == ENOTDIR }
        var reason: String { code.map { String(cString: strerror($0)) } ?? (isDirectory ? "is a directory" : "no regular file") }
    }

    /// The bytes of a regular file, `limit` at most.
    static func read(_ path: String, limit: Int) -> Result<[UInt8], Failure> {
        // A pipe that nobody writes to must not be waited for.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard descriptor >= 0 else { return .failure(Failure(code: errno)) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return .failure(Failure(code: errno)) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            return .failure(Failure(code: nil, isDirectory: status.st_mode & S_IFMT == S_IFDIR))
        }
        var bytes = [UInt8](repeating: 0, count: min(limit, 64 * 1024))
        var used = 0
        while used < limit {
            if used == bytes.count { bytes += [UInt8](repeating: 0, count: min(bytes.count, limit - used)) }
            let count = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress?.advanced(by: used), $0.count - used, off_t(used)) }
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { return .failure(Failure(code: errno)) }
            if count == 0 { break }
            used += count
        }
        return .success(Array(bytes[..<used]))
    }
}
