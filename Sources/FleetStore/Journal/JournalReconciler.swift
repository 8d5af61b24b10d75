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

    /// A run that is dead and did not say so, or that was ended while a request was on its way.
    struct DeadRun {
        let number: Int64
        let script: String
        let lease: String
        let hasEnded: Bool

        /// What has become of it, for people.
        var end: String { hasEnded ? "ended before it knew" : "died" }
        /// Of which changes it is not known what became of them.
        var open: Set<JournalChange.Status> { hasEnded ? [.sent] : [.sent, .accepted, .unknown] }
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
    private func sent(_ run: DeadRun) throws -> [JournalChange] {
        try database.read { database in
            try JournalHistory.changes(
                database,
                """
                WHERE change.run = ? AND status IN ('sent', 'accepted', 'unknown', 'confirmed') AND NOT change.is_compensation
                ORDER BY change.number
                """, [run.number])
        }
    }

    private static func key(_ change: JournalChange) -> InstanceAspect {
        InstanceAspect(id: change.instance, aspect: change.verb.aspect)
    }

    /// Judges what a run has left by a reading, the last change first: what came before one that was made is not shown.
    private func findings(_ run: DeadRun, _ snapshot: FleetSnapshot) throws -> [Finding] {
        var made = Set<InstanceAspect>()
        var findings: [Finding] = []
        for change in try sent(run).reversed() {
            let isFollowed = made.contains(Self.key(change)) && !change.verb.rules.endsRental
            if run.open.contains(change.status), !(isFollowed && change.status == .accepted) {
                findings.append(finding(change, run, isFollowed: isFollowed, snapshot))
                if findings.last?.evidence == .notApplied { continue }
            }
            made.insert(Self.key(change))
        }
        return findings.reversed()
    }

    private func finding(_ change: JournalChange, _ run: DeadRun, isFollowed: Bool, _ snapshot: FleetSnapshot) -> Finding {
        let instance = snapshot[change.instance]
        let evidence: ChangeEvidence =
            isFollowed
            ? .unknown("the run has changed it again since")
            : .judge(change.verb, change.payload, instance: instance, isWhole: snapshot.isAuthoritative)
        let what = "run \(change.run) of \(run.script) \(run.end); its \(change.verb.rawValue) of \(change.name)"
        return Finding(
            change: change, script: run.script, evidence: evidence, isQueued: change.verb == .start && instance?.isStartQueued ?? false,
            text: "\(what) \(Self.text(evidence, change, instance))")
    }

    private static func text(_ evidence: ChangeEvidence, _ change: JournalChange, _ instance: Instance?) -> String {
        switch evidence {
        case .applied:
            let waits = change.verb == .start && instance?.curState == "stopped"
            return waits ? "is queued and bills as soon as the GPU is free" : "was made, as the fleet shows"
        case .notApplied:
            let bills = change.verb == .stop ? instance?.rate.map { ": it is \(instance?.state.rawValue ?? "on") and bills \($0)" } : nil
            return "was not made\(bills ?? "")"
        case .unknown(let why): return "cannot be told: \(why)"
        }
    }

    private func note(_ findings: [Finding], of run: DeadRun, at time: Double) throws {
        try database.write("reconciliation") { database in
            for finding in findings {
                try database.cachedStatement(
                    sql: """
                        UPDATE change SET status = ?1, confirmed = ?2, error_kind = CASE ?1 WHEN 'confirmed' THEN NULL ELSE error_kind END,
                            error_text = CASE ?1 WHEN 'confirmed' THEN NULL ELSE error_text END WHERE number = ?3
                        """
                )
                .execute(arguments: [
                    finding.status.rawValue, finding.status == .confirmed ? time : nil, finding.change.number
                ])
            }
            try IntentWriter(database: database, account: account, time: time).closeReservations(run.number)
            try database.execute(sql: "UPDATE exchange SET outcome = 'lost' WHERE run = ? AND outcome IS NULL", arguments: [run.number])
            try database.execute(
                sql: "UPDATE run SET ended = ?, crashed = 1 WHERE number = ? AND ended IS NULL", arguments: [time, run.number])
        }
    }
}

extension JournalReconciler.Finding {
    fileprivate var status: JournalChange.Status {
        switch evidence {
        case .applied: isQueued ? .accepted : .confirmed
        case .notApplied: .notApplied
        case .unknown: .unknown
        }
    }
}
