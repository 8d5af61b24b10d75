package import FleetClock
internal import Synchronization
package import VastAPI
package import VastJSON

/// The link of the chain that judges every call on its final list, before anything of it is sent.
package final class Guarded: FleetService {
    /// What happens to a call that a limit stands against.
    package enum Mode: Sendable {
        /// It is refused.
        case refuse
        /// It goes on, and the refusal is told: in a dry run.
        case tell(@Sendable (GuardRefusal) -> Void)
    }

    package struct Settings: Sendable {
        /// What holds over the script's own limits, with names for people.
        package var ceilings: [(name: String, limits: GuardLimits)] = []
        package var mode = Mode.refuse
        /// How a refusal says what would allow it.
        package var place = GuardRefusal.Place.script
        /// What counts against the limits; shared by all chains of a process.
        package var book = GuardBook()
        /// Stops every change of every script; nil: there is no such file.
        package var freeze: FreezeFile?
        package var sanity = SanityWatch()
        /// The changes of other runs of the account since an instant (Unix seconds).
        package var others: @Sendable (Double) async throws -> [GuardEntry] = { _ in [] }

        package init() {}
    }

    private struct State {
        var script = GuardLimits.none
        var rules: GuardRules
    }

    private let next: any FleetService
    private let knowledge: FleetKnowledge
    private let settings: Settings
    private let clock: any FleetClock
    private let state: Mutex<State>

    package init(_ next: any FleetService, knowledge: FleetKnowledge, clock: any FleetClock, settings: Settings = Settings()) {
        self.next = next
        self.knowledge = knowledge
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

    // MARK: readings

    package func list(_ query: ListQuery) async throws -> FleetSnapshot {
        let snapshot = try await next.list(query)
        knowledge.note(snapshot)
        settings.sanity.note(snapshot)
        return snapshot
    }

    package func show(_ id: InstanceID) async throws -> Instance? {
        let instance = try await next.show(id)
        if let instance { knowledge.note(instance) }
        return instance
    }

    package func user() async throws -> User { try await next.user() }

    // MARK: changes

    package func change(_ order: ChangeOrder) async throws -> ChangeResults {
        let ticket = try await admit(GuardOrder(order.verb, order.ids, confirmed: order.confirmed), order.decision.scope)
        let sent = order.only(order.ids.filter { ticket.frozen[$0] == nil })
        var results: ChangeResults = ticket.frozen.mapValues { .failure($0) }
        guard !sent.ids.isEmpty else { return results }
        do {
            results.merge(try await next.change(sent)) { $1 }
        } catch let error as VastError {
            note(sent.verb, sent.label, error.results, ticket, failure: error, ids: sent.ids)
            throw error
        }
        note(sent.verb, sent.label, results, ticket, failure: nil, ids: sent.ids)
        return results
    }

    package func request(_ order: RequestOrder) async throws -> JSON? {
        guard let change = try KnownRequest(order.method, path: order.path, body: order.body).change else {
            return try await next.request(order)
        }
        let ticket = try await admit(GuardOrder(change.verb, change.instances, confirmed: order.confirmed), order.decision.scope)
        if let error = ticket.frozen.values.first { throw error }
        do {
            let answer = try await next.request(order)
            let results = Dictionary(uniqueKeysWithValues: Set(change.instances).map { ($0, Result<Void, VastError>.success(())) })
            note(change.verb, change.label, results, ticket, failure: nil, ids: change.instances)
            return answer
        } catch let error as VastError {
            note(change.verb, change.label, error.results, ticket, failure: error, ids: change.instances)
            throw error
        }
    }

    package func noteSatisfied(_ order: ChangeOrder) { next.noteSatisfied(order) }

    private func note(
        _ verb: Change.Verb, _ label: String?, _ results: ChangeResults, _ ticket: Ticket, failure: VastError?, ids: [InstanceID]
    ) {
        var undone: Set<InstanceID> = []
        var destroyed = 0
        for id in ids {
            switch results[id] ?? failure.map({ .failure($0) }) {
            case .success?:
                knowledge.note(verb, id, label: label)
                destroyed += verb == .destroy ? 1 : 0
            case .failure(let error)?:
                if error.effect == .none { undone.insert(id) }
            case nil: break
            }
        }
        settings.sanity.noteDestroyed(destroyed)
        settings.book.release(ticket.number, of: undone)
    }

    // MARK: judging

    /// What was let through.
    private struct Ticket {
        var number: Int
        /// Instances that their labels freeze, with the error for each.
        var frozen: [InstanceID: VastError]
    }

    private func admit(_ order: GuardOrder, _ scope: UInt64) async throws -> Ticket {
        let now = clock.unixTime
        if let freeze = settings.freeze?.current(at: now) { throw freeze.refusal(at: now) }
        try await read(knowledge.unknown(order.ids, at: now))
        if let refusal = settings.sanity.refusal { throw refusal }
        let facts = knowledge.facts(of: order.ids)
        let frozen = FreezeLabel.frozen(order.ids, facts)
        let errors = Dictionary(uniqueKeysWithValues: frozen.compactMap { id in facts[id].map { (id, FreezeLabel.refusal($0)) } })
        var rest = order
        rest.ids.removeAll { errors[$0] != nil }
        if rest.ids.isEmpty, !order.ids.isEmpty { return Ticket(number: 0, frozen: errors) }
        return Ticket(number: try await judge(rest, scope), frozen: errors)
    }

    /// Reads instances before they are acted on.
    private func read(_ ids: [InstanceID]) async throws {
        for start in stride(from: 0, to: ids.count, by: Self.largestQuery) {
            let chunk = Array(ids[start..<min(start + Self.largestQuery, ids.count)])
            let rows = try await list(.ids(chunk)).instances
            knowledge.noteAbsent(Set(chunk).subtracting(rows.map(\.id)), at: clock.unixTime)
        }
    }

    /// How many ids one request may ask for.
    private static let largestQuery = 300

    private func judge(_ order: GuardOrder, _ scope: UInt64) async throws -> Int {
        var hasReadFleet = false
        while true {
            let (verdict, ticket) = try await verdict(order, scope)
            switch verdict {
            case .allowed: return ticket
            case .refused(let refusal):
                guard case .tell(let tell) = settings.mode else { throw refusal.error(in: settings.place) }
                tell(refusal)
                return ticket
            case .needsFleet, .needsInstances:
                guard !hasReadFleet else { throw Self.unjudgeable(order) }
                hasReadFleet = true
                _ = try await list(.all)
                if let refusal = settings.sanity.refusal { throw refusal }
            }
        }
    }

    private func verdict(_ order: GuardOrder, _ scope: UInt64) async throws -> (Guard.Verdict, ticket: Int) {
        let now = clock.unixTime
        let others = try await others(since: now - 3_600)
        let fleet = knowledge.fleet(at: now)
        let judge = Guard(state.withLock { $0.rules })
        let entries = (order.ids.isEmpty ? [0] : order.ids).map { GuardEntry(order.verb, $0, facts: fleet.facts[$0]) }
        return settings.book.admit(entries, scope: scope, at: now) { run, hour in
            let verdict = judge.judge(order, fleet: fleet, run: run, hour: hour + others)
            return (verdict, isAdmitted(verdict))
        }
    }

    /// What cannot be read of the state cannot be written either: nothing is sent then.
    private func others(since time: Double) async throws -> [GuardEntry] {
        do { return try await settings.others(time) } catch let error as StateError { throw error.refusal }
    }

    private func isAdmitted(_ verdict: Guard.Verdict) -> Bool {
        switch (verdict, settings.mode) {
        case (.allowed, _), (.refused, .tell): true
        case (.refused, .refuse), (.needsFleet, _), (.needsInstances, _): false
        }
    }

    private static func unjudgeable(_ order: GuardOrder) -> VastError {
        VastError(
            .guard,
            "\(order.verb.counted(order.count)) asked, and the whole fleet could not be read to judge that. Nothing was sent")
    }
}
