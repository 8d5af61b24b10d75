import FleetRules
import LuaEngine
import VastAPI

final class VerbsModule: RuntimeModule {
    private(set) lazy var resultType = makeResultType()
    /// Labels whose odd characters are somebody else's, while `set_wish` writes them.
    var labelsWrittenAsTheyAre: Set<String> = []
    /// The verbs as functions of the script, for what acts in its name.
    private var functions: [Change.Verb: LuaReference] = [:]

    /// The longest label that the service takes, in characters (contract, section 3).
    static let labelLimit = Operations.labelLimit

    /// A verb of a script, from its arguments to its result.
    func perform(_ verb: Change.Verb, _ call: borrowing LuaCall) throws -> LuaOutcome {
        let targets = try Targets(call, 1, runtime: runtime)
        let payload = try verb.rules.payload.map { try self.payload($0, call) }
        let options = try VerbOptions(call, payload == nil ? 2 : 3, verb: verb)
        guard !targets.ids.isEmpty else {
            if options.wait != nil {
                runtime.write([], from: targets.origin, call.results)
                return .values
            }
            write(VerbResult(verb, payload, ChangeOutcomes([]), targets, isPlanned: isPlanning), call.results)
            return .values
        }
        guard !options.all else { return try begin(verb, targets, payload, options, call) }
        return try check(WholeFleetCheck(verb: verb, payload: payload, targets: targets), call) { [self] call in
            try begin(verb, targets, payload, options, call)
        }
    }

    private func begin(
        _ verb: Change.Verb, _ targets: Targets, _ payload: ChangePayload?, _ options: VerbOptions, _ call: borrowing LuaCall
    ) throws -> LuaOutcome {
        try checkConfirmation(verb, targets, options)
        return try VerbRun(runtime, verb, targets, payload, options).begin(call)
    }

    /// A verb as a function that can be called for the script; made when it is first needed.
    ///
    /// - Throws: `LuaError` of kind `memory`.
    func function(_ verb: Change.Verb) throws -> LuaReference {
        if let made = functions[verb] { return made }
        let function = try host.build { writer in
            writer.function("vast.\(verb.rawValue)", bound { try $0.perform(verb, $1) })
        }
        functions[verb] = function
        return function
    }

    private func payload(_ kind: ChangePayload.Kind, _ call: borrowing LuaCall) throws -> ChangePayload {
        switch kind {
        case .label: .label(try label(call))
        case .price: .bid(try price(call))
        }
    }

    private func price(_ call: borrowing LuaCall) throws -> Double {
        let price = try call.number(2, "price")
        guard price.isFinite, price > 0 else { throw call.wrong(2, "price", "a price is a number of $/h above 0") }
        return price
    }

    private func label(_ call: borrowing LuaCall) throws -> String {
        let label = try call.string(2, "text")
        guard label.unicodeScalars.count <= Self.labelLimit else {
            throw call.wrong(
                2, "text", "a label has at most \(Self.labelLimit) characters, this one has \(label.unicodeScalars.count)")
        }
        // What stands in a label already may stay there, so that a wish beside it can be changed.
        if let problem = LabelText.problem(with: label), !labelsWrittenAsTheyAre.contains(label) {
            throw call.wrong(2, "text", "a label \(problem)")
        }
        return label
    }

    /// What loses data is done to those alone whose ids the script repeats.
    private func checkConfirmation(_ verb: Change.Verb, _ targets: Targets, _ options: VerbOptions) throws {
        guard verb.rules.needsConfirmation, options.confirm != Set(targets.ids) else { return }
        let ids = targets.ids.map(\.description).joined(separator: ", ")
        throw targets.refusal(
            "\(verb.rawValue) loses data and needs its ids again: {confirm = "
                + (targets.isSingle ? ids : "{\(ids)}") + "}. Nothing was sent")
    }
}
