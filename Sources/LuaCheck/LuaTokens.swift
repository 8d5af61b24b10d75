/// The words of a Lua source that `vast-lua check` looks at: names, punctuation and literals, without comments.
///
/// Lua's own parser has accepted the source before; this one only has to find the same borders (manual, section 3.1).
struct LuaTokens: Sequence, IteratorProtocol {
    enum Kind: Equatable {
        case name(String)
        case symbol(UInt8)
        case number(String)
        /// Its text; nil when it has escapes or is long.
        case string(String?)
    }

    struct Token: Equatable {
        let kind: Kind
        let line: Int
    }

    /// A comment of one line that says something to those who check the source.
    struct Comment {
        /// What stands behind the two dashes.
        let text: Substring
        let line: Int
        /// Whether nothing stands before it in its line.
        let isAlone: Bool
    }

    private let source: [UInt8]
    private var index = 0
    private var line = 1
    private var lastTokenLine = 0
    private(set) var comments: [Comment] = []

    /// The words of a source, and what its comments say to those who check it.
    static func read(_ source: [UInt8]) -> (tokens: [Token], comments: [Comment]) {
        var (reader, tokens) = (LuaTokens(source), [Token]())
        while let token = reader.next() { tokens.append(token) }
        return (tokens, reader.comments)
    }

    init(_ source: [UInt8]) {
        self.source = source
        if source.first == UInt8(ascii: "#") { skipLine() }
    }

    mutating func next() -> Token? {
        skipSpaceAndComments()
        guard index < source.count else { return nil }
        let start = line
        defer { lastTokenLine = line }
        let byte = source[index]
        if Self.isNameByte(byte), !Self.isDigit(byte) { return Token(kind: .name(takeName()), line: start) }
        if Self.isDigit(byte) { return Token(kind: .number(takeNumber()), line: start) }
        if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") { return Token(kind: .string(takeQuoted(byte)), line: start) }
        if byte == UInt8(ascii: "["), let level = longBracketLevel() {
            takeLong(level)
            return Token(kind: .string(nil), line: start)
        }
        index += 1
        return Token(kind: .symbol(byte), line: start)
    }

    /// Where the first character stands that no source has outside texts and comments; nil: nowhere.
    static func foreignCharacter(in source: [UInt8]) -> (offset: Int, line: Int)? {
        var tokens = LuaTokens(source)
        // A byte order mark is skipped by Lua as well.
        if source.starts(with: [0xEF, 0xBB, 0xBF]) { tokens.index = 3 }
        while true {
            tokens.skipSpaceAndComments()
            guard let byte = tokens.peek() else { return nil }
            if byte >= 0x7F || byte == UInt8(ascii: "\\") { return (tokens.index, tokens.line) }
            _ = tokens.next()
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        isDigit(byte) || byte == UInt8(ascii: "_") || (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A)
    }

    private func peek(_ offset: Int = 0) -> UInt8? {
        index + offset < source.count ? source[index + offset] : nil
    }

    private mutating func advance() {
        if source[index] == UInt8(ascii: "\n") { line += 1 }
        index += 1
    }

    private mutating func skipLine() {
        while let byte = peek(), byte != UInt8(ascii: "\n") { index += 1 }
    }

    private mutating func skipSpaceAndComments() {
        while let byte = peek() {
            if byte <= 0x20 {
                advance()
            } else if byte == UInt8(ascii: "-"), peek(1) == UInt8(ascii: "-") {
                index += 2
                if let level = longBracketLevel() { takeLong(level) } else { takeComment() }
            } else {
                return
            }
        }
    }

    private mutating func takeComment() {
        let start = index
        skipLine()
        let text = source[start..<index]
        guard text.starts(with: "-@diagnostic".utf8) || text.drop(while: { $0 == 0x20 }).starts(with: "luacheck:".utf8) else { return }
        comments.append(
            Comment(text: Substring(decoding: text.filter { $0 != 0x0D }, as: UTF8.self), line: line, isAlone: lastTokenLine != line))
    }

    private mutating func takeName() -> String {
        let start = index
        while let byte = peek(), Self.isNameByte(byte) { index += 1 }
        return String(decoding: source[start..<index], as: UTF8.self)
    }

    private mutating func takeNumber() -> String {
        let start = index
        while let byte = peek(), Self.isNameByte(byte) || byte == UInt8(ascii: ".") { index += 1 }
        return String(decoding: source[start..<index], as: UTF8.self)
    }

    private mutating func takeQuoted(_ quote: UInt8) -> String? {
        index += 1
        let first = index
        while let byte = peek(), byte != quote {
            if byte == UInt8(ascii: "\\"), peek(1) != nil { advance() }
            advance()
        }
        let text = source[first..<index]
        index = Swift.min(index + 1, source.count)
        return text.contains(UInt8(ascii: "\\")) ? nil : String(decoding: text, as: UTF8.self)
    }

    /// How many `=` the long bracket that begins here has; nil when none does.
    private func longBracketLevel() -> Int? {
        guard peek() == UInt8(ascii: "[") else { return nil }
        var level = 0
        while peek(1 + level) == UInt8(ascii: "=") { level += 1 }
        return peek(1 + level) == UInt8(ascii: "[") ? level : nil
    }

    private mutating func takeLong(_ level: Int) {
        index += level + 2
        let end = [UInt8(ascii: "]")] + Array(repeating: UInt8(ascii: "="), count: level) + [UInt8(ascii: "]")]
        while index < source.count, !source[index...].starts(with: end) { advance() }
        index = Swift.min(index + end.count, source.count)
    }
}
