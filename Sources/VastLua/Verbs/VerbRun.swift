import FleetSafety
import LuaEngine
import VastAPI

/// One call of a verb: reads stale snapshots again, leaves out what is so already, asks for reasons, sends the rest in
/// one order, and waits if told to.
final class VerbRun {
    /// A snapshot older than this is read again before it is acted on, in seconds.
    static let freshness = 60.0

    private let runtime: Runtime
    private let verb: Change.Verb
    private let targets: Targets
    private let options: VerbOptions
    private let payload: ChangePayload?
    private var current: [InstanceID: Instance]
    private var order: ChangeOrder
    private var outcomes: ChangeOutcomes
    /// Those that are left out, since they are not as the script saw them.
    private var conflicts: Set<InstanceID> = []

    init(_ runtime: Runtime, _ verb: Change.Verb, _ targets: Targets, _ payload: ChangePayload?, _ options: VerbOptions) {
        self.runtime = runtime
        self.verb = verb
        self.targets = targets
        self.options = options
        self.payload = payload
        current = targets.snapshots
        outcomes = ChangeOutcomes(targets.ids)
        order = ChangeOrder(verb, [], payload)
        order.unavailable = options.unavailable
        order.confirmed = options.confirm ?? []
        order.highest = options.highest
    }

    func begin(_ call: borrowing LuaCall) throws -> LuaOutcome {
        order.decision = runtime.fleet.decision(
            call, about: targets.ids, interrupting: verb.rules.effect(payload, on: nil).interrupts)
        let now = runtime.now
        // One of the future was read before somebody set the clock back.
        let stale = targets.snapshots.filter { abs(now - $0.value.observedAt.timeIntervalSince1970) > Self.freshness }
        guard !stale.isEmpty else { return try askReasons(call) }
        return try runtime.fleet.read(call, stale.keys.sorted(), about: targets.subject) { [self] call, rows in
            let fresh = Dictionary(uniqueKeysWithValues: rows.map { ($0.id, $0) })
            for (id, before) in stale { compare(id, before, fresh[id]) }
            return try askReasons(call)
        }
    }

    // MARK: what has changed since

    private func compare(_ id: InstanceID, _ before: Instance, _ now: Instance?) {
        guard let now else {
            conflicts.insert(id)
            return outcomes.set(id, .notSent(VastError(.notFound, "instance \(id) is gone", instance: id)))
        }
        current[id] = now
        let own = runtime.ledger.changes(of: id).filter(\.isAccepted)
        if now.label != before.label, !own.contains(where: { $0.verb == .label }) {
            conflict(id, "its label was '\(before.label)' and is '\(now.label)'")
        } else if now.state != before.state, !own.contains(where: { $0.verb.aspect == .state }) {
            conflict(id, "it was \(before.state.rawValue) and is \(now.state.rawValue)")
        }
    }

    private func conflict(_ id: InstanceID, _ what: String) {
        let message = "\(verb.rawValue) \(id): changed since it was read: \(what). Read it again and decide anew"
        conflicts.insert(id)
        outcomes.set(id, .notSent(VastError(.conflict, message, instance: id)))
    }

    // MARK: reasons

    /// Asks a `reason` function about each instance, one after the other; not about those that are so already.
    private func askReasons(_ call: borrowing LuaCall) throws -> LuaOutcome {
        order.ids = targets.ids.filter { !conflicts.contains($0) }
        if case .text(let text) = options.reason { for id in order.ids { order.decision.reasons[id] = text } }
        guard case .function(let function) = options.reason else { return try send(call) }
        // The function is given instances, not ids that nobody has looked at.
        let unknown = order.ids.filter { current[$0] == nil && runtime.fleet.memory.lastReading(of: $0) == nil }
        guard !unknown.isEmpty else { return try askReason(call, function, order.ids.filter { !isSatisfied($0) }[...]) }
        return try runtime.fleet.read(call, unknown, about: targets.subject) { [self] call, rows in
            for row in rows { current[row.id] = row }
            return try askReason(call, function, order.ids.filter { current[$0] != nil && !isSatisfied($0) }[...])
        }
    }

    private func isSatisfied(_ id: InstanceID) -> Bool {
        current[id].map { verb.rules.isSatisfied(InstanceFacts($0), payload) } ?? false
    }

    private func askReason(
        _ call: borrowing LuaCall, _ function: LuaReference, _ rest: ArraySlice<InstanceID>
    ) throws -> LuaOutcome {
        guard let id = rest.first else { return try send(call) }
        return try call.call(
            function,
            arguments: { [self] writer in
                if let instance = current[id] ?? runtime.fleet.memory.lastReading(of: id) {
                    runtime.write(instance, writer)
                } else {
                    writer.nil()
                }
            },
            then: { [self] call in
                order.decision.reasons[id] = try call.calleeResults[0].isNil ? nil : call.host.text(of: call.calleeResults[0])
                return try askReason(call, function, rest.dropFirst())
            })
    }

    // MARK: sending

    private func send(_ call: borrowing LuaCall) throws -> LuaOutcome {
        guard !order.ids.isEmpty else { return try finish(call) }
        for id in order.ids { order.decision.seen[id] = runtime.fleet.seenFields[id] }
        let (service, order) = (try targets.subject.attributing { try runtime.service(for: self.order) }, self.order)
        runtime.fleet.readings.forget()
        return call.wait(for: { await service.change(order) }) { [self] call, changed in
            runtime.fleet.readings.forget()
            outcomes.merge(changed)
            return try finish(call)
        }
    }

    private func finish(_ call: borrowing LuaCall) throws -> LuaOutcome {
        // A single target's own error, or one for the list.
        if let error = outcomes.failure(of: verb, isSingle: targets.isSingle) { throw targets.subject.error(error) }
        let names = Dictionary(
            uniqueKeysWithValues: targets.ids.compactMap { id in
                (current[id] ?? runtime.fleet.memory.lastReading(of: id)).map { (id, InstanceFacts($0).name) }
            })
        let result = VerbResult(
            verb, payload, outcomes, targets, isPlanned: runtime.isPlanning, names: names)
        if let wait = options.wait { return try runtime.verbs.wait(for: result, wait, call) }
        runtime.verbs.write(result, call.results)
        return .values
    }
}
