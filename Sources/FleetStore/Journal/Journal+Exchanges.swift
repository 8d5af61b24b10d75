package import FleetRules
internal import SQLite
package import VastModels

extension Journal: ExchangeObserver {
    /// Checks that nothing is frozen and puts the intent on the disk; with the first intent of a call, the whole call.
    ///
    /// The withdrawal of a start is part of the start's intent: neither a freeze nor a disk that fails holds it back.
    ///
    /// - Throws: ``VastError`` of kind `guard`, with the code `frozen` or `journal`, or that of the limit that another run
    ///   has used up meanwhile; nothing is sent then.
    package func willSend(_ intent: ChangeIntent) async throws {
        let note = intent.note as? CallNote
        if !intent.change.isCompensation { try refuseFrozen(intent.change, note) }
        do {
            try await database.perform { try self.write(intent, note) }
        } catch {
            guard intent.change.isCompensation else { throw VastError(refusing: error) }
            state.withLock { $0.problem = error }
        }
    }

    private func refuseFrozen(_ change: Change, _ note: CallNote?) throws(VastError) {
        if let freeze = freeze?.current(at: clock.unixTime) { throw freeze.refusal(at: clock.unixTime) }
        let frozen = change.instances.lazy.compactMap { note?.before[$0] }.first { FreezeLabel.isPresent(in: $0.label) }
        if let frozen { throw FreezeLabel.refusal(frozen) }
    }

    /// Notes how a request ended. A failure to do so is kept in ``problem``: the change then stays in doubt.
    package func didFinish(_ intent: ChangeIntent, _ outcome: ChangeOutcome) async {
        do {
            try await database.perform { try self.write(outcome, of: intent) }
        } catch {
            state.withLock { $0.problem = error }
        }
    }

    private func write(_ sent: ChangeIntent, _ note: CallNote?) throws {
        var intent = sent
        // Of the numbers in a request that is no verb, those that the guard knows as instances.
        if intent.change.verb == .other, let reserved = note?.reservation?.changes.flatMap(\.change.instances) {
            intent.change.instances = reserved
        }
        let isReserved = state.withLock { state in note.map { state.reserved.contains($0.call) } ?? true }
        let exchange = try write { database, writer, run in
            if !isReserved, let note, let reservation = note.reservation {
                try recheck(reservation, database)
                for change in reservation.changes {
                    try writer.reserve(change.change, withdraws: change.withdraws, note, run: run, but: Set(intent.change.instances))
                }
            }
            if let note { try checkPause(intent.change, note, run, database) }
            return try writer.insert(intent, note, run: run)
        }
        state.withLock { state in
            if let call = note?.call { state.reserved.insert(call) }
            state.exchanges[IntentKey(number: intent.number, request: intent.request)] = exchange
        }
    }

    /// Writes what is about to be sent, on the disk when it returns; with the first of it, that there is such a run.
    private func write<Result>(_ body: (Database, IntentWriter, _ run: Int64) throws -> Result) throws -> Result {
        let (account, known, satisfied) = state.withLock { ($0.account, $0.run, $0.satisfied) }
        let lease = known == nil ? try lease() : nil
        try checkLocks(lease)
        let written = try database.write("intent", .full) { database -> (run: Int64, result: Result) in
            let writer = IntentWriter(database: database, account: account, time: clock.unixTime)
            let run = try known ?? writer.insert(run, lease: leaseName)
            for entry in satisfied { try writer.insertSatisfied(entry.change, entry.note, run: run) }
            return (run, try body(database, writer, run))
        }
        state.withLock { state in
            state.run = written.run
            state.satisfied.removeFirst(min(satisfied.count, state.satisfied.count))
            if let lease { state.lease = lease }
        }
        return written.result
    }

    /// That others see that this run is going on: what they take for dead they settle, and a script that is not locked runs twice.
    private func checkLocks(_ lease: RunLease?) throws(StateError) {
        // Where everything is gone, that is what is said.
        try database.checkPlace()
        let (known, lock) = state.withLock { ($0.lease, $0.lock) }
        try (lease ?? known)?.check()
        try lock?.check()
    }

    /// That no other run has sent such a change of an instance a moment ago, where no two may follow each other soon.
    private func checkPause(_ change: Change, _ note: CallNote, _ run: Int64, _ database: Database) throws {
        guard change.verb.rules.pause > 0, !change.isCompensation else { return }
        let now = clock.unixTime
        for id in change.instances {
            let last = try Double.fetchOne(
                database,
                sql: """
                    SELECT max(at) FROM change WHERE account = ? AND at > ? AND at <= ? AND instance = ? AND verb = ? AND run != ?
                        AND exchange IS NOT NULL AND status NOT IN ('failed', 'satisfied', 'not_applied')
                    """,
                arguments: [
                    state.withLock { $0.account }, now - change.verb.rules.pause, now + change.verb.rules.pause, id.rawValue,
                    change.verb.rawValue, run
                ])
            if let last { throw note.refusal(of: change, id, since: now - last) }
        }
    }

    /// Judges again by what other runs have written until this transaction began.
    private func recheck(_ reservation: Reservation, _ database: Database) throws {
        let version = try JournalHistory.version(database)
        guard version == nil || version != reservation.judgedWith.version else { return }
        let others = try JournalHistory.guardEntries(
            database, directory: self.database.directoryPath, account: state.withLock { $0.account },
            since: clock.unixTime - 3_600, excluding: run.id)
        if let refusal = reservation.refusal(others) { throw refusal }
    }

    /// Writes down calls that are about to be sent, so that what they take counts for everybody.
    ///
    /// - Throws: ``VastError`` of the limit that another run has used up meanwhile, ``StateError``.
    package func reserve(_ reservation: Reservation) async throws {
        let calls = reservation.changes.compactMap { $0.note?.call }
        guard !calls.isEmpty else { return }
        try await database.perform { [self] in
            try write { database, writer, run in
                try recheck(reservation, database)
                for change in reservation.changes {
                    if let note = change.note { try writer.reserve(change.change, withdraws: change.withdraws, note, run: run) }
                }
            }
        }
        state.withLock { $0.reserved.formUnion(calls) }
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
            try OutcomeWriter(database: database, time: clock.unixTime).write(outcome, of: intent.change, exchange: exchange)
        }
    }

    /// Notes instances that were as wanted already, so that nothing was sent for them; kept back until the run changes
    /// something, since a run that changes nothing leaves no trace.
    package func noteSatisfied(_ change: Change, note: CallNote) {
        state.withLock { state in
            guard state.satisfied.count < Self.mostSatisfied else { return }
            state.satisfied.append((change, note))
        }
    }

    /// So many calls are kept back; a run that lasts for months may find everything satisfied all the time.
    private static let mostSatisfied = 1_000
}
