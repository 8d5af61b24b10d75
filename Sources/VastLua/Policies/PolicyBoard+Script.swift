import FleetCalendar
import FleetClock
import FleetRules
import LuaEngine
import VastAPI

/// `vast.policy{…}`
extension PolicyBoard {
    func new(_ call: borrowing LuaCall) throws -> LuaOutcome {
        let policy = try PolicyReader(runtime, call).policy()
        try add(policy)
        call.results.object(policy, as: policyType)
        return .values
    }

    func makePolicyType() -> LuaType<Policy> {
        LuaType(
            "vast.policy",
            methods: runtime.methods(.policy),
            metamethods: [
                ("__index", bound { try $0.policyField($1) }),
                shown { board, call in "policy \(try call.object(1, "policy", board.policyType).name)" }
            ])
    }

    func cancel(_ call: borrowing LuaCall) throws -> LuaOutcome {
        cancel(try call.object(1, "policy", policyType))
        return .values
    }

    private func policyField(_ call: borrowing LuaCall) throws -> LuaOutcome {
        let policy = try call.object(1, "policy", policyType)
        switch call.argument(2).string {
        case "name": call.results.string(policy.name)
        case "every": call.results.number(policy.interval.seconds)
        case "next":
            if let next = job(of: policy)?.nextUptime, !policy.isCancelled {
                call.results.number(runtime.now + (next - clock.uptime).seconds)
            } else {
                call.results.nil()
            }
        case let name:
            throw VastError.invalidArgument(
                LuaSuggestion.unknown("field of a policy", name ?? "?", among: ObjectDeclaration.policy.names))
        }
        return .values
    }

    // MARK: what policies need

    /// Whether nobody has read an instance before: no run, no other process.
    func isNew(_ instance: Instance) -> Bool {
        let readAt = instance.observedAt.timeIntervalSince1970
        let first = [runtime.fleet.memory.readings.firstTime(of: instance.id), runtime.samples.kept.firstSeen(instance.id)]
            .compactMap(\.self).min()
        return first.map { $0 > readAt - 1 } ?? true
    }

    /// The instances for which a verb has worked although it raised for others.
    func successes(of error: LuaError) -> Set<InstanceID> {
        guard case .reference(let reference) = error.value else { return [] }
        var ids: Set<InstanceID> = []
        try? host.withReference(reference) { view in
            try view.withField("results") { results in
                try results.forEachField { key, value in
                    if let id = key.integer, value.boolean == true { ids.insert(InstanceID(id)) }
                }
            }
        }
        return ids
    }
}
