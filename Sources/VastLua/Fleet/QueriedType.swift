import LuaEngine
import VastAPI

/// What a field of an instance is known to hold: what it is compared with in a query has to be of the same kind, or it would
/// match nothing, silently.
enum QueriedType {
    case number(String)
    case boolean(String)
    case text(String)

    /// nil where the field may hold anything, as far as is known.
    init?(_ field: String) {
        switch FieldDeclaration.instanceTypes[field] {
        case "number", "integer", "number?", "integer?": self = .number(field)
        case "boolean", "boolean?": self = .boolean(field)
        case "string", "string?", "vast.State", "vast.Billing": self = .text(field)
        default: return nil
        }
    }

    /// - Throws: ``VastError`` of kind `invalid_argument` for a value of another kind; functions and lists are looked at elsewhere.
    func check(_ view: LuaView, _ function: String) throws {
        guard let problem = problem(with: view) else { return }
        throw VastError.invalidArgument("\(function): \(problem)")
    }

    private func problem(with view: LuaView) -> String? {
        switch (self, view.kind) {
        case (_, .string): return view.string.flatMap { problem(with: $0) }
        case (.number(let field), .boolean): return "\(field) is a number, not a boolean"
        case (.boolean(let field), .number): return "\(field) is true or false, not a number"
        case (.text(let field), .number): return "\(field) is a text, not a number: \(field) = \"\(view.shown)\""
        case (.text(let field), .boolean): return "\(field) is a text, not a boolean"
        default: return nil
        }
    }

    /// Why a text is nothing that the field could be compared with; nil where it is.
    func problem(with text: String) -> String? {
        switch self {
        case .text: nil
        case .boolean(let field):
            "\(field) is true or false, not a text" + (["true", "false"].contains(text) ? ": \(field) = \(text)" : "")
        case .number(let field): "\(field) is a number, not a text\(Self.comparison(field, text))"
        }
    }

    /// How a text such as `4` or `>= 2` is written.
    private static func comparison(_ field: String, _ text: String) -> String {
        let bare = text.drop { $0 == " " }
        if Double(bare) != nil { return ": \(field) = \(bare)" }
        let sign = bare.prefix { "<>=!~".contains($0) }
        let number = bare.dropFirst(sign.count).drop { $0 == " " }
        guard !sign.isEmpty, Double(number) != nil else { return "" }
        let meant = ["=": "==", "!=": "~=", "!": "~=", "=>": ">=", "=<": "<=", "<>": "~="][String(sign)] ?? String(sign)
        guard ["==", "~=", "<", ">", "<=", ">="].contains(meant) else { return "" }
        return "; for a comparison: \(field) = function(n) return n and n \(meant) \(number) end"
    }
}
