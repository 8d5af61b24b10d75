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
        guard let kind = argument.kind else { return [] }
        if kind == .nil, parameter.isOptional { return [] }
        if let kinds = parameter.type.kinds, !kinds.contains(kind) {
            return [Misuse(line: argument.line, message: message("\(parameter.type.expected) expected, got \(kind.rawValue)"))]
        }
        if let problem = problem(with: argument, parameter.type, parameter.name) {
            return [Misuse(line: argument.line, message: message(problem))]
        }
        guard kind == .table, let form = parameter.tables else { return [] }
        return check(call.entries(of: argument), form, parameter.name, argument.line, call, message)
    }

    /// What is wrong with a text or a number.
    private func problem(with argument: LuaArguments.Argument, _ type: ValueType, _ name: String) -> String? {
        if let number = argument.number { return type.problem(with: number) }
        return argument.text.flatMap { type.texts?.problem(with: $0, name) }
    }

    private func check(
        _ entries: [LuaArguments.Argument], _ form: TableForm, _ name: String, _ line: Int, _ call: LuaArguments,
        _ message: (String) -> String
    ) -> [Misuse] {
        switch form {
        case .options(let options, let rules):
            entries.flatMap { check($0, named: "option", options, call, message) } + missing(entries, options, rules, line, message)
        case .parts(let parts): entries.flatMap { check($0, named: "field", parts, call, message) }
        case .query(let options): entries.flatMap { check($0, queryWith: options, call, message) }
        case .list(let element): entries.filter { $0.name == nil }.flatMap { check($0, element, name, call, message) }
        }
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
        if let kind = element.kind, let kinds = type.kinds, !kinds.contains(kind) {
            return [Misuse(line: element.line, message: message("\(type.expected) expected in the list, got \(kind.rawValue)"))]
        }
        if let problem = problem(with: element, type, name) { return [Misuse(line: element.line, message: message(problem))] }
        guard element.kind == .table, let form = type.tables else { return [] }
        return check(call.entries(of: element), form, name, element.line, call, message)
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
