import FleetClock
import FleetRules
import FleetSafety
import LuaEngine
import VastAPI

/// How a policy acts: word first, then what has to be done before, then the action.
extension PolicyRun {
    func act(_ call: borrowing LuaCall, then body: @escaping LuaBinding) throws -> LuaOutcome {
        limit()
        let told = policy.rules.grace > .zero ? begun : due.map(\.instance)
        return try tell(call, told[...]) { [self] call in
            try prepare(call, due[...]) { [self] call in try perform(call, then: body) }
        }
    }

    /// More than ``PolicyRules/max`` are none, or the oldest.
    private func limit() {
        guard let max = policy.rules.max, due.count > max else { return }
        let message = "policy '\(policy.name)': \(due.count) instances match, max is \(max)"
        if policy.rules.overflow == .oldest {
            logger.warning("\(message); only the oldest are acted on")
            return replaceDue(Array(due.sorted { ($0.since, $0.instance.id) < ($1.since, $1.instance.id) }.prefix(max)))
        }
        failure = VastError(
            .guard, "\(message). None was acted on\n  to allow   max = \(due.count), or overflow = \"oldest\"")
        replaceDue([])
    }

    // MARK: before the action

    /// What `notify` raises for some is told and changes nothing. When it raises for all, nobody has been told: their grace
    /// begins with the look in which it works, and without grace they wait for that look.
    private func tell(
        _ call: borrowing LuaCall, _ rest: ArraySlice<Instance>, then body: @escaping LuaBinding
    ) throws -> LuaOutcome {
        guard let notify = policy.notify, let instance = rest.first else {
            if calls.hasFailed(.notify) { waitUntilTold() }
            return try body(call)
        }
        return try ask(call, notify, instance, why: whys[instance.id]) { [self] call in
            note(.notify, instance, call)
            return try tell(call, rest.dropFirst(), then: body)
        }
    }

    private func waitUntilTold() {
        guard policy.rules.grace > .zero else { return replaceDue([]) }
        for instance in begun { policy.memory.marks[instance.id] = nil }
    }

    /// An instance whose `before` fails waits for the next tick: when it raises, returns false, or runs a program that ends
    /// with another code than 0, unless it returns true all the same.
    private func prepare(
        _ call: borrowing LuaCall, _ rest: ArraySlice<Decision>, then body: @escaping LuaBinding
    ) throws -> LuaOutcome {
        guard let before = policy.before, let decision = rest.first else { return try body(call) }
        let (commands, task) = (runtime.programs.failures, runtime.host.currentTask)
        commands.begin(task)
        return try ask(call, before, decision.instance) { [self] call in
            let (command, answer) = (commands.end(task).last, call.calleeFailed ? nil : call.calleeResults[0].boolean)
            note(.before, decision.instance, call)
            if call.calleeFailed || answer == false || (command != nil && answer != true) {
                logger.warning(
                    "policy '\(policy.name)': \(decision.instance) waits, since what comes before has failed\(command.map { ": \($0)" } ?? "")"
                )
                replaceDue(due.filter { $0.instance.id != decision.instance.id })
            }
            return try prepare(call, rest.dropFirst(), then: body)
        }
    }

    /// - Parameter why: what the function gets as its second argument; nil: nothing.
    private func ask(
        _ call: borrowing LuaCall, _ function: LuaReference, _ instance: Instance, why: String? = nil, then body: @escaping LuaBinding
    ) throws -> LuaOutcome {
        try call.protectedCall(
            function,
            arguments: { [runtime] writer in
                runtime.write(instance, writer)
                if let why { writer.string(why) }
            }, then: body)
    }

    /// Notes how a function has fared, and says what it has raised.
    private func note(_ function: PolicyFunction, _ instance: Instance, _ call: borrowing LuaCall) {
        guard call.calleeFailed else { return calls.note(function, instance.id, nil) }
        let error = call.calleeError()
        calls.note(function, instance.id, error)
        logger.error("policy '\(policy.name)': \(function.rawValue) of \(instance.id) failed: \(runtime.errors.trace(error))")
    }

    // MARK: the action

    private func perform(_ call: borrowing LuaCall, then body: @escaping LuaBinding) throws -> LuaOutcome {
        if case .function(let function) = policy.action { return try performEach(call, function, due[...], then: body) }
        return try perform(call, [.stop, .start], then: body)
    }

    /// One order for all instances of a verb; stops come first.
    private func perform(
        _ call: borrowing LuaCall, _ verbs: ArraySlice<Change.Verb>, then body: @escaping LuaBinding
    ) throws -> LuaOutcome {
        guard let verb = verbs.first else { return try body(call) }
        let decisions = due.filter { $0.verb == verb }
        guard !decisions.isEmpty else { return try perform(call, verbs.dropFirst(), then: body) }
        let reasons = Dictionary(decisions.map { ($0.instance.id, reason($0)) }) { first, _ in first }
        return try call.protectedCall(
            try runtime.verbs.function(verb),
            arguments: { [runtime] writer in
                runtime.fleet.policyUtilization = Set(decisions.filter(\.usesUtilization).map(\.instance.id))
                runtime.write(decisions.map(\.instance), from: .condition, writer)
                writer.table(fields: 2) {
                    // Its match, or all, says whom it is about.
                    writer.field("all") { writer.boolean(true) }
                    writer.field("reason") {
                        writer.function("vast.policy") { call in
                            call.results.string(reasons[try runtime.fleet.receiver(call).id] ?? "")
                            return .values
                        }
                    }
                }
            },
            then: { [self] call in
                runtime.fleet.policyUtilization = nil
                note(decisions, failure: call.calleeFailed ? call.calleeError() : nil)
                return try isEnded ? body(call) : perform(call, verbs.dropFirst(), then: body)
            })
    }

    /// Whether what has failed would make everything after it fail, too.
    var isEnded: Bool { (failure as? LuaError).map(runtime.errors.endsList) ?? false }

    /// Whether the same would happen to every other policy: a limit of the guard is about one, a freeze about all.
    var endsTick: Bool {
        guard isEnded, let error = failure as? LuaError else { return false }
        return runtime.errors.exitKind(error) != VastError.Kind.guard.rawValue
    }

    private func performEach(
        _ call: borrowing LuaCall, _ function: LuaReference, _ rest: ArraySlice<Decision>, then body: @escaping LuaBinding
    ) throws -> LuaOutcome {
        guard let decision = rest.first, !isEnded else { return try body(call) }
        return try ask(call, function, decision.instance, why: decision.why) { [self] call in
            let error = call.calleeFailed ? call.calleeError() : nil
            calls.note(.action, decision.instance.id, error)
            note([decision], failure: error)
            return try performEach(call, function, rest.dropFirst(), then: body)
        }
    }

    private func reason(_ decision: Decision) -> String {
        let held = policy.rules.grace > .zero ? ", held \(DurationFormat.format(Duration(clampingSeconds: now - decision.since)))" : ""
        return ["policy \(policy.name)", decision.why + held].filter { !$0.isEmpty }.joined(separator: ": ")
    }

    /// Remembers what was done. What failed is no act of ours: a start by hand after it has nothing to do with us. A verb that
    /// the service did not follow is tried again when its cooldown is over; a function that raised, and what the guard refused,
    /// in the next look.
    private func note(_ decisions: [Decision], failure error: LuaError?) {
        let succeeded = error.map { runtime.policies.successes(of: $0) }
        for decision in decisions {
            let id = decision.instance.id
            let isDone = succeeded?.contains(id) ?? true
            if isDone || hasCooldown(decision, error) {
                policy.memory.acts[id] = .init(time: now, verb: isDone ? decision.verb ?? .other : .other)
            }
            guard isDone else {
                if decision.edge != nil { tellNotFollowed(decision, error) }
                continue
            }
            if let verb = decision.verb, !runtime.isPlanning {
                logger.info("policy '\(policy.name)': \(verb.rawValue) of \(InstanceFacts(decision.instance).name): \(decision.why)")
            }
            policy.memory.marks[id] = nil
            if let edge = decision.edge { policy.memory.edges[id] = edge }
        }
        guard let error else { return }
        logger.error("policy '\(policy.name)': \(runtime.errors.describe(error))")
        if failure == nil { (failure, isFailureTold) = (error, true) }
    }

    /// Whether what has failed waits before it is tried again: nothing was attempted where the guard has refused.
    private func hasCooldown(_ decision: Decision, _ error: LuaError?) -> Bool {
        decision.verb != nil && error.map(runtime.errors.exitKind) != VastError.Kind.guard.rawValue
    }

    /// A switch of the hours has not come about; it is tried again until the next one.
    private func tellNotFollowed(_ decision: Decision, _ error: LuaError?) {
        var change = FleetChange(.notFollowed, decision.instance.id, before: nil, now: decision.instance)
        (change.by, change.verb) = (.us, decision.verb)
        change.why = "policy \(policy.name): \(error?.message ?? "failed")"
        runtime.events.poller.note([change])
    }
}
