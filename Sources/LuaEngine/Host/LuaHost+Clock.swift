internal import CLuaBridge
internal import FleetClock

extension LuaHost {
    /// Makes `os.time()`, `os.date(format)` and `os.clock()` show the host's time where that is not the machine's.
    ///
    /// - Throws: `LuaError` of kind `memory`.
    func followClock() throws {
        guard !clock.isSystem else { return }
        guard vl_host_follow_clock(handle) == LUA_OK else {
            close()
            throw LuaError.memory
        }
    }

    /// What C asks for.
    static func time(_ handle: OpaquePointer) -> vl_time {
        let host = LuaHost.from(handle)
        let now = host.clock.unixTime.rounded(.down)
        return vl_time(unix_seconds: Int64(exactly: now) ?? 0, seconds: (host.clock.uptime - host.startUptime).seconds)
    }
}
