internal import Glibc
internal import SQLite

extension StateDatabase {
    /// How much room a run needs at least, in bytes.
    private static let room = 262_144

    /// Finds out whether a run could keep its changes here, as far as that is known before one does: owner, mode and file system
    /// of the directory, room on the disk, and the database itself. A directory that is not there yet is not made.
    ///
    /// - Returns: the path of the directory, and whether it has still to be made.
    /// - Throws: ``StateError`` with what a change would be refused for.
    package func examine() throws(StateError) -> (path: String, isMissing: Bool) {
        var place = directoryPath
        while access(place, F_OK) != 0, errno == ENOENT, let slash = place.lastIndex(of: "/"), place != "/" {
            var status = stat()
            // A link that leads nowhere is in the way.
            guard lstat(place, &status) != 0 else { throw .system(ENOENT, "use", path: place) }
            place = slash == place.startIndex ? "/" : String(place[..<slash])
        }
        guard place == directoryPath else {
            guard access(place, W_OK | X_OK) == 0 else { throw .system(errno, "make the directory below", path: place) }
            try probe(below: place)
            return (directoryPath, true)
        }
        try probe(try StateDirectory(directoryPath).path)
        guard exists else { return (directoryPath, false) }
        try open()
        do {
            let problem = try read { try String.fetchOne($0, sql: "PRAGMA quick_check(1)") }
            guard problem == "ok" else { throw StateError.corrupt(path, problem ?? "no answer") }
        } catch let error as StateError {
            throw error
        } catch {
            throw .corrupt(path, "\(error)")
        }
        return (directoryPath, false)
    }

    /// Makes a directory as a run would make the state's, and takes it away again: that there may be none, as in /proc, is not
    /// seen before.
    private func probe(below place: String) throws(StateError) {
        try StateDirectory.checkFileSystem(place, of: directoryPath)
        let directory = "\(place == "/" ? "" : place)/.vast-lua-probe-\(getpid())"
        guard mkdir(directory, 0o700) == 0 else { throw .system(errno, "make the directory", path: directoryPath) }
        defer { rmdir(directory) }
        try probe(directory)
    }

    /// Writes a little and takes it away again.
    private func probe(_ directory: String) throws(StateError) {
        let probe = "\(directory)/probe-\(getpid())"
        let descriptor = Glibc.open(probe, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .system(errno, "write to", path: directoryPath) }
        defer {
            Glibc.close(descriptor)
            unlink(probe)
        }
        let error = posix_fallocate(descriptor, 0, off_t(Self.room))
        guard error == 0 else { throw .system(error, "write to", path: directoryPath) }
    }
}
