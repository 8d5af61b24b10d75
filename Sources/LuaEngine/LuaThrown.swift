/// What a Swift error becomes in Lua.
public enum LuaThrown {
    /// A string with the script's position before it.
    case message(String)
    /// A string as it is.
    case plain(String)
    /// A value that Lua already had.
    case value(LuaValue)
    /// A table with fields, of a class that was registered; `fields` writes them.
    case object(LuaErrorClass, fields: (LuaWriter) -> Void)
}

/// The metatable of error objects that the embedder defines, such as a `__tostring` that makes one readable line.
public final class LuaErrorClass {
    let identity: LuaTypeIdentity
    let metamethods: [(name: String, body: LuaBinding)]

    /// - Parameters:
    ///   - name: the `__name` of its objects.
    ///   - metamethods: `__tostring` and others; the object, a plain table, is argument 1.
    public init(_ name: String, metamethods: [(name: String, body: LuaBinding)]) {
        identity = LuaTypeIdentity(name)
        self.metamethods = metamethods
    }
}

/// A wrong argument of a binding, in Lua's own words.
public struct LuaArgumentError: Error, CustomStringConvertible {
    public let description: String

    public init(_ description: String) {
        self.description = description
    }
}

extension LuaHost {
    /// Makes an error class known to this state; before its first object is raised.
    ///
    /// - Throws: `LuaError` of kind `memory`.
    public func register(_ type: LuaErrorClass) throws {
        guard !knows(type.identity) else { return }
        try checkUsable()
        let metatable = try build { writer in
            writer.table(fields: type.metamethods.count + 1) {
                writer.field("__name") { writer.string(type.identity.name) }
                for (name, body) in type.metamethods {
                    writer.field(name) { writer.function("\(type.identity.name).\(name)", body) }
                }
            }
        }
        try withReference(metatable) { try setRegistry($0, under: type.identity) }
    }
}
