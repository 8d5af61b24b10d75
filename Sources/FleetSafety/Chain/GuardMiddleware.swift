package import FleetRules
package import FleetStore
package import FleetClock
internal import Synchronization
package import VastAPI
package import VastJSON

/// The first link of the chain: judges every call on its final list before anything of it is sent, leaves out what is so
/// already, and enters into the ledger what becomes of it.
package final class GuardMiddleware: FleetChain {
    /// What happens to a call that a limit stands against.
    package enum Mode: Sendable {
        /// It is refused.
        case refuse
        /// It goes on, and the refusal is told: in a dry run.
        case tell(@Sendable (GuardRefusal) -> Void)
    }

    struct State {
        var script = GuardLimits.none
        var rules: GuardRules
    }

    let next: any FleetService
    /// What it judges by, and where it enters what becomes of a call.
    package let books: ChainBooks
    let settings: Settings
    let clock: any FleetClock
    let state: Mutex<State>
    let onJudged: (@Sendable (JudgedCall) -> Void)?

    package var ledger: ChangeLedger { books.ledger }

    /// - Parameters:
    ///   - books: what it judges by.
    package convenience init(_ next: any FleetService, books: ChainBooks, clock: any FleetClock, settings: Settings = Settings()) {
        self.init(next, books: books, clock: clock, settings: settings, onJudged: nil)
    }

    /// - Parameter onJudged: told of every call that is let through.
    init(
        _ next: any FleetService, books: ChainBooks, clock: any FleetClock, settings: Settings,
        onJudged: (@Sendable (JudgedCall) -> Void)?
    ) {
        self.next = next
        self.onJudged = onJudged
        self.books = books
        self.clock = clock
        self.settings = settings
        state = Mutex(State(rules: GuardRules(ceilings: settings.ceilings)))
    }

    /// Takes limits of the script's own; what an earlier call said and this one does not stays, and nothing that was
    /// protected ceases to be.
    ///
    /// - Returns: what to warn of: values above a ceiling.
    /// - Throws: ``VastError`` of kind `invalid_argument` for a number that bounds nothing.
    package func limit(_ limits: GuardLimits) throws -> [String] {
        try limits.check()
        return state.withLock { state in
            state.script.numbers.merge(limits.numbers) { $1 }
            state.script.permissions.merge(limits.permissions) { $1 }
            state.script.protect.formUnion(limits.protect)
            state.rules = GuardRules(script: state.script, origins: settings.origins, ceilings: settings.ceilings)
            return state.rules.warnings
        }
    }

    /// The limits of the script's own.
    package var scriptLimits: GuardLimits { state.withLock { $0.script } }

    // MARK: readings

    package func list(_ query: ListQuery) async throws -> FleetSnapshot {
        let read = try await next.list(query)
        let snapshot = read.with(await knowingStarts(await knowingOutbid(read.instances)))
        if read.isAuthoritative { books.outbid.keep(only: Set(read.instances.map(\.id))) }
        note(snapshot)
        return snapshot
    }

    private func note(_ snapshot: FleetSnapshot) {
        books.knowledge.note(snapshot)
        ledger.note(snapshot)
        settings.sanity.note(
            snapshot, destroyed: ledger.destroyedCount, started: ledger.started(since: clock.unixTime - FleetSanity.settlingTime))
    }

    package func show(_ id: InstanceID) async throws -> Instance? {
        let read = try await next.show(id)
        let instance = await knowingStarts(await knowingOutbid(read.map { [$0] } ?? [], isClose: true)).first
        if let instance {
            books.knowledge.note(instance)
            ledger.note(.one(instance))
        }
        return instance
    }

    package func user() async throws -> User { try await next.user() }

    // MARK: changes

    package func change(_ order: ChangeOrder) async -> ChangeOutcomes {
        var order = order
        order.ids = GuardOrder(order.verb, order.ids).ids
        var outcomes = ChangeOutcomes(order.ids)
        let facts: [InstanceID: InstanceFacts]
        do {
            facts = try await prepare(&order, &outcomes)
            if !order.ids.isEmpty { order = try await admit(order, facts) }
        } catch {
            outcomes.end(by: VastError(refusing: error))
            return note(order, outcomes)
        }
        guard !order.ids.isEmpty else { return note(order, outcomes) }
        outcomes.merge(await next.change(order))
        return note(order, outcomes)
    }

    /// Enters how a call ended.
    private func note(_ order: ChangeOrder, _ outcomes: ChangeOutcomes) -> ChangeOutcomes {
        let ids = Array(outcomes.byID.keys)
        let facts = books.facts(of: ids).merging(order.note?.before ?? [:]) { $1 }
        books.knowledge.doubt(ids.filter { if case .unknown? = outcomes[$0] { true } else { false } })
        ledger.note(order, outcomes, call: order.note?.call ?? ledger.newCall(), facts: facts, at: clock.unixTime)
        return outcomes
    }

    func note(_ order: ChangeOrder, call: Int, _ facts: [InstanceID: InstanceFacts]) -> CallNote {
        CallNote(
            call: call, line: order.decision.line, reasons: order.decision.reasons,
            before: facts.filter { order.ids.contains($0.key) })
    }
}
