internal import SQLite
#if canImport(Glibc)
internal import Glibc
#elseif canImport(Darwin)
internal import Darwin
#endif

/// How much is kept on disk, and since when.
package struct StateInventory: Sendable, Equatable {
    /// Rows of one kind.
    package struct Entry: Sendable, Equatable {
        /// What is kept, in the plural: `changes`.
        package var name: String
        /// How many rows there are.
        package var count: Int
        /// The time of the first, in Unix seconds; nil where it has none.
        package var oldest: Double?
        /// The time of the last, in Unix seconds; nil where it has none.
        package var newest: Double?
    }

    /// Of the database and of what is written and not yet moved into it, in bytes.
    package var bytes: Int
    /// Of them those that nothing is kept in any more, and that will be used again.
    package var freeBytes: Int
    /// Kind by kind, in a fixed order.
    package var entries: [Entry]

    private static let kinds = [
        ("runs", "run", "started"), ("changes", "change", "at"), ("requests", "exchange", "at"), ("readings", "sample", "at"),
        ("instances", "series", "seen"), ("stays in a state", "spell", "began"), ("daily savings", "saving_day", "day * 86400"),
        ("values of scripts", "value", "NULL"), ("jobs and policies", "job", "first_seen")
    ]

    /// - Throws: ``StateError``.
    package init(_ database: StateDatabase) throws {
        (freeBytes, entries) = try database.read { database in
            let free = try Int.fetchOne(database, sql: "PRAGMA freelist_count") ?? 0
            let size = try Int.fetchOne(database, sql: "PRAGMA page_size") ?? 0
            let hasSavings = try SavingTotals.exist(in: database)
            let entries = try Self.kinds.filter { $0.1 != "saving_day" || hasSavings }.map { name, table, time in
                let row = try Row.fetchOne(
                    database,
                    sql:
                        "SELECT count(*) AS count, CAST(min(\(time)) AS REAL) AS oldest, CAST(max(\(time)) AS REAL) AS newest FROM \(table)"
                )
                return try Entry(name: name, count: row?["count"] ?? 0, oldest: row?["oldest"], newest: row?["newest"])
            }
            return (free * size, entries)
        }
        bytes = ["", "-wal"].map { Self.size(database.path + $0) }.reduce(0, +)
    }

    private static func size(_ path: String) -> Int {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : 0
    }
}
