#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif
internal import SQLite
package import VastModels

/// Finds out what became of changes whose run died before it knew, by reading the fleet.
package struct JournalReconciler: Sendable {
    /// What was found out about one change.
    package struct Finding: Sendable, Equatable {
        /// The change as the journal has it.
        package var change: JournalChange
        /// The script whose run has left it.
        package var script: String
        /// What the fleet shows of it.
        package var evidence: ChangeEvidence
        /// Whether it is a start that waits for its GPU.
        package var isQueued = false
        /// What to say.
        package var text: String
    }

    let database: StateDatabase
    let account: String

    /// - Parameter account: only its changes are looked at.
    package init(_ database: StateDatabase, account: String) {
        self.database = database
        self.account = account
    }

    /// The changes in doubt: of runs that died, all that were on their way or not confirmed.
    ///
    /// - Throws: ``StateError``, as all methods here.
    package func inDoubt() throws -> [JournalChange] {
        try deadRuns().flatMap { try open($0) }
    }

    /// Whether there is anything to be looked up: a run that died, or a start that was left queued.
    package func hasDoubts() throws -> Bool {
        if try !deadRuns().isEmpty { return true }
        return try !openWithdrawals().isEmpty
    }

    /// What is said of runs that died without a change that a reading has to show, one line each: either everything was known, or
    /// calls had not ended, whose starts are looked after by ``withdrawals(by:)``.
    package func deadWithoutDoubts() throws -> [String] {
        try deadRuns().filter { try open($0).isEmpty }.map { run in
            let id =
                try database.read { try String.fetchOne($0, sql: "SELECT id FROM run WHERE number = ?", arguments: [run.number]) } ?? ""
            let calls = try callsUnderWay(run)
            let end = calls.isEmpty ? "died; what became of its changes was known" : "died while \(Self.named(calls)) under way"
            return "run \(id) of \(run.script) \(end): vast-lua history \(id)"
        }
    }

    /// What a run has sent of calls that had not ended; a withdrawal only where it is not that of such a start.
    private func callsUnderWay(_ run: DeadRun) throws -> [JournalChange] {
        try database.read { database in
            try JournalHistory.changes(
                database,
                """
                WHERE change.run = ? AND exchange IS NOT NULL AND (
                    status = 'reserved' AND NOT is_compensation
                    OR status IN ('reserved', 'sent', 'accepted', 'unknown') AND is_compensation AND NOT EXISTS (
                        SELECT 1 FROM change AS start WHERE start.run = change.run AND start.call = change.call
                            AND start.instance = change.instance AND NOT start.is_compensation))
                ORDER BY change.number
                """, [run.number])
        }
    }

    /// `its start of 3 old was`
    private static func named(_ changes: [JournalChange]) -> String {
        let names = changes.prefix(3).map { "\($0.isCompensation ? "withdrawal of the start" : $0.verb.rawValue) of \($0.name)" }
        let more = changes.count > names.count ? " and \(changes.count - names.count) more" : ""
        return "its \(names.joined(separator: ", "))\(more) \(changes.count == 1 ? "was" : "were")"
    }

    /// Judges what is in doubt by a reading of the fleet, and notes it: each is reported once.
    package func reconcile(with snapshot: FleetSnapshot) throws -> [Finding] {
        let time = snapshot.observedAt.timeIntervalSince1970
        return try deadRuns().flatMap { run -> [Finding] in
            // A reading from before a change says nothing about it.
            guard try open(run).allSatisfy({ $0.time <= time }) else { return [] }
            let findings = try findings(run, snapshot)
            try note(findings, of: run, at: time)
            RunLease.forget(directory: database.directoryPath, name: run.lease)
            return findings
        }
    }

    func deadRuns() throws -> [DeadRun] {
        let open = try database.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT number, script, lease, ended FROM run WHERE number IN (
                        SELECT number FROM run WHERE account = ?1 AND ended IS NULL
                        UNION ALL SELECT run FROM change WHERE account = ?1 AND status IN ('sent', 'accepted', 'unknown')
                            AND status = 'sent' AND NOT is_compensation)
                    ORDER BY number
                    """,
                arguments: [account]
            ).map { try DeadRun(number: $0["number"], script: $0["script"], lease: $0["lease"], hasEnded: $0["ended"] as Double? != nil) }
        }
        return open.filter { $0.hasEnded || !RunLease.isAlive(directory: database.directoryPath, name: $0.lease) }
    }

    /// What was on its way, or not confirmed. A change that the service has accepted and that another one of the run has taken
    /// the place of is none of it: no reading can show it any more.
    private func open(_ run: DeadRun) throws -> [JournalChange] {
        let sent = try sent(run)
        return sent.enumerated().filter { place, change in
            let later = sent[(place + 1)...].filter { Self.key($0) == Self.key(change) }
            let isFollowed = later.contains { $0.status == .accepted || $0.status == .confirmed }
            return run.open.contains(change.status) && !(isFollowed && change.status == .accepted)
        }.map(\.element)
    }

    /// What a run has sent and may have changed, in order.
    func sent(_ run: DeadRun) throws -> [JournalChange] {
        try database.read { database in
            try JournalHistory.changes(
                database,
                """
                WHERE change.run = ? AND status IN ('sent', 'accepted', 'unknown', 'confirmed') AND NOT change.is_compensation
                ORDER BY change.number
                """, [run.number])
        }
    }

    static func key(_ change: JournalChange) -> InstanceAspect {
        InstanceAspect(id: change.instance, aspect: change.verb.aspect)
    }
}
