internal import FleetClock
internal import SQLite

extension SampleStore {
    /// Drops what is too old and thins what is old, an hour of samples at a time: a reading never waits for more.
    ///
    /// - Parameter now: Unix seconds.
    package func applyRetention(now: Double) throws {
        try database.write("sample care") { database in
            try drop(in: database, before: Self.second(now - Self.retention.seconds))
            try thin(in: database, before: Self.second(now - Self.fullRetention.seconds))
        }
    }

    private static let portion: Int64 = 3_600

    private func drop(in database: Database, before limit: Int64) throws {
        guard let oldest = try Int64.fetchOne(database, sql: "SELECT min(at) FROM sample"), oldest < limit else { return }
        let end = min(limit, oldest + Self.portion)
        try database.cachedStatement(sql: "DELETE FROM sample WHERE at < ?").execute(arguments: [end])
    }

    /// In each interval the first sample of an instance stays.
    private func thin(in database: Database, before limit: Int64) throws {
        let done = try Int64.fetchOne(database, sql: "SELECT at FROM sample_care WHERE name = 'thinned'") ?? 0
        guard let start = try Int64.fetchOne(database, sql: "SELECT min(at) FROM sample WHERE at >= ?", arguments: [done])
        else { return }
        let interval = Int64(Self.thinnedInterval.seconds)
        let begin = start / interval * interval
        let end = begin + Self.portion
        guard end <= limit else { return }
        let sql = """
            DELETE FROM sample WHERE at >= ?1 AND at < ?2 AND (at, series) NOT IN (
                SELECT min(at), series FROM sample WHERE at >= ?1 AND at < ?2 GROUP BY series, at / \(interval))
            """
        try database.cachedStatement(sql: sql).execute(arguments: [begin, end])
        try database.cachedStatement(sql: "INSERT OR REPLACE INTO sample_care (name, at) VALUES ('thinned', ?)")
            .execute(arguments: [end])
    }
}
