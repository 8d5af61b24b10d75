/// A place in the words of a source.
struct TokenCursor {
    /// The source is not Lua, or is nested deeper than Lua itself takes.
    struct Unreadable: Error {}

    let tokens: [LuaTokens.Token]
    private(set) var index = 0
    private var level = 0

    private static let reserved: Set<String> = [
        "and", "break", "do", "else", "elseif", "end", "false", "for", "function", "goto", "if", "in", "local", "nil",
        "not", "or", "repeat", "return", "then", "true", "until", "while"
    ]

    init(_ tokens: [LuaTokens.Token]) { self.tokens = tokens }

    var isAtEnd: Bool { index >= tokens.count }
    var line: Int { tokens.indices.contains(index) ? tokens[index].line : tokens.last?.line ?? 1 }

    func kind(_ offset: Int = 0) -> LuaTokens.Kind? {
        tokens.indices.contains(index + offset) ? tokens[index + offset].kind : nil
    }

    /// Whether a symbol or a reserved word stands here.
    func isNext(_ word: String, _ offset: Int = 0) -> Bool {
        switch kind(offset) {
        case .name(let name): name == word
        case .symbol(let byte): word.utf8.count == 1 && word.utf8.first == byte
        default: false
        }
    }

    /// The name that stands here, unless it is a reserved word.
    func name(_ offset: Int = 0) -> String? {
        guard case .name(let name) = kind(offset), !Self.reserved.contains(name) else { return nil }
        return name
    }

    mutating func advance(_ count: Int = 1) { index += count }

    mutating func accept(_ word: String) -> Bool {
        guard isNext(word) else { return false }
        index += 1
        return true
    }

    mutating func expect(_ word: String) throws {
        guard accept(word) else { throw Unreadable() }
    }

    mutating func expectName() throws -> String {
        guard let name = name() else { throw Unreadable() }
        index += 1
        return name
    }

    /// Begins something that may hold its like. Lua takes 200 of them.
    mutating func enter() throws {
        level += 1
        guard level <= 240 else { throw Unreadable() }
    }

    mutating func leave() { level -= 1 }

    /// The words from a place to here as one text; nil when they are many.
    func text(from start: Int) -> String? {
        guard index - start <= 24 else { return nil }
        var text = ""
        for token in tokens[start..<index] {
            let isWord = if case .symbol = token.kind { false } else { true }
            if text.last == "," || isWord && text.last.map({ $0.isLetter || $0.isNumber || $0 == "_" }) ?? false { text += " " }
            text += token.kind.text
        }
        return text.utf8.count <= 200 ? text : nil
    }
}

extension LuaTokens.Kind {
    /// Enough of it to tell it from others.
    fileprivate var text: String {
        switch self {
        case .name(let text), .number(let text): text
        case .symbol(let byte): String(Unicode.Scalar(byte))
        case .string(let text): "\"\(text ?? "?")\""
        }
    }
}
