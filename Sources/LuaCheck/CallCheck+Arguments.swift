import LuaEngine
import VastLua

/// What arguments and the entries of tables hold that are written out.
extension CallCheck {
    /// What is wrong with a value.
    ///
    /// - Parameters:
    ///   - call: where it stands.
    ///   - message: what is said of a problem.
    func check(
        _ argument: LuaArguments.Argument, _ parameter: Parameter, _ call: LuaArguments, _ message: (String) -> String
    ) -> [Misuse] {
        guard let kind = kind(of: argument) else { return [] }
        let isMeantAsFunction = evidence(of: argument)?.isNothing == true && parameter.type.kinds?.contains(.function) == true
        if parameter.isOptional, kind == .nil, !isMeantAsFunction { return [] }
        if let problem = problem(with: argument, of: kind, parameter.type) {
            return [Misuse(line: argument.line, message: message(problem))]
        }
        if let problem = problem(with: argument, parameter.type, parameter.name) {
            return [Misuse(line: argument.line, message: message(problem))]
        }
        guard kind == .table, let form = parameter.tables, let entries = entries(of: argument, call) else { return [] }
        return check(entries, form, parameter.name, argument, call, message)
    }

    /// What Lua's `type` says of a value; nil when only running tells.
    func kind(of argument: LuaArguments.Argument) -> LuaKind? {
        if let kind = argument.kind { return kind }
        guard let known = evidence(of: argument) else { return nil }
        return known.isNothing ? .nil : known.type.kind
    }

    /// Why a value is of the wrong type; nil where it is not.
    private func problem(with argument: LuaArguments.Argument, of kind: LuaKind, _ type: ValueType) -> String? {
        let known = evidence(of: argument)
        guard let kinds = type.kinds ?? TypeAnnotation.type(type.annotation).kind.map({ [$0] }) else { return nil }
        if kinds.contains(kind), known.map({ accepts($0.type, as: type) }) ?? true { return nil }
        // Only of a call it is certain that its result is meant, and no function of that name.
        if kinds.contains(.function), kind == .table, let known, !known.isCall { return nil }
        let got = argument.kind?.rawValue ?? known.map { $0.isNothing ? "nothing" : $0.type.described } ?? kind.rawValue
        return "\(type.expected) expected, got \(got)\(known?.isCall == true ? Self.callHint(type, got) : "")"
    }

    /// Whether an object of ours is one of those that a place takes.
    private func accepts(_ type: InferredType, as wanted: ValueType) -> Bool {
        guard case .object(let name) = type.shape, !wanted.objects.isEmpty else { return true }
        return wanted.objects.contains(name)
    }

    /// What is wrong with a text or a number.
    private func problem(with argument: LuaArguments.Argument, _ type: ValueType, _ name: String) -> String? {
        if let number = argument.number { return type.problem(with: number) }
        return argument.text.flatMap { type.problem(withText: $0, name) }
    }

    /// What stands in a table that is written out here, or that a variable holds; nil where that cannot be told.
    private func entries(of argument: LuaArguments.Argument, _ call: LuaArguments) -> [LuaArguments.Argument]? {
        guard argument.kind == nil else { return call.entries(of: argument) }
        guard let table = evidence(of: argument)?.table else { return nil }
        var entries = call.entries(of: call.table(table.literal))
        for member in table.members {
            entries.removeAll { $0.name == member.name }
            entries.append(call.entry(member))
        }
        return entries.filter { $0.name == nil || $0.kind != .nil }
    }

    private func check(
        _ entries: [LuaArguments.Argument], _ form: TableForm, _ name: String, _ table: LuaArguments.Argument, _ call: LuaArguments,
        _ message: (String) -> String
    ) -> [Misuse] {
        switch form {
        case .options(let options, let rules):
            entries.flatMap { check($0, named: "option", options, call, message) }
                + (evidence(of: table)?.table?.isWhole ?? true ? missing(entries, options, rules, table.line, message) : [])
        case .parts(let parts): entries.flatMap { check($0, named: "field", parts, call, message) }
        case .query(let options): entries.flatMap { check($0, queryWith: options, call, message) }
        case .list(let element): check(entries, elements: element, name, call, message)
        case .signals: entries.flatMap { check($0, signalIn: call, message) }
        }
    }

    /// The elements of a list, which has no names.
    private func check(
        _ entries: [LuaArguments.Argument], elements type: ValueType, _ name: String, _ call: LuaArguments, _ message: (String) -> String
    ) -> [Misuse] {
        if let key = entries.first(where: { $0.name != nil }), type.isTarget || entries.allSatisfy({ $0.name != nil }) {
            return [Misuse(line: key.line, message: message("a list expected, got a table with the key '\(key.name ?? "")'"))]
        }
        return entries.flatMap { check($0, type, name, call, message) }
    }

    /// An entry with a name, of which no others than some are taken.
    private func check(
        _ entry: LuaArguments.Argument, named noun: String, _ parameters: [Parameter], _ call: LuaArguments, _ message: (String) -> String
    ) -> [Misuse] {
        guard let name = entry.name else { return [] }
        guard let parameter = parameters.first(where: { $0.name == name }) else {
            return [Misuse(line: entry.line, message: message(LuaSuggestion.unknown(noun, name, among: parameters.map(\.name))))]
        }
        return check(entry, parameter, call) { message("\(name): \($0)") }
    }

    /// An element of a list.
    private func check(
        _ element: LuaArguments.Argument, _ type: ValueType, _ name: String, _ call: LuaArguments, _ message: (String) -> String
    ) -> [Misuse] {
        let kind = kind(of: element)
        if let kind, let kinds = type.kinds, !kinds.contains(kind) {
            let known = element.kind == nil ? evidence(of: element) : nil
            let hint = known?.isCall == true ? Self.callHint(type, known?.type.described ?? "") : ""
            let got = known?.type.described ?? kind.rawValue
            return [Misuse(line: element.line, message: message("\(type.expected) expected in the list, got \(got)\(hint)"))]
        }
        if let problem = problem(with: element, type, name) { return [Misuse(line: element.line, message: message(problem))] }
        guard kind == .table, let form = type.tables, let entries = entries(of: element, call) else { return [] }
        return check(entries, form, name, element, call, message)
    }

    /// A signal of idleness: a script may have some of its own.
    private func check(_ entry: LuaArguments.Argument, signalIn call: LuaArguments, _ message: (String) -> String) -> [Misuse] {
        guard let name = entry.name, !ownSignals.contains(name), let problem = TableForm.problem(withSignal: name) else { return [] }
        return [Misuse(line: entry.line, message: message(problem))]
    }

    // MARK: queries

    /// A field of instances with what is wanted of it, or an option.
    private func check(
        _ entry: LuaArguments.Argument, queryWith options: [Parameter], _ call: LuaArguments, _ message: (String) -> String
    ) -> [Misuse] {
        guard let name = entry.name else { return [] }
        if options.contains(where: { $0.name == name }) { return check(entry, named: "option", options, call, message) }
        // Instances may have fields that nobody has heard of yet: only what is nearly a known one is a mistake.
        if let problem = FieldDeclaration.misspelling(of: name, options: options.map(\.name)) {
            return [Misuse(line: entry.line, message: message(problem))]
        }
        let values = entry.kind == .table ? call.entries(of: entry).filter { $0.name == nil } : [entry]
        return values.compactMap { value in
            value.text.flatMap { TableForm.problem(with: $0, ofQueried: name) }.map { Misuse(line: value.line, message: message($0)) }
        }
    }
}
