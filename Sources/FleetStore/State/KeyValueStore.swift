internal import SQLite

/// Small values that a script keeps between runs, as JSON text by key.
package struct KeyValueStore: Sendable {
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

    /// The value of a key; nil when there is none.
    ///
    /// - Throws: ``StateError``, as all methods here.
    package func get(_ key: String) throws -> String? {
        try database.read { database in
            try String.fetchOne(
                database, sql: "SELECT json FROM value WHERE account = ? AND script = ? AND key = ?",
                arguments: [account, script, key])
        }
    }

    /// Sets the value of a key.
    ///
    /// - Parameter json: a JSON text; it is kept as it is.
    package func set(_ key: String, _ json: String) throws {
        try database.write("value") { database in
            try database.execute(
                sql: """
                    INSERT INTO value (account, script, key, json) VALUES (?, ?, ?, ?)
                    ON CONFLICT DO UPDATE SET json = excluded.json
                    """, arguments: [account, script, key, json])
        }
    }

    /// Removes a key; one that does not exist is no error.
    package func delete(_ key: String) throws {
        try database.write("value") { database in
            try database.execute(
                sql: "DELETE FROM value WHERE account = ? AND script = ? AND key = ?", arguments: [account, script, key])
        }
    }

    /// All keys in ascending order of their bytes.
    package func keys() throws -> [String] {
        try database.read { database in
            try String.fetchAll(
                database, sql: "SELECT key FROM value WHERE account = ? AND script = ? ORDER BY key", arguments: [account, script])
        }
    }
}
