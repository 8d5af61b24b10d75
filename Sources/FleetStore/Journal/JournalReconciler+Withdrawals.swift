internal import SQLite
package import VastModels

/// Starts that runs have left queued: whether their withdrawals have been seen done.
extension JournalReconciler {
    /// Withdrawals that nobody has seen done, by what a reading shows of their instances.
    package struct OpenWithdrawals {
        /// The start is still queued at the service.
        package var queued: [JournalChange] = []
        /// The start is not queued any more: it has come about, and bills.
        package var running: [JournalChange] = []
        /// The start is taken back, or its instance is gone.
        var done: [JournalChange] = []

        /// Those of `changes` that are the first of their instance: a start is told of once.
        package static func first(_ changes: [JournalChange]) -> [JournalChange] {
            var seen = Set<InstanceID>()
            return changes.filter { seen.insert($0.instance).inserted }
        }
    }

    /// What has become of starts that were left queued; what a reading shows to be done with is noted.
    package func withdrawals(by snapshot: FleetSnapshot) throws -> OpenWithdrawals {
        let found = Self.sorted(try openWithdrawals(), by: snapshot)
        try note(found.running, as: .notApplied, start: .confirmed)
        // A withdrawal that was never sent has not taken anything back.
        try note(found.done.filter { $0.attempts > 0 }, as: .confirmed, start: .notApplied)
        try note(found.done.filter { $0.attempts == 0 }, as: .notApplied, start: .notApplied)
        return found
    }

    /// Whether withdrawals of a run that lives are still its own to make: nobody has done anything to the instance since.
    package func areOpen(_ ids: [InstanceID], ofRun number: Int64) throws -> Set<InstanceID> {
        Set(try openWithdrawals(of: [number]).map(\.instance)).intersection(ids)
    }

    /// What a program that changes nothing has to say of starts which earlier runs have left queued, one line each; nothing is
    /// noted, so that the next run that may change something finds them as they are.
    package func leftQueued(in snapshot: FleetSnapshot) throws -> [String] {
        let found = Self.sorted(try openWithdrawals(of: try deadRuns().map(\.number)), by: snapshot)
        return OpenWithdrawals.first(found.queued).map {
            "the start of \($0.name) that run \($0.run) left is still queued, and bills as soon as its GPU is free; "
                + "the next run that may change something withdraws it"
        } + OpenWithdrawals.first(found.running).map { Self.hasBegun($0, in: snapshot) }
    }

    /// That a start has come about which could not be withdrawn, or which might have had to be.
    package static func hasBegun(_ start: JournalChange, in snapshot: FleetSnapshot) -> String {
        let row = snapshot[start.instance]
        let isRunning = row?.state == .running
        let what = isRunning ? "it runs and bills\(row?.rate.map { " \($0)" } ?? "")" : "it is not running yet, and will bill"
        let tried = start.attempts > 0 ? "could not withdraw" : "left unfinished"
        return "the start of \(start.name) that run \(start.run) \(tried) has come about: \(what); stop it if it is not wanted"
    }

    private static func sorted(_ withdrawals: [JournalChange], by snapshot: FleetSnapshot) -> OpenWithdrawals {
        let time = snapshot.observedAt.timeIntervalSince1970
        var found = OpenWithdrawals()
        for change in withdrawals where change.time <= time {
            let row = snapshot[change.instance]
            // What was wanted on before keeps its own wish.
            let isWanted = change.before?.isWanted == true
            if let row, row.isStartQueued, !isWanted {
                found.queued.append(change)
            } else if let row, row.intendedStatus == "running", !isWanted {
                found.running.append(change)
            } else if row != nil || snapshot.isAuthoritative {
                found.done.append(change)
            }
        }
        return found
    }

    /// Notes how withdrawals have ended, and the starts that they belong to.
    package func note(_ changes: [JournalChange], as status: JournalChange.Status, start startStatus: JournalChange.Status) throws {
        guard !changes.isEmpty else { return }
        try database.write("withdrawal") { database in
            let withdrawal = try database.cachedStatement(sql: "UPDATE change SET status = ? WHERE number = ?")
            let start = try database.cachedStatement(
                sql: """
                    UPDATE change SET status = ?1,
                        error_kind = CASE ?1 WHEN 'confirmed' THEN NULL ELSE error_kind END,
                        error_text = CASE ?1 WHEN 'confirmed' THEN NULL ELSE error_text END
                    WHERE status IN ('sent', 'accepted', 'unknown') AND verb = 'start' AND NOT is_compensation
                        AND (run, call, instance) = (SELECT run, call, instance FROM change WHERE number = ?2)
                    """)
            for change in changes {
                try withdrawal.execute(arguments: [status.rawValue, change.number])
                // What was wanted before was wanted by that wish too.
                if change.before?.isWanted != true { try start.execute(arguments: [startStatus.rawValue, change.number]) }
            }
        }
    }

    /// Withdrawals of runs that are over which nobody has seen done, unless something was done to the instance since.
    ///
    /// - Parameter others: runs that have not said that they are over; theirs may not have been sent.
    func openWithdrawals(of others: [Int64] = []) throws -> [JournalChange] {
        let numbers = others.map { "\($0)" }.joined(separator: ", ")
        return try database.read { database in
            try JournalHistory.changes(
                database,
                """
                WHERE change.account = ? AND change.is_compensation AND change.verb = 'stop' AND (
                        (status IN ('sent', 'accepted', 'unknown') AND run.ended IS NOT NULL)
                        OR (status IN ('reserved', 'sent', 'accepted', 'unknown') AND change.run IN (\(numbers))))
                    AND NOT EXISTS (
                        SELECT 1 FROM change AS later WHERE later.account = change.account AND later.at >= change.at
                            AND later.instance = change.instance AND later.number > change.number
                            AND (later.run != change.run OR later.call != change.call) AND NOT later.is_compensation
                            AND later.status NOT IN ('failed', 'not_applied', 'satisfied'))
                ORDER BY change.number
                """, [account])
        }
    }
}
