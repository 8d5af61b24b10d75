internal import Dispatch
internal import SQLite
internal import Synchronization
#if canImport(Glibc)
internal import Glibc
#elseif canImport(Darwin)
internal import Darwin
#endif

/// The database of all state on disk: journal, jobs, snapshots and the scripts' own small values.
///
/// Nothing is touched before the first access. Several processes may use one database at once. Every method may be
/// called from any thread and blocks it; on Swift's own threads use ``perform(_:)``.
package final class StateDatabase: Sendable {
    /// How much a commit is worth.
    enum Durability: Int {
        /// It survives the death of the process; the disk is told later.
        case normal = 1
        /// It is on the disk when the call returns.
        case full = 2
    }

    /// The directory in which the file lies.
    package let directoryPath: String
    /// The path of the file.
    package var path: String { "\(directoryPath)/state.sqlite" }

    private struct Connection {
        let queue: DatabaseQueue
        /// The file that was opened.
        let file: FileIdentity
        var durability = Durability.normal
    }

    private let connection = Mutex<Connection?>(nil)
    private let worker = DispatchQueue(label: "vast-lua.state")
    private let busyTimeout: Duration
    private let vfs: String?
    private let faults: FaultHook?

    /// - Parameters:
    ///   - directory: where the file lies, as ``StateLocation`` says; it is made when it is first needed.
    ///   - busyTimeout: how long is waited for other processes.
    ///   - vfs: the name of SQLite's way to the files; nil: the usual one.
    ///   - faults: for tests.
    package init(
        directory: String, busyTimeout: Duration = .seconds(5), vfs: String? = nil, faults: FaultHook? = nil
    ) {
        directoryPath = directory
        self.busyTimeout = busyTimeout
        self.vfs = vfs
        self.faults = faults
    }

    /// Whether there is a file; where there is none, nothing was ever kept. One that cannot be seen may be there.
    package var exists: Bool { access(path, F_OK) == 0 || errno != ENOENT && errno != ENOTDIR }

    /// Opens the database, making it when there is none, and brings it to this version.
    ///
    /// - Throws: ``StateError``.
    package func open() throws(StateError) {
        _ = try queue()
    }

    /// Closes the file; it is opened again when it is next needed.
    package func close() {
        connection.withLock { $0 = nil }
    }

    /// Runs something that blocks, such as the other methods, away from Swift's own threads. It is not cancelled.
    package func perform<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            worker.async { continuation.resume(with: Swift.Result(catching: body)) }
        }
    }

    /// Reads in one consistent view.
    ///
    /// - Throws: ``StateError``, and what `body` throws of its own.
    func read<Result>(_ body: (Database) throws -> Result) throws -> Result {
        let queue = try queue()
        return try translating { try queue.read(body) }
    }

    /// Writes in one transaction, which is undone when `body` throws, and when the file is no longer the one at its path: nobody
    /// would ever read what is written into it.
    ///
    /// - Parameter name: for ``FaultPoint``.
    /// - Throws: ``StateError``, and what `body` throws of its own.
    func write<Result>(_ name: String, _ durability: Durability = .normal, _ body: (Database) throws -> Result) throws -> Result {
        let queue = try queue()
        return try translating {
            try faults?(.beforeWrite(name))
            let result = try queue.perform { database in
                try setDurability(durability, database)
                return try transaction(database, name, body)
            }
            try faults?(.afterCommit(name))
            return result
        }
    }

    /// The connection outside of any transaction, for what SQLite does in none, and for tests.
    func withConnection(_ body: (Database) throws -> Void) throws {
        let queue = try queue()
        try translating { try queue.perform(body) }
    }

    private func transaction<Result>(
        _ database: Database, _ name: String, _ body: (Database) throws -> Result
    ) throws -> Result {
        var result: Result?
        try database.inTransaction(.immediate) {
            result = try body(database)
            try checkPlace()
            try faults?(.beforeCommit(name))
            return .commit
        }
        guard let result else { throw DatabaseError(.internalError) }
        return result
    }

    /// That the file which is open, if one is, is still the one at its path.
    ///
    /// - Throws: ``StateError`` when it was taken away.
    func checkPlace() throws(StateError) {
        guard let file = connection.withLock({ $0?.file }), file != FileIdentity(at: path) else { return }
        throw .takenAway(path)
    }

    private func setDurability(_ wanted: Durability, _ database: Database) throws {
        let isSet = connection.withLock { $0?.durability == wanted }
        if isSet { return }
        try database.execute(sql: "PRAGMA synchronous = \(wanted.rawValue)")
        connection.withLock { $0?.durability = wanted }
    }

    private func translating<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as DatabaseError {
            throw StateError.sqlite(error, path: path)
        }
    }

    private func queue() throws(StateError) -> DatabaseQueue {
        // Opening takes a while once; others who need the database wait for it here.
        let opened = connection.withLock { connection -> Result<DatabaseQueue, StateError> in
            if let connection { return .success(connection.queue) }
            do throws(StateError) {
                let opened = try StateOpening(
                    directory: directoryPath, path: path, busyTimeout: busyTimeout, vfs: vfs
                ).run()
                connection = Connection(queue: opened.queue, file: opened.file)
                return .success(opened.queue)
            } catch {
                return .failure(error)
            }
        }
        return try opened.get()
    }
}
