internal import SQLite
import VastModels

/// What a reading says of the changes in doubt.
extension JournalReconciler {
    /// Judges what a run has left by a reading, the last change first: what came before one that was made is not shown.
    func findings(_ run: DeadRun, _ snapshot: FleetSnapshot) throws -> [Finding] {
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
            : !isProvable(change) && instance != nil
                ? .unknown("it was wanted so before, and its row cannot show it")
                : .judge(change.verb, change.payload, instance: instance, isWhole: snapshot.isAuthoritative)
        let what = "run \(change.run) of \(run.script) \(run.end); its \(change.verb.rawValue) of \(change.name)"
        return Finding(
            change: change, script: run.script, evidence: evidence, isQueued: change.verb == .start && instance?.isStartQueued ?? false,
            text: "\(what) \(Self.text(evidence, change, instance))")
    }

    /// What the service has accepted needs no proof.
    private func isProvable(_ change: JournalChange) -> Bool {
        change.status == .accepted
            || change.verb.rules.isProvable(from: change.before?.intendedStatus, isInterruptible: change.before?.isInterruptible)
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

    func note(_ findings: [Finding], of run: DeadRun, at time: Double) throws {
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
