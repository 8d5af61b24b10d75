/// Shows other processes that a run is alive: a file of its own, locked as long as the process lives.
final class RunLease: Sendable {
    private let lock: FileLock

    private static func path(_ directory: String, _ name: String) -> String { "\(directory)/runs/\(name)" }

    /// - Parameter name: of this run alone.
    /// - Throws: ``StateError``.
    init(directory: String, name: String) throws(StateError) {
        _ = try StateDirectory(directory).directory("runs")
        let path = Self.path(directory, name)
        guard let lock = try FileLock.take(path) else {
            throw StateError(.busy, path: path, "another process holds \(path)", next: "try again")
        }
        self.lock = lock
    }

    /// That others see this run as alive.
    ///
    /// - Throws: ``StateError`` when the file was taken away: they would take this run for dead, and settle its changes.
    func check() throws(StateError) {
        try lock.check()
    }

    /// The run has ended well: nothing has to be looked up any more.
    func end() { lock.remove() }

    /// Whether the process of that run lives.
    static func isAlive(directory: String, name: String) -> Bool { FileLock.isHeld(path(directory, name)) }

    /// Forgets a run that is dead.
    static func forget(directory: String, name: String) { try? FileLock.take(path(directory, name))?.remove() }
}
