import LuaEngine
import VastLua

/// Finds names behind `vast` that it does not have.
struct VastNames {
    struct Misuse: Equatable {
        let line: Int
        let message: String
        /// Whether the script may be right all the same.
        var isWarning = false
    }

    private let known: [String]
    private let tables: Set<String>

    /// - Parameter names: every name in `vast`, dotted for sub-tables.
    init(_ names: [String]) {
        known = names
        tables = Set(names.compactMap { $0.contains(".") ? String($0.prefix { $0 != "." }) : nil })
    }

    /// Every misuse in a source that compiles, in the order of lines.
    ///
    /// Where a script has a variable `vast` of its own, only what certainly is ours is looked at.
    ///
    /// - Parameter modules: finds what the script requires; nil: names that nobody sets are no mistakes.
    func misuses(in source: [UInt8], modules: RequiredModules? = nil) -> [Misuse] {
        let (tokens, comments) = LuaTokens.read(source)
        let hidesVast = Self.hidesVast(tokens)
        let spelledOut = hidesVast ? [] : misuses(tokens)
        let inferred = TypeCheck(tokens, comments: comments, hidesVast: hidesVast, modules: modules).misuses().filter {
            !spelledOut.contains($0)
        }
        let ordered = (spelledOut + inferred).enumerated().sorted { ($0.element.line, $0.offset) < ($1.element.line, $1.offset) }
        return ordered.map(\.element)
    }

    private func misuses(_ tokens: [LuaTokens.Token]) -> [Misuse] {
        let calls = CallCheck(tokens)
        return tokens.indices.flatMap { index -> [Misuse] in
            guard tokens[index].kind == .name("vast"), !Self.isMember(tokens, index) else { return [] }
            if let misuse = misuse(tokens, index) { return [misuse] }
            return calls.misuses(at: index)
        }
    }

    private func misuse(_ tokens: [LuaTokens.Token], _ index: Int) -> Misuse? {
        guard let (separator, first) = Self.member(tokens, after: index) else { return nil }
        let isAssigned = Self.isSymbol(tokens, index + 3, "=") && !Self.isSymbol(tokens, index + 4, "=")
        if isAssigned { return nil }
        let line = tokens[index + 2].line
        if tables.contains(first), let (_, second) = Self.member(tokens, after: index + 2) {
            let (name, line) = ("\(first).\(second)", tokens[index + 4].line)
            guard known.contains(name) else { return unknown(name, line: line) }
            return Self.isSymbol(tokens, index + 3, ":") ? Self.noMethod(name, line) : nil
        }
        guard known.contains(first) || tables.contains(first) else { return unknown(first, line: line) }
        guard separator == UInt8(ascii: ":") else { return nil }
        return Self.noMethod(first, line)
    }

    private static func noMethod(_ name: String, _ line: Int) -> Misuse {
        Misuse(line: line, message: "'vast.\(name)' is a function, not a method: write 'vast.\(name)(...)'")
    }

    private func unknown(_ name: String, line: Int) -> Misuse {
        Misuse(line: line, message: LuaSuggestion.unknown("function", "vast.\(name)", among: known.map { "vast.\($0)" }))
    }

    /// The name behind the token, and whether `.` or `:` stands between them.
    private static func member(_ tokens: [LuaTokens.Token], after index: Int) -> (separator: UInt8, name: String)? {
        guard index + 2 < tokens.count, case .symbol(let separator) = tokens[index + 1].kind,
            separator == UInt8(ascii: ".") || separator == UInt8(ascii: ":"), case .name(let name) = tokens[index + 2].kind
        else { return nil }
        return (separator, name)
    }

    /// Whether the name belongs to something else, as in `t.vast`; `..` before it is a concatenation.
    private static func isMember(_ tokens: [LuaTokens.Token], _ index: Int) -> Bool {
        let isDot = isSymbol(tokens, index - 1, ".") && !isSymbol(tokens, index - 2, ".")
        return isDot || isSymbol(tokens, index - 1, ":") && !isSymbol(tokens, index - 2, ":")
    }

    private static func isSymbol(_ tokens: [LuaTokens.Token], _ index: Int, _ symbol: Unicode.Scalar) -> Bool {
        tokens.indices.contains(index) && tokens[index].kind == .symbol(UInt8(ascii: symbol))
    }

    /// `local vast`, other than `local vast = vast`, or a parameter of that name: the names are another table's.
    private static func hidesVast(_ tokens: [LuaTokens.Token]) -> Bool {
        tokens.indices.contains { index in
            guard tokens[index].kind == .name("vast"), index > 0 else { return false }
            if tokens[index - 1].kind == .name("local") {
                return !(isSymbol(tokens, index + 1, "=") && tokens.indices.contains(index + 2) && tokens[index + 2].kind == .name("vast"))
            }
            return tokens[index - 1].kind == .name("function") || isParameter(tokens, index)
        }
    }

    private static func isParameter(_ tokens: [LuaTokens.Token], _ index: Int) -> Bool {
        var index = index - 1
        while index > 0 {
            switch tokens[index].kind {
            case .symbol(UInt8(ascii: ",")), .name: index -= 1
            case .symbol(UInt8(ascii: "(")):
                var before = index - 1
                while before > 0, tokens[before].kind != .name("function") {
                    guard isPartOfName(tokens, before) else { return false }
                    before -= 1
                }
                return tokens[before].kind == .name("function")
            default: return false
            }
        }
        return false
    }

    private static func isPartOfName(_ tokens: [LuaTokens.Token], _ index: Int) -> Bool {
        switch tokens[index].kind {
        case .name(let name): !["end", "return", "then", "do", "else"].contains(name)
        case .symbol(let symbol): symbol == UInt8(ascii: ".") || symbol == UInt8(ascii: ":")
        case .number, .string: false
        }
    }
}
