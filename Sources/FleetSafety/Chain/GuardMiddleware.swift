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

    /// What a guard is set up with; the defaults have no ceiling, no freeze file and no knowledge of other runs.
    package struct Settings: Sendable {
        /// What holds over the script's own limits, with names for people.
        package var ceilings: [(name: String, limits: GuardLimits)] = []
        /// What happens to a call that a limit stands against.
        package var mode = Mode.refuse
        /// How a refusal says what would allow it.
        package var place = GuardRefusal.Place.script
        /// Stops every change of every script; nil: there is no such file.
        package var freeze: FreezeFile?
        /// Whether the last reading of the fleet is believed; shared by everybody who reads for this run.
        package var sanity = SanityTracker()
        /// The changes of other runs of the account since an instant (Unix seconds).
        package var others: @Sendable (Double) async throws -> OtherRuns = { _ in OtherRuns() }

        /// When an instance was first seen on, of the last time that earlier readings had it on, in Unix seconds; nil: never.
        package var lastOn: @Sendable (InstanceID) async -> Double? = { _ in nil }
        /// What an instance was when it was read last by an earlier run, and since when, in Unix seconds; nil: it never was.
        package var lastState: @Sendable (InstanceID) async -> (state: InstanceState, began: Double)? = { _ in nil }

        /// The defaults.
        package init() {}
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
            state.rules = GuardRules(script: state.script, ceilings: settings.ceilings)
            return state.rules.warnings
        }
    }

    /// The limits of the script's own.
    package var scriptLimits: GuardLimits { state.withLock { $0.script } }

    // MARK: readings

    package func list(_ query: ListQuery) async throws -> FleetSnapshot {
        let read = try await next.list(query)
        let snapshot = read.with(await knowingOutbid(read.instances))
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
        let instance = await knowingOutbid(read.map { [$0] } ?? [], isClose: true).first
        if let instance {
            books.knowledge.note(instance)
            ledger.note(FleetSnapshot(instances: [instance], observedAt: instance.observedAt, isComplete: false, isFiltered: true))
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

    /// Takes out of a call what has no need to be sent, or must not be; what is left is judged as a whole.
    ///
    /// - Returns: what is known of all of them.
    private func prepare(_ order: inout ChangeOrder, _ outcomes: inout ChangeOutcomes) async throws -> [InstanceID: InstanceFacts] {
        let now = clock.unixTime
        if let freeze = settings.freeze?.current(at: now) { throw freeze.refusal(at: now) }
        for id in destroyed(order) {
            outcomes.set(id, .satisfied)
            order.ids.removeAll { $0 == id }
        }
        try await read(order.ids, at: now)
        if let refusal = settings.sanity.refusal(usesUtilization: order.decision.usesUtilization) { throw refusal }
        for id in books.knowledge.absent(order.ids, at: clock.unixTime) {
            outcomes.set(
                id, .notSent(VastError(.notFound, "there is no instance \(id), as a complete list of the fleet shows", instance: id)))
            order.ids.removeAll { $0 == id }
        }
        var facts = books.facts(of: order.ids)
        var satisfied = satisfied(order, facts)
        // What is left out must be so now, not a minute ago, and a price is compared with the present one.
        if try await readAgain(order.payload?.kind == .price ? order.ids : satisfied, at: now) {
            if let refusal = settings.sanity.refusal(usesUtilization: order.decision.usesUtilization) { throw refusal }
            facts = books.facts(of: order.ids)
            satisfied = self.satisfied(order, facts)
        }
        try await refuse(&order, &outcomes, facts, at: now)
        satisfied.removeAll { !order.ids.contains($0) }
        for id in FreezeLabel.frozen(order.ids, facts) {
            if let frozen = facts[id] { outcomes.set(id, .notSent(FreezeLabel.refusal(frozen))) }
            order.ids.removeAll { $0 == id }
            satisfied.removeAll { $0 == id }
        }
        if !satisfied.isEmpty {
            for id in satisfied { outcomes.set(id, .satisfied) }
            var noted = order.only(satisfied)
            noted.note = note(order, call: ledger.newCall(), facts)
            next.noteSatisfied(noted)
            order.ids.removeAll(where: Set(satisfied).contains)
        }
        return facts
    }

    /// Those that this run has destroyed already, as far as no reading shows them since.
    private func destroyed(_ order: ChangeOrder) -> [InstanceID] {
        guard order.verb.rules.endsRental else { return [] }
        let shown = books.facts(of: order.ids)
        return order.ids.filter { id in
            shown[id] == nil && ledger.changes(of: id).contains { $0.verb.rules.endsRental && $0.isAccepted }
        }
    }

    /// Takes out what the verb itself does not allow on an instance.
    private func refuse(
        _ order: inout ChangeOrder, _ outcomes: inout ChangeOutcomes, _ facts: [InstanceID: InstanceFacts], at now: Double
    ) async throws {
        guard order.payload?.kind == .price else { return }
        let others = try await settings.others(now - Self.priceMemory).entries.filter { $0.verb == order.verb }
        for id in order.ids {
            let times =
                others.filter { $0.id == id }.map(\.time)
                + ledger.changes(of: id).filter { $0.verb == order.verb && $0.wasSent }.map(\.time)
            let bounds = ChangeBounds(highest: order.highest, sinceLast: times.max().map { max(0, now - $0) })
            let gone = VastError(.notFound, "instance \(id) is gone, or no reading shows it", instance: id)
            guard let error = facts[id].map({ order.verb.rules.refusal(order.payload, bounds, on: $0) }) ?? gone else { continue }
            outcomes.set(id, .notSent(error))
            order.ids.removeAll { $0 == id }
        }
    }

    /// How far back changes of prices are looked for, in seconds.
    private static let priceMemory = 600.0

    private func satisfied(_ order: ChangeOrder, _ facts: [InstanceID: InstanceFacts]) -> [InstanceID] {
        order.ids.filter { id in facts[id].map { order.verb.rules.isSatisfied($0, order.payload) } ?? false }
    }

    /// - Returns: whether some of them had to be read again.
    private func readAgain(_ ids: [InstanceID], at now: Double) async throws -> Bool {
        let old = books.knowledge.unread(ids, since: now - Self.satisfiedFreshness)
        for start in stride(from: 0, to: old.count, by: Self.largestQuery) {
            _ = try await list(.ids(old[start..<min(start + Self.largestQuery, old.count)]))
        }
        return !old.isEmpty
    }

    /// How old a reading may be by which nothing is sent, in seconds.
    private static let satisfiedFreshness = 5.0

    /// Reads instances before they are acted on; when some of them are not shown, the whole fleet.
    func read(_ ids: [InstanceID], at now: Double) async throws {
        let unknown = books.knowledge.unknown(ids, at: now)
        for start in stride(from: 0, to: unknown.count, by: Self.largestQuery) {
            _ = try await list(.ids(unknown[start..<min(start + Self.largestQuery, unknown.count)]))
        }
        guard !unknown.isEmpty, !books.knowledge.unknown(unknown, at: clock.unixTime).isEmpty else { return }
        _ = try await list(.all)
    }

    /// How many ids one request may ask for.
    private static let largestQuery = 300

    func note(_ order: ChangeOrder, call: Int, _ facts: [InstanceID: InstanceFacts]) -> CallNote {
        CallNote(
            call: call, line: order.decision.line, reasons: order.decision.reasons,
            before: facts.filter { order.ids.contains($0.key) })
    }
}
