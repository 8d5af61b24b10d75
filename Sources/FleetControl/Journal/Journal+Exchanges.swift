internal import SQLite
package import VastAPI

extension Journal: ExchangeObserver {
    /// Checks that nothing is frozen and puts the intent on the disk.
    ///
    /// - Throws: ``VastError`` of kind `guard`, with the code `frozen` or `journal`; nothing is sent then.
    package func willSend(_ intent: ChangeIntent) async throws {
        if let freeze = freeze?.current(at: clock.unixTime) { throw freeze.refusal(at: clock.unixTime) }
        let note = intent.note as? JournalNote
        if let facts = intent.change.instances.lazy.compactMap({ note?.before[$0] }).first(where: { FreezeLabel.isPresent(in: $0.label) }) {
            throw FreezeLabel.refusal(facts)
        }
        do {
            try await database.perform { try self.write(intent, note) }
        } catch let error as StateError {
            throw error.refusal
        } catch {
            throw VastError(
                .guard, "nothing was sent, because no change is made that cannot be noted: \(error)", code: "journal", cause: error)
        }
    }

    /// Notes how a request ended. A failure to do so is kept in ``problem``: the change then stays in doubt.
    package func didFinish(_ intent: ChangeIntent, _ outcome: ChangeOutcome) async {
        do {
            try await database.perform { try self.write(outcome, of: intent) }
        } catch {
            state.withLock { $0.problem = error }
        }
    }

    private func write(_ intent: ChangeIntent, _ note: JournalNote?) throws {
        let (account, known, satisfied) = state.withLock { ($0.account, $0.run, $0.satisfied) }
        let lease = known == nil ? try lease() : nil
        let rows = try database.write("intent", .full) { database -> (run: Int64, exchange: Int64) in
            let writer = IntentWriter(database: database, account: account, time: clock.unixTime)
            let run = try known ?? writer.insert(run, lease: leaseName)
            for entry in satisfied { try writer.insertSatisfied(entry.change, entry.note, run: run) }
            return (run, try writer.insert(intent, note, run: run))
        }
        state.withLock { state in
            state.run = rows.run
            state.satisfied.removeFirst(satisfied.count)
            if let lease { state.lease = lease }
            state.exchanges[IntentKey(number: intent.number, request: intent.request)] = rows.exchange
        }
    }

    /// Under this name other processes see that this one lives.
    private var leaseName: String { "\(run.id)-\(ProcessNumber.own)" }

    private func lease() throws -> RunLease {
        if let lease = state.withLock({ $0.lease }) { return lease }
        return try RunLease(directory: database.directoryPath, name: leaseName)
    }

    private func write(_ outcome: ChangeOutcome, of intent: ChangeIntent) throws {
        let key = IntentKey(number: intent.number, request: intent.request)
        guard let exchange = state.withLock({ $0.exchanges.removeValue(forKey: key) }) else { return }
        try database.write("outcome") { database in
            try OutcomeWriter(database: database, time: clock.unixTime).write(outcome, of: intent.change.verb, exchange: exchange)
        }
    }

    /// Notes instances that were as wanted already, so that nothing was sent for them; kept back until the run changes
    /// something, since a run that changes nothing leaves no trace.
    package func noteSatisfied(_ change: Change, note: JournalNote) {
        state.withLock { state in
            guard state.satisfied.count < Self.mostSatisfied else { return }
            state.satisfied.append((change, note))
        }
    }

    /// So many calls are kept back; a run that lasts for months may find everything satisfied all the time.
    private static let mostSatisfied = 1_000
}
