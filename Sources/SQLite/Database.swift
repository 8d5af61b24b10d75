internal import CSQLite

/// One connection to a database file. It belongs to one thread at a time: see ``DatabaseQueue``.
package final class Database {
    /// When a transaction takes its lock.
    package enum TransactionKind: String {
        /// With the first statement that needs it.
        case deferred = "DEFERRED"
        /// At once, for writing.
        case immediate = "IMMEDIATE"
    }

    /// How a transaction ends whose body has not thrown.
    package enum TransactionEnd {
        case commit, rollback
    }

    private let handle: OpaquePointer
    private var statements: [String: Statement] = [:]

    /// Opens a file, making it when there is none.
    ///
    /// - Parameters:
    ///   - busyTimeout: how long is waited for others, in milliseconds.
    ///   - vfs: the name of SQLite's way to the files; nil: the usual one.
    /// - Throws: ``DatabaseError``.
    init(path: String, busyTimeout: Int32, vfs: String? = nil) throws(DatabaseError) {
        var opened: OpaquePointer?
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
        let code = sqlite3_open_v2(path, &opened, flags, vfs)
        guard code == SQLITE_OK, let opened else {
            sqlite3_close_v2(opened)
            throw DatabaseError(.init(rawValue: code))
        }
        handle = opened
        sqlite3_busy_timeout(handle, busyTimeout)
    }

    deinit {
        for statement in statements.values { statement.finalize() }
        sqlite3_close_v2(handle)
    }

    /// The row id of the last row that was inserted.
    package var lastInsertedRowID: Int64 { sqlite3_last_insert_rowid(handle) }

    /// Runs statements; only a single one can have arguments.
    ///
    /// - Throws: ``DatabaseError``.
    package func execute(sql: String, arguments: StatementArguments = []) throws(DatabaseError) {
        guard arguments.isEmpty else { return try cachedStatement(sql: sql).execute(arguments: arguments) }
        guard sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK else { throw lastError }
    }

    /// The statement of that text; it is prepared once.
    ///
    /// - Throws: ``DatabaseError``.
    package func cachedStatement(sql: String) throws(DatabaseError) -> Statement {
        if let statement = statements[sql] { return statement }
        var prepared: OpaquePointer?
        let code = sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil)
        guard code == SQLITE_OK else { throw lastError }
        guard let prepared else { throw DatabaseError(.range, message: "there is no statement in '\(sql)'") }
        let statement = Statement(prepared, self)
        statements[sql] = statement
        return statement
    }

    /// Runs `body` in a transaction, which is undone when it throws.
    ///
    /// - Throws: ``DatabaseError``, and what `body` throws.
    package func inTransaction(_ kind: TransactionKind, _ body: () throws -> TransactionEnd) throws {
        try execute(sql: "BEGIN \(kind.rawValue)")
        do {
            let end = try body()
            try execute(sql: end == .commit ? "COMMIT" : "ROLLBACK")
        } catch {
            // SQLite itself may have ended it already.
            if sqlite3_get_autocommit(handle) == 0 { try? execute(sql: "ROLLBACK") }
            throw error
        }
    }

    /// What went wrong last.
    var lastError: DatabaseError {
        DatabaseError(.init(rawValue: sqlite3_extended_errcode(handle)), message: String(cString: sqlite3_errmsg(handle)))
    }
}
