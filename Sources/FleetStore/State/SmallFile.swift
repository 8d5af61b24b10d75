#if canImport(Glibc)
internal import Glibc
#elseif canImport(Darwin)
internal import Darwin
#endif

/// Reading and replacing files that fit into memory many times over.
package enum SmallFile {
    /// The text of a regular file; nothing else that stands in its place, such as a pipe, makes this wait.
    ///
    /// - Parameter limit: how many bytes are read at most.
    /// - Returns: nil when it cannot be read, or is no regular file.
    static func read(_ path: String, limit: Int = 1 << 16) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        guard isRegular(descriptor) else { return nil }
        return contents(descriptor, limit: limit).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Whether an open descriptor is that of a regular file.
    static func isRegular(_ descriptor: Int32) -> Bool {
        var status = stat()
        return fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    /// The bytes of an open file from its beginning, `limit` at most; nil when reading fails.
    static func contents(_ descriptor: Int32, limit: Int) -> [UInt8]? {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: min(limit, 1 << 16))
        while bytes.count < limit {
            let count = chunk.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, off_t(bytes.count)) }
            if count < 0 { if errno == EINTR { continue } else { return nil } }
            if count == 0 { break }
            bytes += chunk[..<count]
        }
        return Array(bytes.prefix(limit))
    }

    /// Writes all bytes to an open file from its beginning; returns `errno` when that fails.
    static func write(_ bytes: [UInt8], to descriptor: Int32) -> Int32? {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes { pwrite(descriptor, $0.baseAddress?.advanced(by: done), bytes.count - done, off_t(done)) }
            if count < 0 { if errno == EINTR { continue } else { return errno } }
            done += count
        }
        return nil
    }

    /// Puts a new file in the place of another in one step, so that nobody ever sees half of it, also after a power
    /// failure; its mode is 0600.
    ///
    /// - Throws: ``StateError``.
    package static func replace(_ path: String, with bytes: [UInt8]) throws(StateError) {
        let temporary = "\(path).\(getpid()).new"
        unlink(temporary)
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .system(errno, "write", path: temporary) }
        var failure = write(bytes, to: descriptor)
        if failure == nil, fsync(descriptor) != 0 { failure = errno }
        close(descriptor)
        if failure == nil, rename(temporary, path) != 0 { failure = errno }
        if let failure {
            unlink(temporary)
            throw .system(failure, "write", path: path)
        }
    }
}
