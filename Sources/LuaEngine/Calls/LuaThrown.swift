/// What a Swift error becomes in Lua.
public enum LuaThrown {
    /// A string with the script's position before it.
    case message(String)
    /// A string as it is.
    case plain(String)
    /// A value that Lua already had.
    case value(LuaValue)
    /// A table with fields, of a type that was registered, usually one with a `__tostring`; `fields` writes them.
    case object(LuaTableType, fields: (LuaWriter) -> Void)
}

/// A wrong argument of a binding, in Lua's own words.
public struct LuaArgumentError: Error, CustomStringConvertible {
    public let description: String

    /// - Parameter description: the whole message; ``LuaCall/wrong(_:_:_:)`` puts one together.
    public init(_ description: String) {
        self.description = description
    }
}
