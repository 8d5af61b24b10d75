#if canImport(Glibc)
internal import Glibc
#elseif canImport(Darwin)
internal import Darwin
#endif

/// A regular file that is open for reading, from any place of it and as often as wanted.
final class InputFile {
    let path: String
    private let descriptor: Int32

    /// - Throws: ``RecordingError`` when there is none, or it is no regular file.
    init(_ path: String) throws(RecordingError) {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw RecordingError.unreadable(path, errno) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            // `deinit` closes the descriptor.
            throw RecordingError(
                file: path, message: "it is no regular file", next: "put the recording into a file: it is read more than once")
        }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// How many bytes it has now.
    var size: Int {
        var status = stat()
        return fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
    }

    /// Up to so many bytes from a place on; none at the end of the file.
    func bytes(at offset: Int, count: Int) throws(RecordingError) -> [UInt8] {
        var failure: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let read = pread(descriptor, buffer.baseAddress.map { $0 + filled }, count - filled, off_t(offset + filled))
                if read < 0, errno == EINTR { continue }
                if read < 0 { failure = errno }
                if read <= 0 { return }
                filled += read
            }
        }
        guard failure == 0 else { throw RecordingError.unreadable(path, failure) }
        return bytes
    }
}

extension RecordingError {
    /// - Parameter number: an errno value.
    static func unreadable(_ path: String, _ number: Int32) -> RecordingError {
        RecordingError(
            file: path, message: "it cannot be read: \(String(cString: strerror(number)))",
            next: "check the path, and who may read the file")
    }
}
