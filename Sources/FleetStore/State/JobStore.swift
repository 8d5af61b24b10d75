internal import SQLite

/// What jobs remember between runs, by account, script and the job's name.
package struct JobStore: Sendable {
    /// What one job remembers.
    package struct Memory: Sendable, Equatable {
        /// When the job was first set up, in Unix seconds.
        package var firstSeen: Double
        /// The due time, in Unix seconds, of the last firing that was dealt with; nil before the first.
        package var lastHandled: Double?
        /// A small JSON text of the job's own.
        package var mark: String?

        /// - Parameters:
        ///   - firstSeen: when the job was first set up, in Unix seconds.
        ///   - lastHandled: the due time of the last firing that was dealt with, in Unix seconds; nil before the first.
        ///   - mark: a small JSON text of the job's own.
        package init(firstSeen: Double, lastHandled: Double? = nil, mark: String? = nil) {
            self.firstSeen = firstSeen
            self.lastHandled = lastHandled
            self.mark = mark
        }
    }

    private let database: StateDatabase
    private let account: String
    private let script: String

    /// - Parameters:
    ///   - account: whose fleet the script looks after.
    ///   - script: by what the script is told from others, such as its path.
    package init(_ database: StateDatabase, account: String, script: String) {
        self.database = database
        self.account = account
        self.script = script
    }

    /// What the job of that name remembers; nil when it has never been seen.
    ///
    /// - Throws: ``StateError``, as all methods here.
    package func memory(of name: String) throws -> Memory? {
        try database.read { database in
            try Row.fetchOne(
                database.cachedStatement(sql: "SELECT first_seen, handled, mark FROM job WHERE account = ? AND script = ? AND name = ?"),
                arguments: [account, script, name]
            ).map(Self.memory)
        }
    }

    /// What all jobs of the script remember, by name.
    package func memories() throws -> [String: Memory] {
        try database.read { database in
            let rows = try Row.fetchAll(
                database, sql: "SELECT name, first_seen, handled, mark FROM job WHERE account = ? AND script = ?",
                arguments: [account, script])
            return Dictionary(try rows.map { try ($0["name"], Self.memory($0)) }) { first, _ in first }
        }
    }

    /// What all jobs of an account remember whose names begin so, with the script of each.
    package static func memories(
        _ database: StateDatabase, account: String, prefix: String
    ) throws -> [(script: String, name: String, memory: Memory)] {
        try database.read { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT script, name, first_seen, handled, mark FROM job WHERE account = ? AND substr(name, 1, ?) = ?
                    ORDER BY script, name
                    """, arguments: [account, prefix.count, prefix])
            return try rows.map { try ($0["script"], $0["name"], Self.memory($0)) }
        }
    }

    /// Notes that a job exists, unless it is known already, and returns what it remembers.
    package func see(_ name: String, at now: Double) throws -> Memory {
        if let known = try memory(of: name) { return known }
        try database.write("job") { database in
            try database.execute(
                sql: "INSERT INTO job (account, script, name, first_seen) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                arguments: [account, script, name, now])
        }
        return try memory(of: name) ?? Memory(firstSeen: now)
    }

    /// Keeps what a job remembers, in place of what it did. A due time never moves back, unless it lies in the future: then the
    /// clock has been set back.
    ///
    /// - Parameter now: Unix seconds; nil: nothing lies in the future.
    package func remember(_ memory: Memory, of name: String, now: Double? = nil) throws {
        try database.write("job") { database in
            try database.cachedStatement(
                sql: """
                    INSERT INTO job (account, script, name, first_seen, handled, mark) VALUES (?, ?, ?, ?, ?, ?)
                    ON CONFLICT DO UPDATE SET mark = excluded.mark,
                        handled = CASE WHEN excluded.handled IS NULL THEN handled
                            WHEN handled IS NULL OR handled > ? THEN excluded.handled
                            ELSE max(handled, excluded.handled) END
                    """
            ).execute(arguments: [account, script, name, memory.firstSeen, memory.lastHandled, memory.mark, now])
        }
    }

    /// Forgets a job.
    package func forget(_ name: String) throws {
        try database.write("job") { database in
            try database.execute(
                sql: "DELETE FROM job WHERE account = ? AND script = ? AND name = ?", arguments: [account, script, name])
        }
    }

    private static func memory(_ row: Row) throws -> Memory {
        try Memory(firstSeen: row["first_seen"], lastHandled: row["handled"], mark: row["mark"])
    }
}
