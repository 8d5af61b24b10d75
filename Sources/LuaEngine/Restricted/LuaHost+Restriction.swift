internal import CLuaBridge

extension LuaHost {
    /// Takes away from the state what a script from somebody else may not use, and freezes the rest: before any script
    /// runs, after everything has been registered.
    ///
    /// - Throws: `LuaError` of kind `memory`.
    public func restrict(_ restriction: LuaRestriction) throws {
        try checkUsable()
        guard vl_host_restrict(handle) == LUA_OK else { throw LuaError.memory }
        let prelude = try load(LuaRestrictionPrelude.source, name: VL_PRELUDE_NAME)
        try run(prelude, name: "restriction") { writer in
            writer.table(array: restriction.globals.count) {
                for (offset, name) in restriction.globals.enumerated() { writer.element(offset + 1) { writer.string(name) } }
            }
            writer.table(fields: restriction.absent.count) {
                for (table, names) in restriction.absent {
                    writer.field(table) {
                        writer.table(fields: names.count) {
                            for name in names { writer.field(name) { writer.boolean(true) } }
                        }
                    }
                }
            }
            if let find = restriction.module {
                writer.function("require") { call in try Self.findModule(call, find) }
            } else {
                writer.nil()
            }
        }
    }

    /// Returns the text and its file's name; nothing when there is no such module.
    private static func findModule(_ call: borrowing LuaCall, _ find: (String) throws -> LuaModule?) throws -> LuaOutcome {
        guard let module = try find(try call.string(1, "name")) else { return .values }
        call.results.bytes(module.source)
        call.results.string(module.path)
        return .values
    }
}
