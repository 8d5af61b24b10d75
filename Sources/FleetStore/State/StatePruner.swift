internal import FleetClock

/// Drops from the database what is older than it has to be kept, a little at a time, so that nobody who writes waits for long.
///
/// It is never part of the transaction of an intent. What several processes drop at once is dropped once.
package struct StatePruner: Sendable {
    /// How much was dropped.
    package struct Count: Sendable, Equatable {
        /// Runs, changes of instances, and requests.
        package var runs = 0, changes = 0, requests = 0
        /// Samples of readings, and stays in a state.
        package var samples = 0, intervals = 0
        /// Whether there is nothing left to drop.
        package var isFinished = false

        /// Whether nothing was dropped.
        package var isEmpty: Bool { runs + changes + requests + samples + intervals == 0 }
    }

    private let database: StateDatabase
    private let periods: RetentionPeriods

    /// Nothing is touched before ``prune(now:within:)``.
    package init(_ database: StateDatabase, _ periods: RetentionPeriods = RetentionPeriods()) {
        self.database = database
        self.periods = periods
    }

    /// How long a run that has something else to do spends on it at once.
    package static let usualTime = Duration.milliseconds(200)

    /// Drops what it can within some time of this machine's clock; the rest is for the next time.
    ///
    /// - Parameters:
    ///   - now: Unix seconds.
    ///   - time: nil: everything is dropped.
    /// - Throws: ``StateError``; what was dropped before stays so.
    @discardableResult
    package func prune(now: Double, within time: Duration? = usualTime) throws -> Count {
        let begun = ContinuousClock.now
        var count = Count()
        for portion in [pruneJournal, pruneReadings] {
            while try portion(now, &count) { if let time, ContinuousClock.now - begun >= time { return count } }
        }
        count.isFinished = true
        return count
    }

    /// Gives back to the file system what nothing is kept in any more. Others wait for it.
    ///
    /// - Throws: ``StateError``.
    package func compact() throws {
        try database.withConnection { try $0.execute(sql: "VACUUM; PRAGMA wal_checkpoint(TRUNCATE)") }
    }

    /// - Returns: whether there may be more.
    private func pruneJournal(now: Double, _ count: inout Count) throws -> Bool {
        let limit = now - periods.journal.seconds
        let dropped = try database.write("journal retention") { try JournalRetention(database: $0, limit: limit).dropPortion() }
        count.changes += dropped.changes
        count.requests += dropped.requests
        count.runs += dropped.runs
        return dropped.changes + dropped.requests + dropped.runs > 0
    }

    private func pruneReadings(now: Double, _ count: inout Count) throws -> Bool {
        let dropped = try database.write("sample retention") {
            try SampleRetention(database: $0, periods: periods, now: now).dropPortion()
        }
        count.samples += dropped.samples
        count.intervals += dropped.intervals
        return dropped.samples + dropped.intervals > 0 || dropped.hasMore
    }
}
