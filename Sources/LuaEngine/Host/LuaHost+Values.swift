internal import CLuaBridge

extension LuaHost {
    /// Makes a value in Lua and keeps it.
    ///
    /// - Parameter body: writes exactly one value.
    /// - Throws: what `body` throws; `LuaError` of kind `memory`.
    public func build(_ body: (LuaWriter) throws -> Void) throws -> LuaReference {
        try withBuilt(body) { try $0.reference() }
    }

    /// Makes a value for as long as `use` runs.
    func withBuilt<Result>(_ body: (LuaWriter) throws -> Void, _ use: (LuaView) throws -> Result) throws -> Result {
        try checkUsable()
        let state: OpaquePointer = vl_host_current(handle)
        let top = lua_gettop(state)
        defer { lua_settop(state, top) }
        var call = vl_call()
        guard vl_scratch_begin(&call, handle) else { throw LuaError.memory }
        do {
            try withUnsafeMutablePointer(to: &call) { try body(LuaWriter($0)) }
        } catch {
            vl_scratch_end(&call)
            throw error
        }
        let carried = lua_gettop(state)
        let status = vl_build(&call)
        guard status == LUA_OK else { throw LuaError.helper(status) }
        builtCount = lua_gettop(state) - carried
        return try use(LuaView(state: state, index: lua_gettop(state)))
    }

    /// Looks at a value that was kept.
    ///
    /// - Throws: what `body` throws; `LuaError` of kind `invalidState` when it belongs to another state.
    public func withReference<Result>(
        _ reference: LuaReference, _ body: (LuaView) throws -> Result
    ) throws -> Result {
        try checkUsable()
        guard reference.releases === releases else {
            throw LuaError(kind: .invalidState, message: "the value belongs to another Lua state")
        }
        let state: OpaquePointer = vl_host_current(handle)
        guard lua_checkstack(state, 4) != 0 else { throw LuaError.memory }
        let top = lua_gettop(state)
        defer { lua_settop(state, top) }
        lua_rawgeti(state, vl_pseudo_registry(), Int64(reference.slot))
        return try body(LuaView(state: state, index: top + 1))
    }

    /// Sets a global to one value that `body` writes.
    ///
    /// - Throws: what `body` throws; `LuaError` of kind `memory`.
    public func setGlobal(_ name: String, _ body: (LuaWriter) throws -> Void) throws {
        try withBuilt(body) { view in
            lua_pushvalue(view.state, view.index)
            guard vl_set_global(view.state, name) == LUA_OK else { throw LuaError.memory }
        }
    }

    /// A global, raw.
    ///
    /// - Throws: `LuaError` of kind `memory`.
    public func global(_ name: String) throws -> LuaValue {
        try withGlobals { try $0.withField(name) { try $0.value() } }
    }

    /// Replaces or adds a function in a library, such as `time` in `os`.
    ///
    /// - Throws: `LuaError` of kind `memory`, or `invalidState` when there is no such library.
    public func setFunction(_ name: String, in library: String, _ body: @escaping LuaBinding) throws {
        try withGlobals { globals in
            try globals.withField(library) { table in
                guard table.kind == .table else {
                    throw LuaError(kind: .invalidState, message: "there is no library '\(library)'")
                }
                try set(name, of: table) { $0.function("\(library).\(name)", body) }
            }
        }
    }

    /// The text that `tostring` gives. It may run a metamethod of the script.
    ///
    /// - Throws: `LuaError` when that metamethod raises.
    public func text(of value: LuaValue) throws -> String {
        try withBuilt({ $0.value(value) }, { try text(of: $0) })
    }

    /// See ``text(of:)-(LuaValue)``.
    public func text(of view: LuaView) throws -> String {
        let top = lua_gettop(view.state)
        defer { lua_settop(view.state, top) }
        guard view.index != noArgument, vl_tostring(view.state, view.index) == LUA_OK else {
            throw LuaError(message: "a value that cannot be shown")
        }
        return LuaView(state: view.state, index: top + 1).withBytes { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    private func withGlobals<Result>(_ body: (LuaView) throws -> Result) throws -> Result {
        try checkUsable()
        let state: OpaquePointer = vl_host_current(handle)
        guard lua_checkstack(state, 4) != 0 else { throw LuaError.memory }
        let top = lua_gettop(state)
        defer { lua_settop(state, top) }
        lua_rawgeti(state, vl_pseudo_registry(), Int64(LUA_RIDX_GLOBALS))
        return try body(LuaView(state: state, index: top + 1))
    }

    /// Sets a field of a table, raw, to the one value that `body` writes.
    func set(_ name: String, of table: LuaView, _ body: (LuaWriter) throws -> Void) throws {
        try withBuilt(body) { view in
            lua_pushvalue(view.state, view.index)
            var name = name
            let status = name.withUTF8 { bytes in
                bytes.withMemoryRebound(to: CChar.self) {
                    vl_raw_set_field(view.state, table.index, $0.baseAddress, $0.count)
                }
            }
            guard status == LUA_OK else { throw LuaError.memory }
        }
    }

    func setRegistry(_ view: LuaView, under identity: LuaTypeIdentity) throws {
        guard vl_set_registry(view.state, view.index, identity.pointer) == LUA_OK else { throw LuaError.memory }
        identities[UnsafeRawPointer(identity.pointer)] = identity
    }
}
