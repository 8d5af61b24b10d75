/// The page `docs/lua-api.md`.
extension Reference {
    /// The whole page, made once.
    package static let markdown: String = {
        var out = [
            "# The Lua API", "",
            "Made from the declarations of vast-lua \(Runtime.version) by `vast-lua types --markdown`; not to be edited. At the prompt, `vast.help(\"stop\")`",
            "says the same.", "",
            "Scripts see standard Lua 5.4 and one global, `vast`. Failure raises an error with a `kind`; every function may raise",
            "`invalid_argument`. Instants are Unix seconds, lengths are seconds or texts such as `\"45m\"`.", ""
        ]
        for (title, declarations) in Declaration.subjects {
            out += ["## \(title)", ""]
            for entry in functions where declarations.contains(where: { "vast.\($0.name)" == entry.name }) { out += section(entry) }
        }
        out += ["## Fields of `vast`", ""] + table(FieldDeclaration.module.map { ("vast.\($0.name)", $0.type, $0.summary) })
        out += ["## Objects", ""]
        for object in ObjectDeclaration.all { out += section(object) }
        out += ["## Types", ""] + table(aliases.map { ($0.name, $0.type, $0.summary) })
        return out.joined(separator: "\n")
    }()

    private static func section(_ entry: Entry) -> [String] {
        let declaration = entry.declaration
        var lines = ["### `\(entry.signature)`", "", declaration.summary.prefix(1).uppercased() + declaration.summary.dropFirst() + ".", ""]
        let named = declaration.parameters.flatMap { parameter in
            [(parameter.name, type(of: parameter), parameter.described)]
                + (parameter.options ?? []).map { ("\(parameter.name).\($0.name)", type(of: $0), $0.described) }
        }
        if !named.isEmpty { lines += table(named) }
        if !declaration.results.isEmpty {
            let results = declaration.results.map { "`\($0.type)`" + ($0.summary.isEmpty ? "" : " (\($0.summary))") }
            lines += ["Returns " + results.joined(separator: ", ") + ".", ""]
        }
        if !declaration.raises.isEmpty {
            lines += ["Raises " + declaration.raises.map { "`\($0.rawValue)`" }.joined(separator: ", ") + ".", ""]
        }
        return lines + ["```lua", declaration.example, "```", "", "Since \(declaration.since).", ""]
    }

    private static func section(_ object: ObjectDeclaration) -> [String] {
        var lines = ["### `\(object.name)`", "", object.summary, ""]
        if !object.fields.isEmpty { lines += table(object.fields.map { ($0.name, $0.type, $0.summary) }) }
        for entry in methods(of: object) { lines += section(entry).map { $0.hasPrefix("### ") ? "#" + $0 : $0 } }
        return lines
    }

    private static func type(of parameter: Parameter) -> String { parameter.type.annotation + (parameter.isOptional ? "?" : "") }

    private static func table(_ rows: [(name: String, type: String, summary: String)]) -> [String] {
        ["| name | type | |", "|---|---|---|"]
            + rows.map { "| `\($0.name)` | `\($0.type.replacing("|", with: "\\|"))` | \($0.summary.replacing("|", with: "\\|")) |" } + [""]
    }
}
