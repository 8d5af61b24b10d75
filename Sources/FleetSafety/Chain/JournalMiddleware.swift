package import FleetRules
package import FleetStore
internal import Synchronization
package import VastAPI
package import VastJSON

/// The link that has every change written down before it is sent and after it is known, and that looks up what became
/// of the changes of runs that died.
///
/// The requests themselves reach the journal through the client's observer; this link adds what the script said, and
/// the outcome of the whole call.
package final class JournalMiddleware: FleetService {
    private let next: AccountChecked
    let journal: Journal
    let reconciler: JournalReconciler
    let ledger: ChangeLedger
    let tell: @Sendable (String) -> Void
    let alarm: @Sendable (String) -> Void
    private let isWithdrawing: Bool
    private let hasReconciled = Mutex(false)
    let openStarts = Mutex<[InstanceID: OpenStart]>([:])

    /// - Parameters:
    ///   - isWithdrawing: whether what earlier runs have left is settled and written down; false: only starts that they have
    ///     left queued are told of.
    ///   - alarm: is given what costs money until somebody does something; nil: `tell` is.
    ///   - tell: is given what was found out about runs that died, one line each.
    package init(
        _ next: AccountChecked, journal: Journal, reconciler: JournalReconciler, ledger: ChangeLedger, isWithdrawing: Bool = true,
        alarm: (@Sendable (String) -> Void)? = nil, tell: @escaping @Sendable (String) -> Void
    ) {
        self.ledger = ledger
        self.next = next
        self.journal = journal
        self.reconciler = reconciler
        self.isWithdrawing = isWithdrawing
        self.tell = tell
        self.alarm = alarm ?? tell
    }

    // MARK: readings

    package func list(_ query: ListQuery) async throws -> FleetSnapshot {
        try await reconcile(unless: query == .all)
        var snapshot = try await next.list(query)
        // Where a start was withdrawn, the reading shows a wish that is not there any more.
        if query == .all, await reconcile(with: snapshot) { snapshot = try await next.list(query) }
        await confirm(by: snapshot)
        if query == .all, await settleStarts(by: snapshot) { snapshot = try await next.list(query) }
        return snapshot
    }

    package func show(_ id: InstanceID) async throws -> Instance? {
        try await reconcile(unless: false)
        let instance = try await next.show(id)
        if let instance { await confirm(by: .one(instance)) }
        return instance
    }

    /// That a confirmation could not be noted leaves the change in doubt, which is the truth.
    private func confirm(by snapshot: FleetSnapshot) async {
        guard !journal.isEmpty else { return }
        try? await journal.database.perform { [journal] in try journal.confirm(with: snapshot) }
    }

    package func user() async throws -> User {
        try await reconcile(unless: false)
        return try await next.user()
    }

    // MARK: changes

    package func change(_ order: ChangeOrder) async -> ChangeOutcomes {
        do { try await reconcile(unless: false) } catch { return ChangeOutcomes(order.ids, endedBy: VastError(refusing: error)) }
        let outcomes = await next.change(order)
        if let call = order.note?.call { await journal.note(outcomes, of: order.verb, call: call) }
        noteOpenStarts(order, outcomes)
        return outcomes
    }

    package func request(_ order: RequestOrder) async throws -> JSON? {
        try await reconcile(unless: false)
        guard let note = order.note else { return try await next.request(order) }
        do {
            let answer = try await next.request(order)
            journal.forget(call: note.call)
            return answer
        } catch {
            // One refusal is about all that the request names.
            var outcomes = ChangeOutcomes(note.reservation?.changes.flatMap(\.change.instances) ?? [])
            for id in outcomes.byID.keys { outcomes.set(id, .init(VastError(refusing: error))) }
            await journal.note(outcomes, of: .other, call: note.call)
            throw error
        }
    }

    package func noteSatisfied(_ order: ChangeOrder) {
        guard let note = order.note else { return }
        journal.noteSatisfied(order.change, note: note)
    }

    package func reserve(_ orders: [ChangeOrder], _ reservation: Reservation) async throws {
        try await reconcile(unless: false)
        try await journal.reserve(reservation)
    }

    package func release(_ orders: [ChangeOrder]) async {
        await journal.release(calls: orders.compactMap { $0.note?.call })
    }

    // MARK: runs that died

    /// Reads the fleet for what runs have left in doubt, before anything else is done.
    ///
    /// - Parameter willReadAll: whether the whole fleet is about to be read anyway.
    private func reconcile(unless willReadAll: Bool) async throws {
        guard !willReadAll, !hasReconciled.withLock({ $0 }), await hasDoubts() else { return }
        _ = await reconcile(with: try await next.list(.all))
    }

    /// What cannot be read of the state is left for a run that can; a change will be refused for the same reason.
    private func hasDoubts() async -> Bool {
        let doubts = try? await journal.database.perform { [reconciler] in try reconciler.hasDoubts() }
        if doubts != true { hasReconciled.withLock { $0 = true } }
        return doubts ?? false
    }

    /// - Returns: whether starts were to be withdrawn.
    private func reconcile(with snapshot: FleetSnapshot) async -> Bool {
        let isDone = hasReconciled.withLock { isDone in
            defer { isDone = true }
            return isDone
        }
        guard !isDone else { return false }
        guard isWithdrawing else {
            let lines = try? await journal.database.perform { [reconciler] in try reconciler.leftQueued(in: snapshot) }
            (lines ?? []).forEach(alarm)
            return false
        }
        let known = try? await journal.database.perform { [reconciler] in try reconciler.deadWithoutDoubts() }
        let findings = try? await journal.database.perform { [reconciler] in try reconciler.reconcile(with: snapshot) }
        for text in (known ?? []) + (findings ?? []).map(\.text) { tell(text) }
        let starts = try? await journal.database.perform { [reconciler] in try reconciler.withdrawals(by: snapshot) }
        for start in JournalReconciler.OpenWithdrawals.first(starts?.running ?? []) {
            alarm(JournalReconciler.hasBegun(start, in: snapshot))
        }
        guard let queued = starts?.queued, !queued.isEmpty else { return false }
        await withdraw(queued, by: snapshot)
        return true
    }

    /// Takes back starts that earlier runs have left queued. A freeze does not hold it back: it only ends what a run has
    /// wanted to end.
    private func withdraw(_ starts: [JournalChange], by snapshot: FleetSnapshot) async {
        let before = Dictionary(starts.compactMap { start in start.before.map { (start.instance, $0) } }) { $1 }
        let call = ledger.newCall()
        // Whatever ends the run meanwhile, its report names them.
        for start in JournalReconciler.OpenWithdrawals.first(starts) { noteLeftover(start, call: call) }
        let outcomes = await withdraw(starts.map(\.instance), before: before, call: call)
        for start in JournalReconciler.OpenWithdrawals.first(starts) {
            switch outcomes[start.instance] {
            case .refused:
                forgetLeftover(start)
                tell("the start of \(start.name) that run \(start.run) left queued is withdrawn")
            case .accepted:
                forgetLeftover(start)
                alarm(JournalReconciler.hasBegun(start, in: snapshot))
            default:
                alarm("the start of \(start.name) that run \(start.run) left queued could not be withdrawn; it may start and bill")
            }
        }
        // What was to withdraw them before has not.
        let withdrawn = starts.filter { if case .refused? = outcomes[$0.instance] { true } else { false } }
        let begun = starts.filter { if case .accepted? = outcomes[$0.instance] { true } else { false } }
        try? await journal.database.perform { [reconciler] in
            try reconciler.note(withdrawn, as: .notApplied, start: .notApplied)
            try reconciler.note(begun, as: .notApplied, start: .confirmed)
        }
    }

    /// - Returns: as what became of the starts: refused when they are withdrawn, accepted when they have come about.
    func withdraw(_ ids: [InstanceID], before: [InstanceID: InstanceFacts], call: Int) async -> ChangeOutcomes {
        var order = ChangeOrder(.stop, GuardOrder(.stop, ids).ids)
        order.isCompensation = true
        let note = CallNote(call: call, before: before)
        order.note = note
        let outcomes = await next.change(order)
        await journal.note(outcomes, of: .start, call: note.call)
        return outcomes
    }
}
