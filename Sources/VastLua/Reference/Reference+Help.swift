/// What `vast.help` says.
extension Reference {
    /// The names of everything, by subject.
    static let index: String = {
        var lines = ["vast.help(\"stop\"), vast.help(\"inst:is_idle\"), vast.help(\"vast.Instance\"); at the prompt also help(vast.stop)"]
        for (title, declarations) in Declaration.subjects {
            lines += ["", title] + table(declarations.map { ("vast.\($0.name)", $0.summary) })
        }
        for object in ObjectDeclaration.all where !object.methods.isEmpty {
            lines += ["", "\(object.name): \(object.summary)", "  " + object.methods.map { ":\($0.name)" }.joined(separator: " ")]
        }
        return lines.joined(separator: "\n")
    }()

    /// What there is to know about a function, a method or a type, by any of its names.
    ///
    /// - Parameter name: such as `stop`, `vast.stop`, `inst:stop`, `is_idle`, `vast.instance:is_idle` or `vast.Instance`.
    package static func help(for name: String) -> String? {
        if name == "vast" { return index }
        if let entry = entry(for: name) { return text(of: entry) }
        let lower = name.lowercased()
        let object = ObjectDeclaration.all.first {
            [$0.name.lowercased(), receiver(of: $0)].contains(lower) || "vast.\(lower)" == $0.name.lowercased()
        }
        return object.map(text)
    }

    /// How a function or method is called, by its declared name.
    static func signature(of name: String) -> String? { entry(for: name)?.signature }

    /// The parameters of what is called under a name, such as `vast.stop` or `inst:is_idle`.
    static func parameters(of name: String) -> [Parameter]? {
        if let function = functions.first(where: { $0.name == name }) { return function.declaration.parameters }
        guard let colon = name.lastIndex(of: ":") else { return nil }
        let method = name[name.index(after: colon)...]
        return allMethods.first { $0.declaration.name == method }?.declaration.parameters
    }

    private static func entry(for name: String) -> Entry? {
        if let function = functions.first(where: { $0.name == name || $0.name == "vast.\(name)" }) { return function }
        for object in ObjectDeclaration.all {
            guard
                let method = methods(of: object).first(where: { entry in
                    let own = ":\(entry.declaration.name)"
                    return [entry.name, object.name.lowercased() + own, object.name + own, own, entry.declaration.name].contains(name)
                })
            else { continue }
            return method
        }
        return nil
    }

    private static func text(of entry: Entry) -> String {
        let declaration = entry.declaration
        var lines = [entry.signature + entry.returned, "  " + declaration.summary]
        lines += table(declaration.parameters.filter { !$0.isVariadic || !$0.summary.isEmpty }.map { ($0.name, described($0)) })
        for parameter in declaration.parameters {
            guard let options = parameter.options, !parameter.takesQuery || options.count > 1 else { continue }
            lines.append("  \(parameter.name):")
            lines += table(options.map { ($0.name, described($0)) }).map { "  " + $0 }
        }
        let raises = (["invalid_argument"] + declaration.raises.map(\.rawValue)).joined(separator: ", ")
        lines.append("  raises \(raises)")
        lines += ["  example:"] + declaration.example.split(separator: "\n").map { "    " + $0 }
        lines.append("  since \(declaration.since)")
        return lines.joined(separator: "\n")
    }

    private static func text(of object: ObjectDeclaration) -> String {
        var lines = ["\(object.name): \(object.summary)"]
        lines += table(object.fields.map { ($0.name, "\($0.type)  \($0.summary)") })
        lines += table(methods(of: object).map { ($0.signature + $0.returned, $0.declaration.summary) })
        return lines.joined(separator: "\n")
    }

    private static func described(_ parameter: Parameter) -> String {
        "\(parameter.type.annotation)\(parameter.isOptional ? "?" : "")  \(parameter.described)"
    }

    /// Two columns, the first as wide as its widest entry.
    private static func table(_ rows: [(String, String)]) -> [String] {
        let width = min(32, rows.map(\.0.count).max() ?? 0)
        return rows.map { "  " + $0.0 + String(repeating: " ", count: max(2, width + 2 - $0.0.count)) + $0.1 }
    }
}
