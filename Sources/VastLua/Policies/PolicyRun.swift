import FleetRules
import FleetSafety
import Logging
import LuaEngine
import VastAPI

/// One policy in one tick: finds whom it is about, asks the script's functions about each, and keeps marks.
final class PolicyRun {
    /// What the policy has come to about an instance.
    struct Decision {
        let instance: Instance
        /// nil: a function of the script acts.
        let verb: Change.Verb?
        let why: String
        /// Since when the condition has held, in Unix seconds.
        var since: Double
        /// The switch of the hours that is dealt with by this.
        var edge: Int64?
        /// Whether it rests on how busy the instance is.
        var usesUtilization = false
    }

    let policy: Policy
    let runtime: Runtime
    let board: PolicyBoard
    private let memoryBefore: PolicyMemory
    let now: Double
    /// Those that are to be acted on.
    private(set) var due: [Decision] = []
    /// Those for which grace begins.
    private(set) var begun: [Instance] = []
    /// Why the condition holds, in words.
    private(set) var whys: [InstanceID: String] = [:]
    var failure: (any Error)?
    /// Whether somebody has been told of the failure.
    var isFailureTold = false
    /// The instances that match, and those of them that nobody has read before.
    private(set) var matched: (all: Set<InstanceID>, new: Set<InstanceID>) = ([], [])
    /// What the functions of the policy have raised in this look.
    var calls = PolicyFunctionCalls()

    private var candidates: [Instance] = []
    /// Why the instance that is to be explained is left alone whatever its condition says.
    private var held: PolicyHold?
    private var position = 0
    private var functionIndex = 0
    private let functions: [(field: String?, function: LuaReference)]
    /// Whether what was found about the instance at hand rests on how busy it is.
    private var usesUtilization = false
    /// Whether the script had asked how busy it is before the policy's functions did.
    private var wasReadBefore = false
    /// How many instances it could not be known of whether the condition holds, and why of the last of them.
    private var unknown: (count: Int, why: String) = (0, "")
    /// What the last function that was asked has said.
    private(set) var answer: (isTrue: Bool, why: String?) = (false, nil)

    init(_ runtime: Runtime, _ board: PolicyBoard, _ policy: Policy) {
        self.policy = policy
        self.runtime = runtime
        self.board = board
        memoryBefore = policy.memory
        now = runtime.now
        functions = policy.match.functions + (policy.when.map { [(nil, $0)] } ?? [])
    }

    /// Something is wrong with the policy itself: it does nothing in this tick, and raises at its end.
    func fail(_ error: any Error) { failure = failure ?? error }

    /// Takes the reading of the tick: notes what has become of earlier acts, and finds whom the policy is about.
    ///
    /// - Parameter isWhole: whether an instance without a row is gone; else what was done to it stays known.
    /// - Throws: `VastError` of kind `invalid_argument` for a field that does not exist.
    func take(_ rows: [Instance], isWhole: Bool) throws {
        try policy.match.check(rows)
        let matched = rows.filter(policy.match.matchesValues)
        if matched.isEmpty { runtime.fleet.hint(policy.match, rows) }
        self.matched = (Set(matched.map(\.id)), Set(matched.filter { runtime.policies.isNew($0) }.map(\.id)))
        explainMatch(rows)
        policy.memory.keep(matching: self.matched.all, existing: isWhole ? Set(rows.map(\.id)) : nil)
        // What was stopped may not match any more, such as {billing = "gpu"}: it is watched all the same.
        for instance in rows where policy.memory.knows(instance.id) {
            let runtime = runtime
            policy.memory.note(instance.state, of: instance.id, now: now, leaveAloneFor: policy.rules.leaveAloneFor) {
                runtime.ledger.changes(of: instance.id).contains { $0.isAccepted && $0.verb == .start }
            }
        }
        candidates = matched.filter { instance in
            guard let hold = hold(instance) else { return true }
            // Whoever wants to know why is told what its condition says all the same.
            if board.explained == instance.id {
                held = hold
                return true
            }
            settle(instance, isTrue: false, verb: nil, why: "", edge: firstEdge(of: instance))
            return false
        }
    }

    private func hold(_ instance: Instance) -> PolicyHold? {
        PolicyHold.find(
            instance.id, instance.state, wish: runtime.labels.objection(of: instance, now: now),
            isNew: !policy.memory.knows(instance.id) && runtime.policies.isNew(instance), policy.memory, policy.rules, now: now)
    }

    /// An instance that is left alone at first has been dealt with up to here.
    private func firstEdge(of instance: Instance) -> Int64? {
        guard policy.memory.edges[instance.id] == nil else { return nil }
        return policy.rules(for: instance, runtime).wanted(instance.state, handled: nil, now: now).edge
    }

    var logger: Logger { runtime.logger }

    // MARK: judging

    /// Asks about one instance after the other.
    func judge(_ call: borrowing LuaCall, then body: @escaping LuaBinding) throws -> LuaOutcome {
        while position < candidates.count {
            let instance = candidates[position]
            guard functionIndex < functions.count else {
                settle(instance)
                continue
            }
            let (field, function) = functions[functionIndex]
            if functionIndex == 0 {
                board.evidence.begin(call.host.currentTask)
                wasReadBefore = runtime.fleet.utilizationReads.remove(instance.id) != nil
            }
            return try call.protectedCall(
                function,
                arguments: { [runtime] writer in
                    if let field {
                        runtime.write(InstanceFields.value(field, of: instance) ?? FieldValue.none, writer)
                    } else {
                        runtime.write(instance, writer)
                    }
                },
                then: { [self] call in
                    hear(call, instance)
                    return try judge(call, then: body)
                })
        }
        return try body(call)
    }

    /// A policy of which a function has raised for every instance that it was asked about cannot work. That stays known until
    /// that function has worked: a look in which nobody asks it proves nothing.
    private func failWhenAllRaised() {
        if let (function, what, error) = calls.failure {
            let text = "\(what): \(error.message)"
            policy.memory.noteFailure(text, of: function, now: now)
            // What the others raise stands in a line of its own already.
            logger.error("policy '\(policy.name)' cannot work: \(function == .condition ? text : what)")
            return (failure, isFailureTold) = (failure ?? error, true)
        }
        if let function = policy.memory.failure?.function, policy.has(function), !calls.wasAsked(function) { return }
        policy.memory.noteFailure(nil, now: now)
    }

    /// The answer of a function: `when` acts only on `true` itself.
    private func hear(_ call: borrowing LuaCall, _ instance: Instance) {
        let isWhen = functionIndex == functions.count - 1 && policy.when != nil
        if call.calleeFailed {
            let error = call.calleeError()
            calls.note(.condition, instance.id, error)
            runtime.logger.error("policy '\(policy.name)': instance \(instance.id) is left alone: \(runtime.errors.trace(error))")
            answer = (false, "an error: \(error.message)")
        } else if isWhen {
            tellOfOtherThanTrue(call, instance)
            let why = call.calleeResults[1]
            answer = (call.calleeResults[0].boolean == true, why.isNil ? nil : try? call.host.text(of: why))
        } else {
            answer = (call.calleeResults[0].isTrue, nil)
        }
        if !call.calleeFailed { calls.note(.condition, instance.id, nil) }
        functionIndex = answer.isTrue ? functionIndex + 1 : functions.count
    }

    /// What counts as true in Lua and is not `true` is a slip that would leave the policy idle for ever: it is told once.
    private func tellOfOtherThanTrue(_ call: borrowing LuaCall, _ instance: Instance) {
        let value = call.calleeResults[0]
        guard value.isTrue, value.boolean == nil, !policy.isToldOfOtherThanTrue else { return }
        policy.isToldOfOtherThanTrue = true
        logger.warning(
            "policy '\(policy.name)': `when` has returned a \(value.typeName) for instance \(instance.id), and the policy acts on true alone; return a comparison, or not not x"
        )
    }

    private func noteUtilization(_ instance: Instance, hasEvidence: Bool) {
        let isRead = !functions.isEmpty && runtime.fleet.utilizationReads.contains(instance.id)
        usesUtilization = hasEvidence || isRead || policy.match.conditions.contains { $0.field == FleetModule.utilizationField }
        if wasReadBefore { runtime.fleet.utilizationReads.insert(instance.id) }
        wasReadBefore = false
    }

    /// A window that looks are too far apart for can never be proved idle: it is told once.
    private func tellOfHoles(_ evidence: [Evidence]) {
        guard runtime.jobs.mode != .once, !policy.isToldOfHoles, let hole = evidence.compactMap(\.longestHole).min(),
            let interval = board.policies.map(\.interval).min(), interval.seconds > hole
        else { return }
        policy.isToldOfHoles = true
        let (looks, most) = (DurationFormat.format(interval), DurationFormat.format(Duration(clampingSeconds: (hole - 1).rounded(.down))))
        logger.warning(
            "policy '\(policy.name)': is_idle cannot be proved by looks every \(looks): for its window they may be \(most) apart. Ask for a longer window (more than five times every), or look more often"
        )
    }

    /// All functions have been asked about an instance, or one has said no.
    private func settle(_ instance: Instance) {
        let evidence = board.evidence.end(runtime.host.currentTask)
        noteUtilization(instance, hasEvidence: !evidence.isEmpty)
        tellOfHoles(evidence)
        let isTrue = functions.isEmpty || answer.isTrue
        if !isTrue, let open = evidence.first(where: { $0.lines.contains { $0.verdict == .unknown } }) {
            unknown = (unknown.count + 1, "\(instance.id) \(open.text)")
        }
        (position, functionIndex) = (position + 1, 0)
        guard policy.when == nil, case .hours = policy.action else {
            // What `when` says itself is the reason; else what the policy says, or what `when` has looked at.
            let why = answer.why ?? policy.reason ?? evidence.map(\.text).joined(separator: ", ")
            explainWhen(instance, evidence)
            let verb: Change.Verb? = if case .verb(let verb) = policy.action { verb } else { nil }
            return settle(instance, isTrue: isTrue, verb: verb, why: why, edge: nil)
        }
        let rules = policy.rules(for: instance, runtime)
        let wanted = rules.wanted(instance.state, handled: policy.memory.edges[instance.id], now: now)
        explainHours(instance, rules, wanted.verb)
        // A switch with nothing to do is dealt with.
        if isTrue, wanted.verb == nil, let edge = wanted.edge { policy.memory.edges[instance.id] = edge }
        let why = policy.reason ?? rules.hours.map { "hours \($0)" } ?? ""
        settle(instance, isTrue: isTrue && wanted.verb != nil, verb: wanted.verb, why: why, edge: wanted.edge)
    }

    /// Why a dry run plans nothing for what the policy is about; nil where it plans something, or there is nothing.
    var idleNote: String? {
        guard due.isEmpty, failure == nil, !matched.all.isEmpty else { return nil }
        let (waiting, grace) = (whys.count, DurationFormat.format(policy.rules.grace))
        let parts = [
            matched.new.isEmpty ? nil : "\(matched.new.count) seen for the first time and left alone",
            unknown.count == 0 ? nil : "of \(unknown.count) not known, such as \(unknown.why)",
            waiting == 0 ? nil : "\(waiting) in the grace of \(grace), which a dry run does not wait for"
        ].compactMap(\.self)
        guard !parts.isEmpty else { return nil }
        let count = "\(matched.all.count) instance\(matched.all.count == 1 ? "" : "s")"
        return "policy '\(policy.name)' is about \(count) and plans nothing: \(parts.joined(separator: "; "))"
    }

    /// Keeps the mark of an instance, and acts when it has held long enough.
    private func settle(_ instance: Instance, isTrue: Bool, verb: Change.Verb?, why: String, edge: Int64?) {
        if let held, board.explained == instance.id {
            policy.memory.marks[instance.id] = nil
            return explain(instance, held)
        }
        if !isTrue, let edge, policy.memory.edges[instance.id] == nil { policy.memory.edges[instance.id] = edge }
        let isSatisfied = verb.map { $0.rules.isUnderWay(instance) } ?? false
        if policy.memory.mark(instance.id, holds: isTrue && !isSatisfied, now: now) { begun.append(instance) }
        guard let since = policy.memory.marks[instance.id] else { return }
        whys[instance.id] = why
        if since + policy.rules.grace.seconds <= now {
            due.append(Decision(instance: instance, verb: verb, why: why, since: since, edge: edge, usesUtilization: usesUtilization))
        }
        explainGrace(instance, since)
    }

    /// Takes back what `reason` speaks against; its mark stays.
    func drop(_ reason: (Decision) -> String?) {
        due.removeAll { decision in
            guard let words = reason(decision) else { return false }
            runtime.logger.info("policy '\(policy.name)': \(decision.instance) keeps running: \(words)")
            explain(decision.instance) { finding in
                finding.lines.append(.init("conflict", value: words, .no))
                finding.conclusion = "leaves it alone: \(words)"
                finding.wouldActAt = nil
            }
            return true
        }
    }

    /// Takes the list that is acted on in the end.
    func replaceDue(_ decisions: [Decision]) { due = decisions }

    /// Says what has made the policy fail.
    func tellFailure() {
        let words = (failure as? LuaError).map(runtime.errors.describe) ?? failure.map { ($0 as? VastError)?.message ?? "\($0)" } ?? ""
        logger.error("policy '\(policy.name)': \(words)")
        isFailureTold = true
    }

    func finish() {
        failWhenAllRaised()
        board.save(policy, before: memoryBefore)
    }
}
