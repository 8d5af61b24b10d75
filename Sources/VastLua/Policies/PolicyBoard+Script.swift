import FleetCalendar
import FleetClock
package import FleetRules
import LuaEngine
import VastAPI

/// `vast.policy{…}`
extension Runtime {
    /// What was found about the instance of ``Options/explained``.
    package var findings: [PolicyFinding] { policies.findings }

    func policy(_ call: borrowing LuaCall) throws -> LuaOutcome {
        let policy = try PolicyReader(self, call).policy()
        try policies.add(policy)
        call.results.object(policy, as: policyType)
        return .values
    }

    func makePolicyType() -> LuaType<Policy> {
        LuaType(
            "vast.policy",
            methods: methods(.policy),
            metamethods: [
                ("__index", { [unowned self] in try policyField($0) }),
                (
                    "__tostring",
                    { [unowned self] call in
                        call.results.string("policy \(try call.object(1, "policy", policyType).name)")
                        return .values
                    }
                )
            ])
    }

    func cancelPolicy(_ call: borrowing LuaCall) throws -> LuaOutcome {
        policies.cancel(try call.object(1, "policy", policyType))
        return .values
    }

    private func policyField(_ call: borrowing LuaCall) throws -> LuaOutcome {
        let policy = try call.object(1, "policy", policyType)
        switch call.argument(2).string {
        case "name": call.results.string(policy.name)
        case "every": call.results.number(policy.interval.seconds)
        case "next":
            if let next = policies.job(of: policy)?.nextUptime, !policy.isCancelled {
                call.results.number(now + (next - host.clock.uptime).seconds)
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

    /// A verb as a function that can be called for the script; made when it is first needed.
    ///
    /// - Throws: `LuaError` of kind `memory`.
    func verbFunction(_ verb: Change.Verb) throws -> LuaReference {
        if let made = verbFunctions[verb] { return made }
        let function = try host.build { writer in
            writer.function("vast.\(verb.rawValue)") { [unowned self] in try perform(verb, $0) }
        }
        verbFunctions[verb] = function
        return function
    }

    /// Whether nobody has read an instance before: no run, no other process.
    func isNew(_ instance: Instance) -> Bool {
        let readAt = instance.observedAt.timeIntervalSince1970
        let first = [fleet.readings.samples(of: instance.id).first?.time, sampleHistory.firstSeen(instance.id)].compactMap(\.self).min()
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
