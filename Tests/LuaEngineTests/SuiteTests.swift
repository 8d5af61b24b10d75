import FleetClock
import FoundationEssentials
import LuaEngine
import Testing

#if canImport(Glibc)
import Glibc
#endif

/// A clock for states that never wait.
struct ZeroClock: FleetClock {
    var now: Date { Date(timeIntervalSince1970: 0) }
    var uptime: Duration { .zero }
    func sleep(untilUptime deadline: Duration) async throws {}
}

@Suite("Lua's own test suite")
struct SuiteTests {
    private static var folder: String? { getenv("LUA_TEST_SUITE").map { String(cString: $0) } }

    /// The suite is not part of this repository; `make test-lua` names its folder.
    @Test("passes in its user mode", .enabled(if: folder != nil))
    func passes() async throws {
        let folder = try #require(Self.folder)
        let service = try await LuaService.open(clock: SystemClock())
        let isFinal = try await service.perform { host in
            guard chdir(folder) == 0 else { return false }
            try host.setArguments(script: "all.lua", arguments: [])
            try host.run("_U = true")
            try host.run(try host.loadFile("all.lua"))
            return true
        }
        #expect(isFinal)
        await service.close()
    }
}
