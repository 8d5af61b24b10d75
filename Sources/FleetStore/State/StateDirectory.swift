internal import FleetRules
#if canImport(Glibc)
internal import Glibc
#elseif canImport(Darwin)
internal import Darwin
#endif

/// The directory of the state: made with mode 0700, and refused where it cannot be trusted.
package struct StateDirectory: Sendable, Equatable {
    /// An absolute path without a slash at its end.
    package let path: String

    /// Makes the directory, and its parents, when it does not exist.
    ///
    /// - Throws: ``StateError`` of kind `network`, `permission`, `readOnly`, `full` or `failed`.
    package init(_ path: String) throws(StateError) {
        try self.init(path, fileSystem: FileSystemKind.of)
    }

    init(_ path: String, fileSystem: (String) -> FileSystemKind) throws(StateError) {
        self.path = path
        try Self.make(path)
        try Self.checkFileSystem(path, of: path, fileSystem)
        try Self.check(path)
    }

    /// Refuses a file system on which locks do not hold.
    ///
    /// - Parameters:
    ///   - place: what is there of the directory's path.
    ///   - path: the directory.
    static func checkFileSystem(
        _ place: String, of path: String, _ fileSystem: (String) -> FileSystemKind = FileSystemKind.of
    ) throws(StateError) {
        guard case .network(let name) = fileSystem(place) else { return }
        throw StateError(
            .network, path: path, "\(path) is on a network file system (\(name)), where locks do not hold", next: StateError.otherPlace)
    }

    /// The path of a file in it.
    package func file(_ name: String) -> String { "\(path)/\(name)" }

    /// The same kind of directory inside of this one.
    func directory(_ name: String) throws(StateError) -> StateDirectory {
        try StateDirectory(file(name), fileSystem: { _ in .local })
    }

    private static func make(_ path: String) throws(StateError) {
        if mkdir(path, 0o700) == 0 || errno == EEXIST { return }
        guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex else {
            throw .system(errno, "make the directory", path: path)
        }
        try make(String(path[..<slash]))
        if mkdir(path, 0o700) != 0, errno != EEXIST { throw .system(errno, "make the directory", path: path) }
    }

    private static func check(_ path: String) throws(StateError) {
        var status = stat()
        guard stat(path, &status) == 0 else { throw .system(errno, "use", path: path) }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            throw StateError(.failed, path: path, "\(path) is not a directory", next: StateError.otherPlace)
        }
        // Who may write here may lift a freeze or forge the journal.
        guard status.st_mode & 0o002 == 0 else {
            let isOurs = status.st_uid == geteuid() || geteuid() == 0
            throw StateError(
                .permission, path: path, "everybody may write to \(path), so it cannot be trusted",
                next: isOurs
                    ? "chmod 700 \(ShellWord.quoted(path))" : "set VAST_LUA_STATE to a directory of yours, such as \(path)/vast-lua")
        }
        if let foreign = foreign(path, status.st_uid) { throw foreign }
        // Kubernetes gives a volume to a group that the process has (fsGroup).
        guard status.st_mode & 0o020 == 0 || isOwn(status.st_gid) else {
            throw StateError(
                .permission, path: path,
                "the group \(name(of: status.st_gid)), which is none of yours, may write to \(path), so it cannot be trusted",
                next: "chmod g-w \(ShellWord.quoted(path))")
        }
        guard access(path, W_OK | X_OK) == 0 else { throw .system(errno, "write to", path: path) }
    }

    private static func isOwn(_ group: gid_t) -> Bool {
        if group == getegid() { return true }
        var groups = [gid_t](repeating: 0, count: Int(max(getgroups(0, nil), 0)))
        let count = getgroups(Int32(groups.count), &groups)
        return groups.prefix(Int(max(count, 0))).contains(group)
    }

    private static func name(of group: gid_t) -> String {
        getgrgid(group).flatMap { $0.pointee.gr_name }.map { String(cString: $0) } ?? "\(group)"
    }

    /// What root made in the state of somebody else would lock its owner out; nil when there is nothing against it.
    static func foreign(_ path: String, _ owner: uid_t) -> StateError? {
        guard geteuid() == 0, owner != 0 else { return nil }
        let name = getpwuid(owner).flatMap { $0.pointee.pw_name }.map { String(cString: $0) }
        return StateError(
            .permission, path: path, "\(path) belongs to \(name ?? "user \(owner)"), who could no longer use what root writes there",
            next: "run as \(name.map { "\($0) (sudo -u \($0) …)" } ?? "that user"), or set VAST_LUA_STATE to a directory of root's")
    }
}
