import LuaEngine
import VastAPI

extension Runtime {
    /// The longest label that the service takes, in characters (contract, section 3).
    static let labelLimit = Operations.labelLimit

    /// A verb of a script, from its arguments to its result.
    func perform(_ verb: Change.Verb, _ call: borrowing LuaCall) throws -> LuaOutcome {
        let targets = try Targets(call, 1, runtime: self)
        let label = verb == .label ? try self.label(call) : nil
        let options = try VerbOptions(call, verb == .label ? 3 : 2, verb: verb)
        try check(verb, targets, options)
        guard !targets.ids.isEmpty else {
            call.results.boolean(true)
            return .values
        }
        return try VerbRun(self, verb, targets, label: label, options).begin(call)
    }

    private func label(_ call: borrowing LuaCall) throws -> String {
        let label = try call.string(2, "text")
        guard label.unicodeScalars.count <= Self.labelLimit else {
            throw call.wrong(
                2, "text", "a label has at most \(Self.labelLimit) characters, this one has \(label.unicodeScalars.count)")
        }
        return label
    }

    /// What can be refused before anything is read or sent.
    private func check(_ verb: Change.Verb, _ targets: Targets, _ options: VerbOptions) throws {
        let interrupts = verb != .start && verb != .label
        if interrupts, targets.isUnrestricted, !options.all, !targets.ids.isEmpty {
            throw VastError(
                .guard,
                "\(verb.rawValue) of the whole fleet (\(targets.ids.count) instances): the query left nothing out. "
                    + "Nothing was sent; {all = true} allows it")
        }
        guard verb == .destroy || verb == .recycle else { return }
        guard options.confirm == Set(targets.ids) else {
            let ids = targets.ids.map(\.description).joined(separator: ", ")
            throw VastError(
                .guard,
                "\(verb.rawValue) loses data and needs its ids again: {confirm = "
                    + (targets.isSingle ? ids : "{\(ids)}") + "}. Nothing was sent")
        }
    }
}
