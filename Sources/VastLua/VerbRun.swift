import FleetControl
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
    private let label: String?
    private var current: [InstanceID: Instance]
    private var order: ChangeOrder
    private var results: ChangeResults = [:]

    init(_ runtime: Runtime, _ verb: Change.Verb, _ targets: Targets, label: String?, _ options: VerbOptions) {
        self.runtime = runtime
        self.verb = verb
        self.targets = targets
        self.options = options
        self.label = label
        current = targets.snapshots
        order = ChangeOrder(verb, [], label: label)
        order.unavailable = options.unavailable
        order.confirmed = options.confirm ?? []
    }

    func begin(_ call: borrowing LuaCall) throws -> LuaOutcome {
        order.decision = runtime.decision(call)
        let oldest = runtime.now - Self.freshness
        let stale = targets.snapshots.filter { $0.value.observedAt.timeIntervalSince1970 < oldest }
        guard !stale.isEmpty else { return try askReasons(call) }
        return try runtime.read(call, stale.keys.sorted()) { [self] call, rows in
            let fresh = Dictionary(uniqueKeysWithValues: rows.map { ($0.id, $0) })
            for (id, before) in stale { compare(id, before, fresh[id]) }
            return try askReasons(call)
        }
    }

    // MARK: what has changed since

    private func compare(_ id: InstanceID, _ before: Instance, _ now: Instance?) {
        guard let now else {
            results[id] = .failure(VastError(.notFound, "instance \(id) is gone", instance: id))
            return
        }
        current[id] = now
        let own = runtime.fleet.ownChanges(of: id)
        if now.label != before.label, !own.contains(where: { $0.verb == .label }) {
            conflict(id, "its label was '\(before.label)' and is '\(now.label)'")
        } else if now.state != before.state, !own.contains(where: { $0.verb != .label }) {
            conflict(id, "it was \(before.state.rawValue) and is \(now.state.rawValue)")
        }
    }

    private func conflict(_ id: InstanceID, _ what: String) {
        let message = "\(verb.rawValue) \(id): changed since it was read: \(what). Read it again and decide anew"
        results[id] = .failure(VastError(.conflict, message, instance: id))
    }

    /// Whether the fleet is as wanted already, as far as a fresh snapshot tells; a bare id says "I know".
    private func isSatisfied(_ id: InstanceID) -> Bool {
        guard let instance = current[id] else { return false }
        let readAt = instance.observedAt.timeIntervalSince1970
        guard !runtime.fleet.hasOwnChange(of: id, since: readAt) else { return false }
        switch verb {
        case .stop: return instance.state == .stopped && instance.isInterruptible == false
        case .start: return instance.state == .running
        case .label: return instance.label == label
        case .reboot, .recycle, .destroy, .other: return false
        }
    }

    // MARK: reasons

    /// Asks a `reason` function about each instance, one after the other.
    private func askReasons(_ call: borrowing LuaCall) throws -> LuaOutcome {
        order.ids = targets.ids.filter { results[$0] == nil && !isSatisfied($0) }
        noteSatisfied(targets.ids.filter { results[$0] == nil && isSatisfied($0) })
        if case .text(let text) = options.reason { for id in order.ids { order.decision.reasons[id] = text } }
        guard case .function(let function) = options.reason else { return try send(call) }
        return try askReason(call, function, order.ids[...])
    }

    private func noteSatisfied(_ ids: [InstanceID]) {
        guard !ids.isEmpty else { return }
        for id in ids {
            runtime.fleet.noteSatisfied(verb, id, label: label)
            results[id] = .success(())
        }
        // Without a service nothing can have been read, and nothing is satisfied.
        try? runtime.service().noteSatisfied(order.only(ids))
    }

    private func askReason(
        _ call: borrowing LuaCall, _ function: LuaReference, _ rest: ArraySlice<InstanceID>
    ) throws -> LuaOutcome {
        guard let id = rest.first else { return try send(call) }
        return try call.call(
            function,
            arguments: { [self] writer in
                if let instance = current[id] ?? runtime.fleet.lastReading(of: id) {
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
        for id in order.ids { order.decision.seen[id] = runtime.seenFields[id] }
        let (service, order) = (try runtime.service(), order)
        runtime.fleet.noteSent(order)
        runtime.readings.forget()
        return call.wait(for: { try await service.change(order) }, thenResult: { [self] call, outcome in
            runtime.readings.forget()
            switch outcome {
            case .success(let changed): take(changed)
            case .failure(let error as VastError): take(error)
            case .failure(let error): throw error  // cancelled: whether it arrived is for the confirmation to tell
            }
            return try finish(call)
        })
    }

    private func take(_ changed: ChangeResults) {
        runtime.fleet.note(order, changed, now: runtime.now)
        results.merge(changed) { $1 }
    }

    /// An error of the whole order stands for every instance that has no result of its own.
    private func take(_ error: VastError) {
        var changed = error.results
        for id in order.ids where changed[id] == nil { changed[id] = .failure(error) }
        take(changed)
    }

    private func finish(_ call: borrowing LuaCall) throws -> LuaOutcome {
        if let error = failure() { throw error }
        guard let wait = options.wait else {
            call.results.boolean(true)
            return .values
        }
        let probe = ChangeRecord(id: 0, verb: verb, label: label, status: .accepted)
        return try StateWait(
            runtime, targets.ids, timeout: wait, wanted: verb.past, { $0.map { probe.isShown(by: $0) } ?? (self.verb == .destroy) }
        ) { call, _ in
            call.results.boolean(true)
            return .values
        }.step(call)
    }

    /// What is raised: a single target's own error, or one `partial` for a list.
    private func failure() -> VastError? {
        let failures = targets.ids.compactMap { id -> (InstanceID, VastError)? in
            if case .failure(let error)? = results[id] { (id, error) } else { nil }
        }
        guard let (_, first) = failures.first else { return nil }
        if targets.isSingle { return first }
        if var ending = failures.first(where: { $0.1.endsList })?.1 {
            ending.results = results
            return ending
        }
        let shown = failures.prefix(3).map { "\($0.0): \($0.1.message)" }.joined(separator: "; ")
        let more = failures.count > 3 ? " and \(failures.count - 3) more" : ""
        return VastError(
            .partial, "\(verb.rawValue): \(failures.count) of \(targets.ids.count) failed: \(shown)\(more)",
            results: results)
    }
}
