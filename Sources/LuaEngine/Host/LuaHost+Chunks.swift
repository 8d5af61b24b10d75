internal import CLuaBridge

extension LuaHost {
    /// Compiles a chunk without running it.
    ///
    /// - Parameters:
    ///   - source: Lua source; precompiled code is refused.
    ///   - name: how messages show it: "@file", "=stdin", or the source itself.
    /// - Throws: `LuaError` of kind `syntax` or `memory`.
    public func load(_ source: String, name: String) throws -> LuaReference {
        var source = source
        return try source.withUTF8 { try load(UnsafeRawBufferPointer($0), name: name) }
    }

    /// See ``load(_:name:)-(String,_)``.
    public func load(_ source: UnsafeRawBufferPointer, name: String) throws -> LuaReference {
        try loading { vl_load_bytes($0, source.baseAddress, source.count, name, "t") }
    }

    /// Compiles a script file, or standard input when `path` is nil. A byte-order mark and a first line that starts with
    /// `#` are skipped.
    ///
    /// - Throws: `LuaError` of kind `file`, `syntax` or `memory`.
    public func loadFile(_ path: String?) throws -> LuaReference {
        try loading { vl_load_file($0, path, "t") }
    }

    private func loading(_ body: (OpaquePointer) -> Int32) throws -> LuaReference {
        try checkUsable()
        let state: OpaquePointer = vl_host_current(handle)
        guard lua_checkstack(state, 8) != 0 else { throw LuaError.memory }
        let top = lua_gettop(state)
        defer { lua_settop(state, top) }
        let status = body(state)
        guard status == LUA_OK else { throw takeError(state, status: status, at: top + 1) }
        return try LuaView(state: state, index: top + 1).reference()
    }

    /// Lets `require` look in a folder before everything else.
    ///
    /// - Throws: `LuaError` of kind `memory`.
    public func prependSearchPath(folder: String) throws {
        try checkUsable()
        let path = "\(folder)/?.lua;\(folder)/?/init.lua"
        guard vl_prepend_path(vl_host_current(handle), path) == LUA_OK else { throw LuaError.memory }
    }

    /// Sets `arg` as `lua` does: 0 is the script, negative positions are what came before it, positive its arguments.
    ///
    /// - Throws: `LuaError` of kind `memory`.
    public func setArguments(script: String, before: [String] = [], arguments: [String]) throws {
        try setGlobal("arg") { writer in
            writer.openTable(array: arguments.count, fields: before.count + 1)
            let all = before + [script] + arguments
            for (offset, argument) in all.enumerated() {
                writer.integer(offset - before.count)
                writer.string(argument)
                writer.setField()
            }
        }
    }
}
