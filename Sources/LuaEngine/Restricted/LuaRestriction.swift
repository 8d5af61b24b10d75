/// What a script from somebody else finds in its state.
///
/// It is a courtesy and a second line: the state of such a script belongs in a process of its own, with the system's
/// limits around it.
public struct LuaRestriction {
    /// Globals that stay besides Lua's own harmless ones; the tables among them are frozen, with the tables in them.
    public var globals: [String]
    /// Functions of those tables that are not for such scripts: using one raises and says so.
    public var absent: [String: [String]]
    /// Finds a module for `require`; nil: there are no modules.
    public var module: ((String) throws -> LuaModule?)?

    /// By default there is nothing beside Lua's own harmless globals, and no modules.
    public init(
        globals: [String] = [], absent: [String: [String]] = [:], module: ((String) throws -> LuaModule?)? = nil
    ) {
        self.globals = globals
        self.absent = absent
        self.module = module
    }
}

/// The text of a module, and the file that messages name.
public struct LuaModule: Sendable {
    /// The bytes of the Lua text.
    public var source: [UInt8]
    /// What messages and tracebacks call it; it is not opened.
    public var path: String

    /// - Parameter path: what messages and tracebacks call it.
    public init(source: [UInt8], path: String) {
        self.source = source
        self.path = path
    }
}
