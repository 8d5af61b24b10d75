internal import SQLite
#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif
package import VastAPI

extension Journal {
    /// Notes how a call ended for each of its instances, after all that was read to check it: what a refused or lost
    /// bulk request left open is settled by this. A failure to do so is kept in ``problem``.
    package func note(_ results: [InstanceID: Result<Void, VastError>], call: Int) async {
        guard let run = state.withLock({ $0.run }), !results.isEmpty else { return }
        do {
            try await database.perform { [self] in
                try database.write("results") { database in
                    let writer = OutcomeWriter(database: database, time: clock.unixTime)
                    for (id, result) in results { try writer.write(result, call: call, instance: id, run: run) }
                }
            }
        } catch {
            state.withLock { $0.problem = error }
        }
    }

    /// Notes which changes of this run a reading of the fleet shows.
    ///
    /// - Throws: ``StateError``.
    package func confirm(with snapshot: FleetSnapshot) throws {
        guard let run = state.withLock({ $0.run }) else { return }
        let time = snapshot.observedAt.timeIntervalSince1970
        let open = try database.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT number, instance, verb, label_after FROM change
                    WHERE run = ? AND status IN ('sent', 'accepted', 'unknown') AND at <= ?
                    """, arguments: [run, time])
        }
        let shown = open.compactMap { row -> Int64? in
            guard let verb = Change.Verb(rawValue: row["verb"]) else { return nil }
            let id = InstanceID(row["instance"] as Int64)
            let instance = snapshot[id]
            guard instance != nil || snapshot.isAuthoritative else { return nil }
            let record = ChangeRecord(id: id, verb: verb, label: row["label_after"], status: .accepted)
            return record.isShown(by: instance) ? row["number"] : nil
        }
        guard !shown.isEmpty else { return }
        try database.write("confirmation") { database in
            let statement = try database.cachedStatement(sql: "UPDATE change SET status = 'confirmed', confirmed = ? WHERE number = ?")
            for number in shown { try statement.execute(arguments: [time, number]) }
        }
    }
}
