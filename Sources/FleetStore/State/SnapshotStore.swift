internal import SQLite

/// The fleet as each script last saw it, for the changes since its last run.
package struct SnapshotStore: Sendable {
    /// A kept reading.
    package struct Kept: Sendable, Equatable {
        /// When it was read, in Unix seconds.
        package var takenAt: Double
        /// The rows as JSON text, without secrets; what is in it is the caller's business.
        package var rows: String

        /// - Parameters:
        ///   - takenAt: when it was read, in Unix seconds.
        ///   - rows: JSON text, without secrets.
        package init(takenAt: Double, rows: String) {
            self.takenAt = takenAt
            self.rows = rows
        }
    }

    private let database: StateDatabase
    private let account: String

    /// The readings of one account, one for each script.
    package init(_ database: StateDatabase, account: String) {
        self.database = database
        self.account = account
    }

    /// What the script saw last; nil before its first run.
    ///
    /// - Throws: ``StateError``, as all methods here.
    package func last(of script: String) throws -> Kept? {
        try database.read { database in
            try Row.fetchOne(
                database, sql: "SELECT taken_at, rows FROM snapshot WHERE account = ? AND script = ?", arguments: [account, script]
            ).map { try Kept(takenAt: $0["taken_at"], rows: $0["rows"]) }
        }
    }

    /// Keeps a reading in place of an earlier one; one that is older than what is kept is ignored.
    package func keep(_ kept: Kept, of script: String) throws {
        try database.write("snapshot") { database in
            try database.execute(
                sql: """
                    INSERT INTO snapshot (account, script, taken_at, rows) VALUES (?, ?, ?, ?)
                    ON CONFLICT DO UPDATE SET taken_at = excluded.taken_at, rows = excluded.rows
                        WHERE excluded.taken_at >= taken_at
                    """, arguments: [account, script, kept.takenAt, kept.rows])
        }
    }

    /// How large the account's fleet was when it was last read whole and believed; nil when it never was.
    package func lastFleetSize() throws -> Int? {
        try database.read { database in
            try Int.fetchOne(database, sql: "SELECT size FROM fleet_size WHERE account = ?", arguments: [account])
        }
    }

    /// Keeps the size of a fleet that was read whole and is believed.
    ///
    /// - Parameter time: when it was read, in Unix seconds.
    package func keepFleetSize(_ size: Int, at time: Double) throws {
        try database.write("fleet size") { database in
            try database.execute(
                sql: """
                    INSERT INTO fleet_size (account, size, at) VALUES (?, ?, ?)
                    ON CONFLICT DO UPDATE SET size = excluded.size, at = excluded.at WHERE excluded.at >= at
                    """, arguments: [account, size, time])
        }
    }
}
