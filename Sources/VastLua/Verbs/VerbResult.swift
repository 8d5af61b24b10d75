import FleetRules
import LuaEngine
import VastAPI

/// What a verb has done, as scripts get it: true in a condition, one line when it is printed.
final class VerbResult {
    let verb: Change.Verb
    let payload: ChangePayload?
    let outcomes: ChangeOutcomes
    /// Whether it was asked for one id or instance, and no list.
    let isSingle: Bool
    /// Where the list comes from that it was asked for.
    let origin: ListOrigin
    /// Whether it is part of a plan, and nothing was sent.
    let isPlanned: Bool
    private let names: [InstanceID: String]

    /// - Parameter names: of instances, for people.
    init(
        _ verb: Change.Verb, _ payload: ChangePayload?, _ outcomes: ChangeOutcomes, _ targets: Targets, isPlanned: Bool,
        names: [InstanceID: String] = [:]
    ) {
        (self.verb, self.payload, self.outcomes, self.names) = (verb, payload, outcomes, names)
        (isSingle, origin) = (targets.isSingle, targets.origin)
        self.isPlanned = isPlanned
    }

    var ids: [InstanceID] { outcomes.byID.keys.sorted() }

    /// What the service has accepted, or a plan holds; what was so already is not in it.
    var changed: [InstanceID] { ids.filter { if case .accepted? = outcomes[$0] { true } else { false } } }

    /// Every word for what became of an instance.
    static let words = ["accepted", "planned", "satisfied", "failed", "unknown"]

    /// What became of one instance, in one word; nil for one that was not asked for.
    func word(for id: InstanceID) -> String? {
        switch outcomes[id] {
        case nil: nil
        case .satisfied: "satisfied"
        case .accepted: isPlanned ? "planned" : "accepted"
        case .notSent, .refused: "failed"
        case .unknown: "unknown"
        }
    }

    /// `stop of 12 train-a: accepted`, `stop: 5 accepted, 2 satisfied`.
    var text: String {
        let what = verb.shown(payload)
        if isSingle, let id = ids.first { return "\(what) of \(names[id] ?? "\(id)"): \(word(for: id) ?? "")" }
        let words = ids.compactMap(word)
        let counts = Self.words.compactMap { word -> String? in
            let count = words.count { $0 == word }
            return count == 0 ? nil : "\(count) \(word)"
        }
        return "\(what): \(counts.isEmpty ? "nothing to do" : counts.joined(separator: ", "))"
    }
}

extension VerbsModule {
    func write(_ result: VerbResult, _ writer: LuaWriter) { writer.object(result, as: resultType) }

    func makeResultType() -> LuaType<VerbResult> {
        LuaType(
            "vast.result", methods: runtime.methods(.result),
            metamethods: [
                ("__index", bound { try $0.resultField($1) }),
                shown { module, call in try call.object(1, "result", module.resultType).text }
            ] + ObjectDeclaration.result.missingOperators)
    }

    private func resultField(_ call: borrowing LuaCall) throws -> LuaOutcome {
        let result = try call.object(1, "result", resultType)
        if let id = call.argument(2).integer {
            if let word = result.word(for: InstanceID(id)) { call.results.string(word) } else { call.results.nil() }
            return .values
        }
        switch call.argument(2).string {
        case "verb": call.results.string(result.verb.rawValue)
        case "ids": call.results.integers(result.ids.map(\.rawValue))
        case "changed": call.results.integers(result.changed.map(\.rawValue))
        case "failed": call.results.integers(result.outcomes.failed.map(\.rawValue))
        case let name:
            let closest = LuaSuggestion.closest(to: name ?? "", among: ObjectDeclaration.result.names)
            let problem = closest == "wait" ? "unknown method '\(name ?? "?")' of a result" : "a result has no field '\(name ?? "?")'"
            throw VastError.invalidArgument(problem + LuaSuggestion.didYouMean(closest))
        }
        return .values
    }

    /// `result:wait([length])`: the fresh instances as soon as the fleet shows the change.
    func waitForResult(_ call: borrowing LuaCall) throws -> LuaOutcome {
        let result = try call.object(1, "result", resultType)
        let timeout = call.argument(2).isNil ? VerbOptions.usualWait : try call.argument(2).length("timeout")
        return try wait(for: result, timeout, call)
    }

    /// Reads until the fleet shows a change, and returns the fresh instance of a single target, or a list; for what is gone
    /// then, the result itself.
    func wait(for result: VerbResult, _ timeout: Duration, _ call: borrowing LuaCall) throws -> LuaOutcome {
        let (verb, payload) = (result.verb, result.payload)
        // What was sent, and does the same once more when it is repeated, was not without effect.
        let effect = verb.rules.leavesNoTrace ? VastError.Effect.unknown : .none
        return try StateWait(
            runtime, CallSubject(ids: result.ids, isSingle: result.isSingle), timeout: timeout, wanted: verb.past, effect: effect,
            { verb.isSettled(by: $0, payload) },
            obstacle: { [self] in verb.rules.boots ? runtime.fleet.obstacle(to: .running, $0) : nil }
        ) {
            [self] call, rows in
            switch (result.isSingle, rows.first) {
            case (true, let row?): runtime.write(row, call.results)
            case (true, nil): write(result, call.results)
            case (false, _): runtime.write(rows, from: result.origin, call.results)
            }
            return .values
        }.step(call)
    }
}

extension LuaWriter {
    /// Writes a list of whole numbers, such as ids.
    func integers(_ numbers: [Int64]) {
        table(array: numbers.count) {
            for (offset, number) in numbers.enumerated() { element(offset + 1) { integer(number) } }
        }
    }
}
