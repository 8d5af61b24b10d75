internal import Dispatch

/// A ``Database`` that any thread may use, one after the other.
///
/// Unchecked: the queue lets one thread at a time to the connection.
package final class DatabaseQueue: @unchecked Sendable {
    private let database: Database
    private let queue = DispatchQueue(label: "vast-lua.sqlite")

    /// Opens a file, making it when there is none, in WAL mode.
    ///
    /// - Parameters:
    ///   - busyTimeout: how long is waited for other processes, in milliseconds.
    ///   - vfs: the name of SQLite's way to the files; nil: the usual one.
    /// - Throws: ``DatabaseError``.
    package init(path: String, busyTimeout: Int32, vfs: String? = nil) throws(DatabaseError) {
        database = try Database(path: path, busyTimeout: busyTimeout, vfs: vfs)
        try database.execute(sql: "PRAGMA journal_mode = WAL; PRAGMA foreign_keys = ON")
    }

    /// Reads in one consistent view; `body` runs on this thread, and must not use the queue again.
    package func read<Result>(_ body: (Database) throws -> Result) throws -> Result {
        try queue.sync {
            var result: Result?
            try database.inTransaction(.deferred) {
                result = try body(database)
                return .commit
            }
            guard let result else { throw DatabaseError(.internalError) }
            return result
        }
    }

    /// Uses the connection outside of any transaction.
    package func perform<Result>(_ body: (Database) throws -> Result) rethrows -> Result {
        try queue.sync { try body(database) }
    }
}
