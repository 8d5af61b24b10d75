internal import CLuaBridge

/// A place in a script, as messages show it.
public struct LuaPosition: Sendable, Hashable, CustomStringConvertible {
    /// The chunk's name, shortened to 60 bytes as in Lua's own messages.
    public let source: String
    /// Counted from 1.
    public let line: Int

    public var description: String { "\(source):\(line)" }
}

extension LuaCall {
    /// Where the nearest function of the script stands now, through `pcall` and other C functions; nil when none is
    /// below this call.
    public var position: LuaPosition? {
        var record = lua_Debug()
        var level: Int32 = 0
        while lua_getstack(raw.pointee.L, level, &record) != 0 {
            lua_getinfo(raw.pointee.L, "Sl", &record)
            if record.currentline > 0 { return LuaPosition(source: Self.source(of: record), line: Int(record.currentline)) }
            level += 1
        }
        return nil
    }

    private static func source(of record: lua_Debug) -> String {
        withUnsafeBytes(of: record.short_src) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}
