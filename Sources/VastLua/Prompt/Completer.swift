import LuaEngine
import VastAPI

/// Completes lines at the prompt: names from the state itself, options and words from the declarations, and ids and labels
/// from what is known of the fleet.
package struct Completer {
    private let runtime: Runtime

    /// - Parameter runtime: in whose state, declarations and fleet the names are looked up.
    package init(_ runtime: Runtime) { self.runtime = runtime }

    /// What can stand at the end of the text.
    ///
    /// - Parameter text: the line up to the cursor.
    package func complete(_ text: String) -> Completion {
        let context = CompletionContext(text)
        var candidates: [Completion.Candidate] =
            switch context.place {
            case .name(let path, let isMethod): names(path, isMethod: isMethod) + (path.isEmpty ? options(context) : [])
            case .text: words(context)
            case .value: options(context) + (wantsInstance(context) ? ids() : [])
            }
        candidates = candidates.filter { $0.text.hasPrefix(context.word) }
        // A function of Lua is found in the state as well as among the declarations.
        var seen = Set<String>()
        return Completion(word: context.word, candidates: candidates.filter { seen.insert($0.text).inserted })
    }

    // MARK: names

    private func names(_ path: [String], isMethod: Bool) -> [Completion.Candidate] {
        if path == ["vast"] { return functions("") }
        if path.count == 2, path[0] == "vast" { return functions(path[1] + ".") }
        guard let names = try? fieldNames(path, isMethod: isMethod) else { return [] }
        return (names + (path.isEmpty ? Self.keywords : [])).sorted().map { Completion.Candidate($0) }
    }

    private static let keywords = [
        "and", "break", "do", "else", "elseif", "end", "false", "for", "function", "goto", "if", "in", "local", "nil", "not", "or",
        "repeat", "return", "then", "true", "until", "while"
    ]

    private func functions(_ prefix: String) -> [Completion.Candidate] {
        let names = Declaration.all.map { ($0.name, $0.summary) } + FieldDeclaration.module.map { ($0.name, $0.summary) }
        let inside = names.compactMap { name, summary in
            name.hasPrefix(prefix) ? (String(name.dropFirst(prefix.count)), summary) : nil
        }
        let groups = prefix.isEmpty ? Set(inside.compactMap { $0.0.contains(".") ? String($0.0.prefix { $0 != "." }) : nil }) : []
        return (inside.filter { !$0.0.contains(".") } + groups.map { ($0, "functions") })
            .sorted { $0.0 < $1.0 }.map { Completion.Candidate($0.0, hint: $0.1) }
    }

    /// The names behind a path of globals and fields. Nothing of the script's is called for it.
    private func fieldNames(_ path: [String], isMethod: Bool) throws -> [String] {
        let start = try runtime.host.global("_G")
        guard case .reference(let globals) = start else { return [] }
        return try runtime.host.withReference(globals) { try names(behind: path[...], of: $0, isMethod: isMethod) }
    }

    private func names(behind path: ArraySlice<String>, of view: LuaView, isMethod: Bool) throws -> [String] {
        if let object = declaration(of: view) {
            guard path.isEmpty else { return [] }
            return isMethod ? object.methods.map(\.name) : object.names + InstanceFields.extra(view.object(runtime.fleet.instanceType))
        }
        if view.kind == .string { return path.isEmpty ? try fieldNames(["string"], isMethod: false) : [] }
        guard view.kind == .table else { return [] }
        if let name = path.first {
            return try view.withField(name) { try self.names(behind: path.dropFirst(), of: $0, isMethod: isMethod) }
        }
        var names: [String] = []
        try view.forEachField { key, value in
            guard let name = key.string, key.kind == .string, LuaLiteral.isName(name), !isMethod || value.kind == .function else { return }
            names.append(name)
        }
        return names
    }

    private func declaration(of view: LuaView) -> ObjectDeclaration? {
        if runtime.fleet.origin(of: view) != nil { return .list }
        guard view.kind == .userdata else { return nil }
        return ObjectDeclaration.all.first { $0.name.lowercased() == view.typeName }
    }

    // MARK: arguments

    private func parameter(_ context: CompletionContext) -> Parameter? {
        guard let name = context.function, let parameters = Reference.parameters(of: name) else { return nil }
        guard parameters.indices.contains(context.argument) else { return nil }
        return parameters[context.argument]
    }

    /// The options that can be written in a table.
    private func options(_ context: CompletionContext) -> [Completion.Candidate] {
        guard context.isInTable, context.option == nil, let parameter = parameter(context), let options = parameter.options else {
            return []
        }
        let fields = parameter.takesQuery ? FieldDeclaration.instanceFields : []
        return options.map { Completion.Candidate("\($0.name) = ", hint: $0.summary) }
            + fields.map { Completion.Candidate("\($0.name) = ", hint: $0.summary) }
    }

    /// Whether an id can stand here.
    private func wantsInstance(_ context: CompletionContext) -> Bool {
        if let option = context.option { return ["id", "confirm"].contains(option) }
        guard let parameter = parameter(context) else { return false }
        return parameter.name == "target" || parameter.name == "id"
    }

    private func ids() -> [Completion.Candidate] {
        runtime.prompt.knownInstances.map { Completion.Candidate("\($0.id)", hint: Self.hint($0, withLabel: true)) }
    }

    private func labels() -> [Completion.Candidate] {
        runtime.prompt.knownInstances.filter { !$0.label.isEmpty && !$0.label.contains("\"") }
            .map { Completion.Candidate(LuaLiteral.escaped($0.label), hint: "\($0.id) " + Self.hint($0, withLabel: false)) }.sorted {
                $0.text < $1.text
            }
    }

    private static func hint(_ instance: Instance, withLabel: Bool) -> String {
        let parts = [withLabel ? instance.label : "", instance.state.rawValue, FleetTable.gpus(instance), instance.rate?.description ?? ""]
        return parts.filter { !$0.isEmpty }.joined(separator: "  ")
    }

    /// What a text can be here: one of the words of the parameter or option, else a label.
    private func words(_ context: CompletionContext) -> [Completion.Candidate] {
        if context.function.map({ ["vast.help", "help"].contains($0) }) == true { return Reference.topics.map { Completion.Candidate($0) } }
        if context.function == "vast.try", context.argument == 0 { return VastError.Kind.all.map { Completion.Candidate($0.rawValue) } }
        if context.option == "state" || (!context.isInTable && parameter(context)?.name == "state") {
            return InstanceState.allCases.map { Completion.Candidate($0.rawValue) }
        }
        if context.option == "billing" { return Billing.allCases.map { Completion.Candidate($0.rawValue) } }
        if !context.isInTable, parameter(context)?.name == "field" {
            return FieldDeclaration.instanceFields.map { Completion.Candidate($0.name, hint: $0.summary) }
        }
        let described = context.isInTable ? parameter(context)?.options?.first { $0.name == context.option } : parameter(context)
        if let words = described?.type.words { return words.map { Completion.Candidate($0) } }
        return labels()
    }
}

extension InstanceFields {
    /// The fields of a row that nobody has documented.
    static func extra(_ object: InstanceObject?) -> [String] {
        guard let object else { return [] }
        let known = Set(FieldDeclaration.instanceNames)
        return object.instance.row.members.map(\.name).filter { !known.contains($0) && LuaLiteral.isName($0) }
    }
}
