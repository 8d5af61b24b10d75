internal import FleetClock
internal import SQLite

/// Drops samples that are too old and thins those that are old, an hour of them at a time, and with them what is known of
/// instances that are long gone. Inside a transaction of the caller.
struct SampleRetention {
    let database: Database
    let periods: RetentionPeriods
    /// Unix seconds.
    let now: Double

    /// What one portion has dropped, and whether there is certainly more.
    typealias Dropped = (samples: Int, intervals: Int, hasMore: Bool)

    private static let portion: Int64 = 3_600

    func dropPortion() throws -> Dropped {
        let before = try sampleChanges { try drop(before: SampleStore.second(now - periods.readings.seconds)) }
        let thinned = try thin(before: SampleStore.second(now - min(SampleStore.fullRetention, periods.readings).seconds))
        let intervals = try dropIntervals(before: SampleStore.second(now - max(periods.journal, periods.readings).seconds))
        return (before + thinned.count, intervals, thinned.hasMore)
    }

    private func sampleChanges(_ body: () throws -> Void) throws -> Int {
        let before = try Int.fetchOne(database, sql: "SELECT total_changes()") ?? 0
        try body()
        return (try Int.fetchOne(database, sql: "SELECT total_changes()") ?? 0) - before
    }

    private func drop(before limit: Int64) throws {
        guard let oldest = try Int64.fetchOne(database, sql: "SELECT min(at) FROM sample"), oldest < limit else { return }
        let end = min(limit, oldest + Self.portion)
        try database.cachedStatement(sql: "DELETE FROM sample WHERE at < ?").execute(arguments: [end])
    }

    /// In each interval the first sample of an instance stays.
    private func thin(before limit: Int64) throws -> (count: Int, hasMore: Bool) {
        let done = try Int64.fetchOne(database, sql: "SELECT at FROM sample_care WHERE name = 'thinned'") ?? 0
        guard let start = try Int64.fetchOne(database, sql: "SELECT min(at) FROM sample WHERE at >= ?", arguments: [done])
        else { return (0, false) }
        let interval = Int64(SampleStore.thinnedInterval.seconds)
        let begin = start / interval * interval
        let end = begin + Self.portion
        guard end <= limit else { return (0, false) }
        let sql = """
            DELETE FROM sample WHERE at >= ?1 AND at < ?2 AND (at, series) NOT IN (
                SELECT min(at), series FROM sample WHERE at >= ?1 AND at < ?2 GROUP BY series, at / \(interval))
            """
        let count = try sampleChanges { try database.cachedStatement(sql: sql).execute(arguments: [begin, end]) }
        try database.cachedStatement(sql: "INSERT OR REPLACE INTO sample_care (name, at) VALUES ('thinned', ?)")
            .execute(arguments: [end])
        return (count, true)
    }

    /// Stays that were over before the limit, and instances that were not read since. Where nothing was read for as long, all
    /// are kept: whoever comes back after a year finds what he left.
    private func dropIntervals(before limit: Int64) throws -> Int {
        let needed = try neededByJournal(before: limit)
        return try sampleChanges {
            try database.execute(
                sql: """
                    DELETE FROM spell WHERE (series, began) IN (
                        SELECT series, began FROM spell WHERE began < ?1 AND series NOT IN (\(needed)) AND EXISTS (
                            SELECT 1 FROM spell AS later WHERE later.series = spell.series AND later.began > spell.began
                                AND later.began <= ?1) LIMIT 1000)
                    """, arguments: [limit])
            try database.execute(
                sql: """
                    DELETE FROM series WHERE number IN (
                        SELECT number FROM series WHERE seen < ?1 AND number NOT IN (\(needed))
                            AND EXISTS (SELECT 1 FROM series AS other WHERE other.account = series.account AND other.seen > ?1)
                        LIMIT 1000)
                    """, arguments: [limit])
            try database.execute(sql: "DELETE FROM spell WHERE series NOT IN (SELECT number FROM series)")
        }
    }

    /// The series of instances with stops from before the limit that the journal still has, as a list for SQL: when they ended is
    /// known by these.
    private func neededByJournal(before limit: Int64) throws -> String {
        try Int64.fetchAll(
            database,
            sql: """
                SELECT DISTINCT series.number FROM change JOIN series ON series.account = change.account AND series.instance = change.instance
                WHERE change.at < ? AND change.verb = 'stop'
                """, arguments: [limit]
        ).map { "\($0)" }.joined(separator: ", ")
    }
}
