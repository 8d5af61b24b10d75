internal import FleetRules
#if canImport(Glibc)
internal import Glibc
#elseif canImport(Darwin)
internal import Darwin
#endif

/// A file that one process at a time holds (flock(2)). The system releases it when the process ends, however it ends.
final class FileLock: Sendable {
    let path: String
    private let descriptor: Int32

    private init(path: String, descriptor: Int32) {
        self.path = path
        self.descriptor = descriptor
    }

    /// Unlocked as well as closed: a child that is about to become another program still has the descriptor.
    deinit {
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    /// Takes the lock; nil when somebody else holds it.
    ///
    /// - Throws: ``StateError`` when the file cannot be made, or something else stands in its place.
    static func take(_ path: String) throws(StateError) -> FileLock? {
        // Children of ours must not keep it when we are gone.
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, 0o600)
        guard descriptor >= 0 else { throw .system(errno, "open", path: path) }
        guard SmallFile.isRegular(descriptor) else {
            close(descriptor)
            throw StateError(.failed, path: path, "\(path) is no regular file", next: "remove it (rm \(ShellWord.quoted(path)))")
        }
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            let number = errno
            if number == EINTR { continue }
            close(descriptor)
            if number == EWOULDBLOCK { return nil }
            throw .system(number, "lock", path: path)
        }
        return FileLock(path: path, descriptor: descriptor)
    }

    /// Whether a process holds the lock now; false when there is no such file.
    static func isHeld(_ path: String) -> Bool {
        let descriptor = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
        // What is there and cannot be opened may be held by somebody.
        guard descriptor >= 0 else { return errno != ENOENT }
        defer { close(descriptor) }
        return flock(descriptor, LOCK_EX | LOCK_NB) != 0
    }

    /// That the file which is locked is still the one at its path, where others look.
    ///
    /// - Throws: ``StateError`` when it was taken away.
    func check() throws(StateError) {
        guard let own = FileIdentity(of: descriptor), own == FileIdentity(at: path) else { throw .takenAway(path) }
    }

    /// Replaces what stands in the file.
    func write(_ text: String) {
        _ = ftruncate(descriptor, 0)
        _ = SmallFile.write(Array(text.utf8), to: descriptor)
    }

    /// Lets others have it, before this object goes.
    func unlock() { flock(descriptor, LOCK_UN) }

    /// Removes the file, for locks whose names are never used again.
    func remove() { unlink(path) }
}
