internal import SQLite
#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif
package import VastModels

extension Journal {
    /// Notes how a call ended for each of its instances, after all that was read to check it: what a refused or lost
    /// bulk request left open is settled by this. A failure to do so is kept in ``problem``.
    package func note(_ outcomes: ChangeOutcomes, of verb: Change.Verb, call: Int) async {
        forget(call: call)
        guard let run = state.withLock({ $0.run }) else { return }
        do {
            try await database.perform { [self] in
                try database.write("results") { database in
                    let writer = OutcomeWriter(database: database, time: clock.unixTime)
                    for (id, outcome) in outcomes.inOrder { try writer.write(outcome, of: verb, call: call, instance: id, run: run) }
                }
            }
        } catch {
            state.withLock { $0.problem = error }
        }
    }

    /// Gives back what calls have reserved and not sent. The withdrawal of a start that may be queued stays open.
    package func release(calls: [Int]) async {
        for call in calls { forget(call: call) }
        guard !calls.isEmpty, let run = state.withLock({ $0.run }) else { return }
        do {
            try await database.perform { [self] in
                try database.write("release") { database in
                    let statement = try database.cachedStatement(
                        sql: """
                            DELETE FROM change WHERE run = ? AND call = ? AND status = 'reserved' AND exchange IS NULL
                                AND NOT (is_compensation AND EXISTS (
                                    SELECT 1 FROM change AS start WHERE start.run = change.run AND start.call = change.call
                                        AND start.instance = change.instance AND NOT start.is_compensation AND start.exchange IS NOT NULL
                                        AND start.status NOT IN ('accepted', 'failed', 'confirmed')))
                            """)
                    for call in calls { try statement.execute(arguments: [run, call]) }
                }
            }
        } catch {
            state.withLock { $0.problem = error }
        }
    }

    /// A call has ended; nothing more of it will be sent.
    package func forget(call: Int) { state.withLock { _ = $0.reserved.remove(call) } }

    /// Notes which changes of this run a reading of the fleet shows.
    ///
    /// - Throws: ``StateError``.
    package func confirm(with snapshot: FleetSnapshot) throws {
        let (account, known) = state.withLock { ($0.account, $0.run) }
        guard let run = known else { return }
        let time = snapshot.observedAt.timeIntervalSince1970
        let open = try database.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT number, instance, verb, label_after, status, before FROM change INDEXED BY change_open
                    WHERE account = ? AND run = ? AND status IN ('sent', 'accepted', 'unknown') AND NOT is_compensation AND at <= ?
                    """, arguments: [account, run, time])
        }
        let shown = try open.compactMap { row in try Self.shown(row, by: snapshot).map { (number: try row["number"] as Int64, status: $0) }
        }
        guard !shown.isEmpty else { return }
        try database.write("confirmation") { database in
            let statement = try database.cachedStatement(
                sql: "UPDATE change SET status = ?, confirmed = ?, error_kind = NULL, error_text = NULL WHERE number = ?")
            for (number, status) in shown {
                try statement.execute(arguments: [status.rawValue, status == .confirmed ? time : nil, number])
            }
        }
    }

    /// What a reading makes of a change that is not confirmed; nil: nothing new.
    private static func shown(_ row: Row, by snapshot: FleetSnapshot) throws -> JournalChange.Status? {
        guard let verb = try Change.Verb(rawValue: row["verb"]) else { return nil }
        let instance = snapshot[InstanceID(try row["instance"] as Int64)]
        guard instance != nil || snapshot.isAuthoritative else { return nil }
        let isAccepted = try row["status"] as String == JournalChange.Status.accepted.rawValue
        if !isAccepted, verb.rules.leavesNoTrace { return nil }
        if !isAccepted, instance != nil, let facts = try JournalHistory.facts(row["before"]),
            !verb.rules.isProvable(from: facts.intendedStatus, isInterruptible: facts.isInterruptible)
        {
            return nil
        }
        let payload = verb.payload(try row["label_after"])
        if verb.isSettled(by: instance, payload) { return .confirmed }
        return !isAccepted && instance.map { verb.isAccepted(by: $0, payload) } == true ? .accepted : nil
    }
}
