internal import CLuaBridge

/// A metatable for plain tables that Swift hands out, such as lists with methods and error objects.
public final class LuaTableType {
    /// The `__name` of its tables, as messages have it.
    public let name: String
    let identity: LuaTypeIdentity
    let methods: [(name: String, body: LuaBinding)]
    let metamethods: [(name: String, body: LuaBinding)]
    /// The metatable of the table of methods, where somebody wants to hear of names that it lacks.
    let absence: LuaTableType?

    /// - Parameters:
    ///   - name: the `__name` of its tables.
    ///   - methods: called as `table:method()`; the table is argument 1.
    ///   - metamethods: `__tostring` and others; `__index` takes the place of the methods.
    ///   - absent: gives, or raises, what stands under a key that neither the table nor its methods have; the key is argument 2.
    public init(
        _ name: String, methods: [(name: String, body: LuaBinding)] = [],
        metamethods: [(name: String, body: LuaBinding)] = [], absent: LuaBinding? = nil
    ) {
        absence = absent.map { LuaTableType("\(name) methods", metamethods: [("__index", $0)]) }
        self.name = name
        self.methods = methods
        self.metamethods = metamethods
        identity = LuaTypeIdentity(name)
    }
}

extension LuaHost {
    /// Makes a table type known to this state; before its first table is written.
    ///
    /// - Throws: `LuaError` of kind `memory`.
    public func register(_ type: LuaTableType) throws {
        guard !knows(type.identity) else { return }
        try checkUsable()
        if let absence = type.absence { try register(absence) }
        let metatable = try build { writer in
            writer.table(fields: type.metamethods.count + 2) {
                writer.field("__name") { writer.string(type.name) }
                if !type.methods.isEmpty { writer.field("__index") { writer.methods(of: type) } }
                for (name, body) in type.metamethods {
                    writer.field(name) { writer.function("\(type.name).\(name)", body) }
                }
            }
        }
        try withReference(metatable) { try setRegistry($0, under: type.identity) }
    }
}

extension LuaWriter {
    fileprivate func methods(of type: LuaTableType) {
        table(fields: type.methods.count) {
            for (name, body) in type.methods { field(name) { function("\(type.name):\(name)", body) } }
        }
        if let absence = type.absence { tableType(absence) }
    }

    /// Gives the table just written the metatable of a registered type.
    public func tableType(_ type: LuaTableType) {
        if LuaHost.from(raw.pointee.host).knows(type.identity) { metatable(type.identity.pointer) }
    }
}

extension LuaView {
    /// Whether it is a table of that type.
    public func isTable(of type: LuaTableType) -> Bool {
        guard kind == .table, lua_checkstack(state, 4) != 0, lua_getmetatable(state, index) != 0 else { return false }
        lua_rawgetp(state, vl_pseudo_registry(), type.identity.pointer)
        let isSame = lua_rawequal(state, -1, -2) != 0
        lua_settop(state, -3)
        return isSame
    }
}

extension LuaWriter {
    /// An error as a plain value, such as one of the results of a list.
    public func error(_ thrown: LuaThrown) { LuaHost.from(raw.pointee.host).write(thrown, self) }
}
