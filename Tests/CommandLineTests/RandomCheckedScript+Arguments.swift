import LuaEngine

@testable import VastLua

/// Arguments as they are declared.
extension RandomCheckedScript {
    /// Of a function or a method, with some of those that may be left out.
    mutating func arguments(_ declaration: Declaration) -> String {
        let given = declaration.parameters.prefix { !$0.isOptional || Bool.random(using: &generator) }
        return given.map { argument($0) }.joined(separator: ", ")
    }

    private mutating func argument(_ parameter: Parameter) -> String {
        if let options = parameter.options {
            let given = options.filter { !$0.isOptional || Int.random(in: 0..<4, using: &generator) == 0 }
            return "{" + given.map { "\($0.name) = \(argument($0))" }.joined(separator: ", ") + "}"
        }
        if let word = parameter.type.words?.randomElement(using: &generator) { return "\"\(word)\"" }
        switch parameter.type.kinds?.randomElement(using: &generator) {
        case .number: return "12"
        case .boolean: return "true"
        case .table: return "{}"
        case .function: return "function() end"
        case .string: return "\"stop\""
        default: return "x"
        }
    }
}
