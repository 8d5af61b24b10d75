import LuaEngine

@testable import VastLua

/// Arguments as they are declared.
extension RandomCheckedScript {
    /// Adds those of a function or a method, with some of those that may be left out.
    ///
    /// - Returns: the first, and whether the option `wait` is among them.
    mutating func arguments(_ declaration: Declaration) -> (first: String?, waits: Bool) {
        let given = declaration.parameters.prefix { !$0.isOptional || !$0.requiredOptions.isEmpty || Bool.random(using: &generator) }
        let start = parts.count
        for (index, parameter) in given.enumerated() {
            if index > 0 { add(", ") }
            argument(parameter)
        }
        let added = parts[start...]
        let waits = added.contains { if case .text("wait") = $0 { true } else { false } }
        return (added.first.flatMap { if case .text(let text) = $0 { text } else { nil } }, waits)
    }

    private mutating func argument(_ parameter: Parameter) {
        switch parameter.type.kinds?.randomElement(using: &generator) {
        case .number: add("\([12, 1, 0.5].first { parameter.type.problem(with: $0) == nil } ?? 0)".replacing(".0", with: ""))
        case .boolean: add("true")
        case .table: if let form = parameter.tables, form.isNamed { table(form) } else { add("{}") }
        case .function: add("function() end")
        case .string: text(parameter.type.texts)
        default: add("x")
        }
    }

    private mutating func text(_ form: TextForm?) {
        add("\"")
        switch form {
        case nil: add("stop")
        case .words(let words): add(words.randomElement(using: &generator) ?? "", of: words)
        case .method: add("get")
        case .url: add("http://localhost:1/")
        case .notEmpty: add("night")
        case .date: add("2026-12-24 18:00")
        case .hours: add(["mon-fri 08:00-19:00", "off=(M-F,19);on=(M-F,7)"].randomElement(using: &generator) ?? "")
        case .zone: add("UTC")
        case .length(let bounds):
            let lengths = ["5m", "1h30m", "90", "1d12h"].filter { TextForm.length(bounds).problem(with: $0, "") == nil }
            add(lengths.randomElement(using: &generator) ?? "")
        case .cron: add(["@daily", "0 8 * * mon-fri", "*/5 1,2 1-3 * *"].randomElement(using: &generator) ?? "")
        case .errorKind: add(["timeout", "not_found", "unconfirmed", "state"].randomElement(using: &generator) ?? "")
        case .field(let mayFall):
            if mayFall, Bool.random(using: &generator) { add("-") }
            let names = FieldDeclaration.instanceNames
            add(names.randomElement(using: &generator) ?? "", of: names)
        }
        add("\"")
    }

    /// Some of what may be in a table, which go together.
    private mutating func chosen(_ form: TableForm) -> [Parameter] {
        while true {
            let chosen = form.named.parameters.filter { !$0.isOptional || Int.random(in: 0..<3, using: &generator) == 0 }
            let given = Dictionary(uniqueKeysWithValues: chosen.map { ($0.name, String?.some("")) })
            if !form.rules.contains(where: { $0.isBroken(by: given) }) { return chosen }
        }
    }

    private mutating func table(_ form: TableForm) {
        add("{")
        let names = form.named.names
        let chosen = chosen(form)
        for parameter in chosen {
            // Without it the call returns something else.
            if parameter.name == "wait" { add("wait") } else { add(parameter.name, of: names) }
            add(" = ")
            argument(parameter)
            add(", ")
        }
        if case .query = form, chosen.isEmpty || Bool.random(using: &generator) {
            add("state", of: names)
            add(" = {\"!dead\", \"")
            let states = ValueType.states.words ?? []
            add(states.randomElement(using: &generator) ?? "", of: states)
            add("\"}, new_field = 3")
        }
        add("}")
    }
}

extension TableForm {
    /// Whether its entries have names.
    fileprivate var isNamed: Bool {
        switch self {
        case .list, .signals: false
        default: true
        }
    }

    fileprivate var rules: [TableRule] { if case .options(_, let rules) = self { rules } else { [] } }

    /// What may be in it by name, and all names that may.
    fileprivate var named: (parameters: [Parameter], names: [String]) {
        switch self {
        case .options(let parameters, _), .parts(let parameters): (parameters, parameters.map(\.name))
        case .query(let parameters): (parameters, parameters.map(\.name) + FieldDeclaration.instanceNames)
        case .list, .signals: ([], [])
        }
    }
}
