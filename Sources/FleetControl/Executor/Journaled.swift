internal import Synchronization
package import VastAPI
package import VastJSON

/// The link that has every change written down before it is sent and after it is known, and that looks up what became
/// of the changes of runs that died.
///
/// The requests themselves reach the journal through the client's observer; this link adds what the script said, and
/// the outcome of the whole call.
package final class Journaled: FleetService {
    private struct State {
        var calls = 0
        var hasReconciled = false
    }

    private let next: AccountChecked
    private let journal: Journal
    private let reconciler: JournalReconciler
    private let knowledge: FleetKnowledge
    private let tell: @Sendable (String) -> Void
    private let state = Mutex(State())

    /// - Parameter tell: is given what was found out about runs that died, one line each.
    package init(
        _ next: AccountChecked, journal: Journal, reconciler: JournalReconciler, knowledge: FleetKnowledge,
        tell: @escaping @Sendable (String) -> Void
    ) {
        self.next = next
        self.journal = journal
        self.reconciler = reconciler
        self.knowledge = knowledge
        self.tell = tell
    }

    // MARK: readings

    package func list(_ query: ListQuery) async throws -> FleetSnapshot {
        try await reconcile(unless: query == .all)
        let snapshot = try await next.list(query)
        if query == .all { await reconcile(with: snapshot) }
        if !journal.isEmpty {
            // That a confirmation could not be noted leaves the change in doubt, which is the truth.
            try? await journal.database.perform { [journal] in try journal.confirm(with: snapshot) }
        }
        return snapshot
    }

    package func show(_ id: InstanceID) async throws -> Instance? {
        try await reconcile(unless: false)
        return try await next.show(id)
    }

    package func user() async throws -> User { try await next.user() }

    // MARK: changes

    package func change(_ order: ChangeOrder) async throws -> ChangeResults {
        try await reconcile(unless: false)
        let note = note(order.decision, order.ids)
        do {
            let results = try await next.change(order, note: note)
            await journal.note(results, call: note.call)
            return results
        } catch let error as VastError {
            await journal.note(error.results, call: note.call)
            throw error
        }
    }

    package func request(_ order: RequestOrder) async throws -> JSON? {
        let change = try KnownRequest(order.method, path: order.path, body: order.body).change
        return try await next.request(order, note: change.map { note(order.decision, $0.instances) })
    }

    package func noteSatisfied(_ order: ChangeOrder) {
        journal.noteSatisfied(Change(order.verb, order.ids, label: order.label), note: note(order.decision, order.ids))
    }

    private func note(_ decision: Decision, _ ids: [InstanceID]) -> JournalNote {
        let call = state.withLock { state in
            state.calls += 1
            return state.calls
        }
        return JournalNote(call: call, line: decision.line, reasons: decision.reasons, before: knowledge.facts(of: ids))
    }

    // MARK: runs that died

    /// Reads the fleet for what runs have left in doubt, before anything else is done.
    ///
    /// - Parameter willReadAll: whether the whole fleet is about to be read anyway.
    private func reconcile(unless willReadAll: Bool) async throws {
        guard !willReadAll, !state.withLock({ $0.hasReconciled }), await hasDoubts() else { return }
        await reconcile(with: try await next.list(.all))
    }

    /// What cannot be read of the state is left for a run that can; a change will be refused for the same reason.
    private func hasDoubts() async -> Bool {
        let doubts = try? await journal.database.perform { [reconciler] in try !reconciler.inDoubt().isEmpty }
        if doubts != true { state.withLock { $0.hasReconciled = true } }
        return doubts ?? false
    }

    private func reconcile(with snapshot: FleetSnapshot) async {
        let isDone = state.withLock { state in
            defer { state.hasReconciled = true }
            return state.hasReconciled
        }
        guard !isDone else { return }
        let findings = try? await journal.database.perform { [reconciler] in try reconciler.reconcile(with: snapshot) }
        for finding in findings ?? [] { tell(finding.text) }
    }
}
