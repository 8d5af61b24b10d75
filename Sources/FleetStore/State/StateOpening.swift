internal import FleetClock
internal import SQLite
#if canImport(Glibc)
internal import Glibc
#elseif canImport(Darwin)
internal import Darwin
#endif

/// Opens the file of a ``StateDatabase``: private to its owner, in WAL mode, at this version.
struct StateOpening {
    let directory: String
    let path: String
    let busyTimeout: Duration
    /// The name of SQLite's way to the files; nil: the usual one.
    let vfs: String?

    /// - Returns: the connection, and which file it is of.
    func run() throws(StateError) -> (queue: DatabaseQueue, file: FileIdentity) {
        let directory = try StateDirectory(directory)
        // Only one process at a time switches modes and migrates.
        let lock = open(directory.file("state.lock"), O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard lock >= 0 else { throw .system(errno, "open", path: directory.file("state.lock")) }
        defer { close(lock) }
        while flock(lock, LOCK_EX) != 0 {
            guard errno == EINTR else { throw .system(errno, "lock", path: directory.file("state.lock")) }
        }
        // A file that is empty without this one beside it held what was done, and was emptied.
        let beginning = directory.file("state.begun")
        let isBeginning = try makePrivate(path, beginning: beginning)
        do {
            let queue = try DatabaseQueue(
                path: path, busyTimeout: Int32(clamping: Int64(busyTimeout.seconds * 1_000)), vfs: vfs)
            try queue.perform { try StateSchema.migrate($0, path: path, mayBegin: isBeginning) }
            if isBeginning { unlink(beginning) }
            // Only now: an overlay file system may give a file another number when it is first opened for writing.
            guard let file = FileIdentity(at: path) else { throw StateError.system(errno, "open", path: path) }
            return (queue, file)
        } catch let error as StateError {
            throw error
        } catch let error as DatabaseError {
            throw .sqlite(error, path: path)
        } catch {
            throw StateError(.failed, path: path, "\(path) cannot be opened: \(error)", next: StateError.otherPlace)
        }
    }

    /// The least that a database of ours has: the first page.
    private static let leastSize = 4_096

    /// SQLite gives the files beside the database the mode of the database itself.
    ///
    /// One that is there is not opened: closing it would release the locks of every other connection of this process
    /// (sqlite.org, "How To Corrupt An SQLite Database File", section 2.2), and another process would then take the log away
    /// under them.
    ///
    /// - Returns: whether the database begins with this opening, or with an earlier one that has not come to its end.
    private func makePrivate(_ path: String, beginning: String) throws(StateError) -> Bool {
        var status = stat()
        if lstat(path, &status) != 0 {
            guard errno == ENOENT else { throw .system(errno, "open", path: path) }
            for path in [beginning, path] {
                let descriptor = open(path, O_RDWR | O_CREAT | (path == beginning ? 0 : O_EXCL) | O_CLOEXEC | O_NOFOLLOW, 0o600)
                guard descriptor >= 0 else { throw .system(errno, "open", path: path) }
                close(descriptor)
            }
            return true
        }
        // The error of one who opens a link without following it.
        if status.st_mode & S_IFMT == S_IFLNK { throw .system(ELOOP, "open", path: path) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw StateError(.failed, path: path, "\(path) is not a file", next: StateError.otherPlace)
        }
        if let foreign = StateDirectory.foreign(path, status.st_uid) { throw foreign }
        let isBeginning = access(beginning, F_OK) == 0
        guard isBeginning || status.st_size >= Self.leastSize else {
            throw .corrupt(path, status.st_size == 0 ? "it is empty" : "it is cut off after \(status.st_size) bytes")
        }
        if status.st_mode & 0o077 != 0, chmod(path, 0o600) != 0 { throw .system(errno, "make private", path: path) }
        return isBeginning
    }
}
