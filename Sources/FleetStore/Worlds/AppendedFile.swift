internal import Synchronization
#if canImport(Glibc)
internal import Glibc
#elseif canImport(Darwin)
internal import Darwin
#endif

/// A file that only ever gets longer, by whole lines.
package final class AppendedFile: Sendable {
    private let descriptor: Int32
    /// Where the next line begins.
    private let length: Mutex<Int>

    /// - Parameter length: how many bytes of the file are kept.
    /// - Throws: ``StateError``.
    init(_ path: String, length: Int) throws(StateError) {
        descriptor = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw .system(errno, "write", path: path) }
        self.length = Mutex(length)
        guard ftruncate(descriptor, off_t(length)) == 0 else { throw .system(errno, "write", path: path) }
    }

    deinit { close(descriptor) }

    /// Writes a line at the end; half a line is taken away again.
    ///
    /// - Returns: whether it is there.
    package func append(_ line: [UInt8]) -> Bool {
        length.withLock { length in
            var done = 0
            while done < line.count {
                let count = line.withUnsafeBytes {
                    pwrite(descriptor, $0.baseAddress?.advanced(by: done), line.count - done, off_t(length + done))
                }
                if count < 0, errno == EINTR { continue }
                guard count > 0 else {
                    _ = ftruncate(descriptor, off_t(length))
                    return false
                }
                done += count
            }
            length += line.count
            return true
        }
    }
}
