import LuaEngine
import VastLua

/// Compares calls of `vast` with their declarations: how many arguments, of which types, with which options.
struct CallCheck {
    typealias Misuse = VastNames.Misuse

    let tokens: [LuaTokens.Token]

    /// The kinds that errors of the script itself may have, as in `error{kind = "closed"}`.
    let ownKinds: Set<String>

    /// The names of signals that the script has of its own, as far as they are written out.
    let ownSignals: Set<String>

    /// What is known of expressions besides how they are written, by where they begin.
    var evidence: [Int: Evidence] = [:]

    init(_ tokens: [LuaTokens.Token]) {
        self.tokens = tokens
        ownKinds = Set(
            tokens.indices.dropFirst(2).compactMap { index in
                guard case .string(let text?) = tokens[index].kind, tokens[index - 2].kind == .name("kind") else { return nil }
                return text
            })
        ownSignals = Set(
            tokens.indices.dropFirst(2).compactMap { index in
                guard case .string(let text?) = tokens[index].kind, tokens[index - 2].kind == .name("signal") else { return nil }
                return text
            })
    }

    /// What is wrong with the call that begins with the name `vast`; nothing where it is not called.
    ///
    /// - Parameter index: the position of `vast`.
    func misuses(at index: Int) -> [Misuse] {
        guard let (declaration, opening) = function(at: index) else { return [] }
        return misuses(of: declaration, named: "vast.\(declaration.name)", opening: opening, line: tokens[index].line)
    }

    /// What is wrong with a call of a function or a method.
    ///
    /// - Parameters:
    ///   - opening: the position of the bracket, or of the text or table that is the only argument.
    ///   - passed: how many arguments stand before those that another function passes on; nil: it is called itself.
    func misuses(of declaration: Declaration, named name: String, opening: Int, line: Int, after passed: Int? = nil) -> [Misuse] {
        guard let call = LuaArguments(tokens, opening: opening) else { return [] }
        let (parameters, nothing) = (declaration.parameters, call.arguments.last.flatMap(evidence(of:)).map(\.isNothing) ?? false)
        // A call that gives nothing is no argument when it comes last.
        let given = Array((nothing ? call.arguments.dropLast() : call.arguments[...]).dropFirst(passed ?? 0))
        var misuses: [Misuse] = []
        if given.count > parameters.count, parameters.last?.isVariadic != true {
            misuses.append(Misuse(line: line, message: "\(name) \(Declaration.takes(parameters.count)), not \(given.count)"))
        }
        if passed == nil, let missing = parameters.dropFirst(given.count).first, !missing.isOptional, missing.type != .any,
            given.last?.isMany != true
        {
            misuses.append(
                Misuse(
                    line: line,
                    message: "\(name) needs argument #\(given.count + 1) '\(missing.name)': \(missing.type.expected) expected"
                        + (nothing ? Self.callHint(missing.type, "nothing") : "")))
        }
        // What has to stand in a table is missing when the table is.
        for parameter in parameters.dropFirst(given.count) where passed == nil && parameter.isOptional && given.last?.isMany != true {
            misuses += parameter.requiredOptions.map { Misuse(line: line, message: "\(name) needs \(Self.missing($0))") }
        }
        for (position, (argument, parameter)) in zip(given, parameters).enumerated() {
            misuses += check(argument, parameter, call) { "bad argument #\(position + 1) '\(parameter.name)' to '\(name)' (\($0))" }
        }
        return misuses
    }

    /// What is known of an argument, or an entry of a table, besides how it is written.
    func evidence(of argument: LuaArguments.Argument) -> Evidence? {
        guard let known = evidence[argument.tokens.lowerBound], known.tokens == argument.tokens else { return nil }
        return known
    }

    /// What is said where a function is wanted and the result of a call stands, as in `vast.every("5m", print(1))`.
    static func callHint(_ type: ValueType, _ got: String) -> String {
        guard type.kinds?.contains(.function) == true else { return "" }
        return "; this calls a function at once and passes \(got): write function() … end around the call"
    }

    /// The function that is called, and where its arguments begin.
    private func function(at index: Int) -> (Declaration, opening: Int)? {
        guard let first = member(after: index) else { return nil }
        if let second = member(after: index + 2), let found = Self.declaration("\(first).\(second)") { return (found, index + 5) }
        return Self.declaration(first).map { ($0, index + 3) }
    }

    private static func declaration(_ name: String) -> Declaration? { Declaration.all.first { $0.name == name } }

    private func member(after index: Int) -> String? {
        guard index + 2 < tokens.count, tokens[index + 1].kind == .symbol(UInt8(ascii: ".")), case .name(let name) = tokens[index + 2].kind
        else { return nil }
        return name
    }
}
