import LuaEngine

/// The arguments of a call, or the entries of a table, as far as they can be told without running anything.
struct LuaArguments {
    /// One of them.
    struct Argument {
        /// Of an entry of a table: the name before `=`.
        var name: String?
        /// What it is; nil when only running tells.
        var kind: LuaKind?
        /// Of a plain text.
        var text: String?
        /// Of a number that is written out.
        var number: Double?
        /// Whether it may be several values, or none.
        var isMany = false
        /// Where its value stands.
        var tokens: Range<Int>
        var line: Int
    }

    private(set) var arguments: [Argument] = []
    private let tokens: [LuaTokens.Token]

    /// - Parameter opening: the position of the bracket, or of the text or table that is the only argument.
    init?(_ tokens: [LuaTokens.Token], opening: Int) {
        self.tokens = tokens
        guard tokens.indices.contains(opening) else { return nil }
        switch tokens[opening].kind {
        case .string: arguments = [argument(opening..<opening + 1)]
        case .symbol(UInt8(ascii: "{")):
            guard let end = end(of: opening) else { return nil }
            arguments = [argument(opening..<end + 1)]
        case .symbol(UInt8(ascii: "(")):
            guard let end = end(of: opening) else { return nil }
            arguments = split(opening + 1..<end, separators: [UInt8(ascii: ",")]).map { argument($0) }
        default: return nil
        }
    }

    /// The entries of a table that is written out.
    func entries(of argument: Argument) -> [Argument] {
        guard argument.kind == .table else { return [] }
        let inner = argument.tokens.lowerBound + 1..<argument.tokens.upperBound - 1
        return split(inner, separators: [UInt8(ascii: ","), UInt8(ascii: ";")]).map { entry($0) }
    }

    /// The table that is written out at a place.
    func table(_ range: Range<Int>) -> Argument { argument(range) }

    /// A field that a value is assigned to, as if it stood in its table.
    func entry(_ member: Evidence.Member) -> Argument {
        var value = argument(member.value)
        (value.name, value.line) = (member.name, member.line)
        return value
    }

    private func entry(_ range: Range<Int>) -> Argument {
        let first = range.lowerBound
        if range.count > 2, case .name(let name) = tokens[first].kind, isSymbol(first + 1, "="), !isSymbol(first + 2, "=") {
            var value = argument(first + 2..<range.upperBound)
            value.name = name
            value.line = tokens[first].line
            return value
        }
        if range.count > 4, isSymbol(first, "["), case .string(let name?) = tokens[first + 1].kind, isSymbol(first + 2, "]"),
            isSymbol(first + 3, "=")
        {
            var value = argument(first + 4..<range.upperBound)
            value.name = name
            return value
        }
        return argument(range)
    }

    private func argument(_ range: Range<Int>) -> Argument {
        let first = tokens[range.lowerBound]
        var argument = Argument(tokens: range, line: first.line)
        if range.count == 1 {
            switch first.kind {
            case .string(let text): (argument.kind, argument.text) = (.string, text)
            case .number(let text): (argument.kind, argument.number) = (.number, Self.number(text))
            case .name("nil"): argument.kind = .nil
            case .name("true"), .name("false"): argument.kind = .boolean
            default: break
            }
        } else if range.count == 2, first.kind == .symbol(UInt8(ascii: "-")), case .number(let text) = tokens[range.lowerBound + 1].kind {
            (argument.kind, argument.number) = (.number, Self.number(text).map { -$0 })
        } else if first.kind == .symbol(UInt8(ascii: "{")), end(of: range.lowerBound) == range.upperBound - 1 {
            argument.kind = .table
        } else if first.kind == .name("function"), end(of: range.lowerBound) == range.upperBound - 1 {
            argument.kind = .function
        } else {
            argument.isMany = Self.endsACall(tokens[range.upperBound - 1].kind)
        }
        return argument
    }

    /// Hexadecimal ones that are too long for an integer wrap around, and are not followed.
    private static func number(_ text: String) -> Double? {
        text.lowercased().hasPrefix("0x") ? Int64(text.dropFirst(2), radix: 16).map(Double.init) : Double(text)
    }

    /// A call, or `...`; what ends like one.
    private static func endsACall(_ kind: LuaTokens.Kind) -> Bool {
        switch kind {
        case .symbol(let symbol): [UInt8(ascii: ")"), UInt8(ascii: "}"), UInt8(ascii: ".")].contains(symbol)
        case .string: true
        case .name, .number: false
        }
    }

    private func isSymbol(_ index: Int, _ symbol: Unicode.Scalar) -> Bool {
        tokens.indices.contains(index) && tokens[index].kind == .symbol(UInt8(ascii: symbol))
    }

    // MARK: brackets

    private func depth(after index: Int) -> Int {
        switch tokens[index].kind {
        case .symbol(UInt8(ascii: "(")), .symbol(UInt8(ascii: "[")), .symbol(UInt8(ascii: "{")): 1
        case .symbol(UInt8(ascii: ")")), .symbol(UInt8(ascii: "]")), .symbol(UInt8(ascii: "}")): -1
        // `while` and `for` have a `do` of their own.
        case .name("function"), .name("if"), .name("do"), .name("repeat"): 1
        case .name("end"), .name("until"): -1
        default: 0
        }
    }

    /// Where the bracket or block that begins at `start` ends.
    private func end(of start: Int) -> Int? {
        var level = 0
        for index in start..<tokens.count {
            level += depth(after: index)
            if level == 0 { return index }
        }
        return nil
    }

    private func split(_ range: Range<Int>, separators: [UInt8]) -> [Range<Int>] {
        var (level, start, parts) = (0, range.lowerBound, [Range<Int>]())
        for index in range {
            level += depth(after: index)
            guard level == 0, case .symbol(let symbol) = tokens[index].kind, separators.contains(symbol) else { continue }
            if index > start { parts.append(start..<index) }
            start = index + 1
        }
        if start < range.upperBound { parts.append(start..<range.upperBound) }
        return parts
    }
}
