/// An operator between two operands (manual, section 3.4.8).
struct LuaOperator {
    enum Kind {
        case or, and, order, equal, unequal, concatenation, arithmetic
    }

    /// How tightly operators before their only operand bind.
    static let unary = 12

    let kind: Kind
    /// As it is written, unless it is a word or tells whether two are equal.
    let symbol: String
    /// Of how many words it is.
    let length: Int
    let binding: Int
    /// What its right operand has to bind tighter than.
    let rightBinding: Int

    var isLogical: Bool { kind == .and || kind == .or }

    /// The operator that stands at a place; nil when none does.
    init?(_ cursor: TokenCursor) {
        switch cursor.kind() {
        case .name("or"): self.init(.or, 1)
        case .name("and"): self.init(.and, 2)
        case .symbol(let byte): self.init(byte, cursor)
        default: return nil
        }
    }

    private init?(_ byte: UInt8, _ cursor: TokenCursor) {
        switch Unicode.Scalar(byte) {
        case "<", ">":
            if cursor.kind(1) == .symbol(byte) {
                self.init(.arithmetic, 7, length: 2, symbol: byte)
            } else {
                self.init(.order, 3, length: cursor.isNext("=", 1) ? 2 : 1, symbol: byte)
            }
        case "=":
            guard cursor.isNext("=", 1) else { return nil }
            self.init(.equal, 3, length: 2)
        case "~":
            if cursor.isNext("=", 1) { self.init(.unequal, 3, length: 2) } else { self.init(.arithmetic, 5, symbol: byte) }
        case ".":
            guard cursor.isNext(".", 1) else { return nil }
            self.init(.concatenation, 9, length: 2, right: 8, symbol: byte)
        case "|": self.init(.arithmetic, 4, symbol: byte)
        case "&": self.init(.arithmetic, 6, symbol: byte)
        case "+", "-": self.init(.arithmetic, 10, symbol: byte)
        case "/": self.init(.arithmetic, 11, length: cursor.isNext("/", 1) ? 2 : 1, symbol: byte)
        case "*", "%": self.init(.arithmetic, 11, symbol: byte)
        case "^": self.init(.arithmetic, 14, right: 13, symbol: byte)
        default: return nil
        }
    }

    private init(_ kind: Kind, _ binding: Int, length: Int = 1, right: Int? = nil, symbol: UInt8? = nil) {
        (self.kind, self.binding, self.length) = (kind, binding, length)
        self.symbol = String(repeating: symbol.map { String(Unicode.Scalar($0)) } ?? "", count: length)
        rightBinding = right ?? binding
    }
}
