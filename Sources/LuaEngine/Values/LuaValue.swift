/// A value of Lua, copied out of it or to be handed in.
///
/// Tables, functions and coroutines stay in Lua and are held by reference; objects of ours are the Swift object itself.
public enum LuaValue: Sendable {
    case `nil`
    case boolean(Bool)
    case integer(Int64)
    case number(Double)
    /// Text; bytes that are not UTF-8 come as ``bytes(_:)``.
    case string(String)
    case bytes([UInt8])
    case reference(LuaReference)
}

extension LuaValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByStringLiteral
{
    public init(nilLiteral: ()) { self = .nil }
    public init(booleanLiteral value: Bool) { self = .boolean(value) }
    public init(integerLiteral value: Int64) { self = .integer(value) }
    public init(floatLiteral value: Double) { self = .number(value) }
    public init(stringLiteral value: String) { self = .string(value) }
}

extension LuaValue: Equatable {
    /// Scalars are equal by value, references when they are the same reference; `1` and `1.0` differ, as do their types.
    public static func == (left: LuaValue, right: LuaValue) -> Bool {
        switch (left, right) {
        case (.nil, .nil): true
        case (.boolean(let a), .boolean(let b)): a == b
        case (.integer(let a), .integer(let b)): a == b
        case (.number(let a), .number(let b)): a == b
        case (.string(let a), .string(let b)): a == b
        case (.bytes(let a), .bytes(let b)): a == b
        case (.reference(let a), .reference(let b)): a === b
        default: false
        }
    }
}

/// The types that Lua distinguishes.
public enum LuaKind: String, Sendable {
    case none = "no value"
    case `nil`, boolean, number, string, table, function, userdata, thread
    case lightUserdata = "light userdata"
}
