import FleetClock
import Logging
import LuaEngine
import Testing
import VastAPI
import VastLua

/// Lua keeps functions of a runtime: they must neither keep it alive nor outlive it.
@Suite struct RuntimeLifetimeTests {
    private static let scripts = [
        "", "fleet = vast.instances() for _, i in ipairs(fleet) do s = tostring(i) end",
        "t = vast.spawn(function() error('lost') end) vast.sleep(1)", "vast.spawn(function() vast.sleep('1h') end)",
        "vast.every('1h', function() end) vast.cron('0 8 * * *', function() end)", "vast.on('stopped', function() end)",
        "vast.policy{name = 'p', match = {label = '*'}, when = function() return false end, act = 'stop'}",
        "r = vast.stop(12) s = tostring(r) vast.signal('queue', function() return true end)",
        "c = vast.calendar('0 8 * * *') h = vast.hours('09:00-17:00') s = tostring(c) .. tostring(h)",
        "vast.store.set('a', 1) s = vast.json.encode{1} vast.log.info('x') vast.exec({'true'})",
        "vast.all{function() vast.sleep(1) end, function() end} vast.map({1}, print)",
        "i = vast.instance(12) i:is_idle('45m') i:history() i:wishes()", "pcall(vast.stop, {}) vast.try('guard', error, 'x')"
    ]

    @Test("a runtime lives as long as its state is open, and goes when it is closed, whatever a script has made", arguments: scripts)
    func goes(script: String) async throws {
        let clock = VirtualClock(mode: .jumping)
        let fleet = FakeFleet(clock: clock, rows: [FakeFleet.row(12)])
        let service = try await LuaService.open(clock: clock)
        let (values, isGone, kind) = try await service.perform { host in
            weak var kept: Runtime?
            do {
                let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
                let runtime = try Runtime(host: host, service: { fleet }, logger: logger)
                _ = try? host.run(script, name: "@script.lua")
                kept = runtime
            }
            let values = try host.run("return vast.instance(12).id", name: "@after.lua")
            host.close()
            let isGone = kept == nil
            do {
                try host.run("return vast.version", name: "@closed.lua")
                return (values, isGone, String?.none)
            } catch let error as LuaError {
                return (values, isGone, "\(error.kind)")
            }
        }
        await service.close()
        #expect(values == [12])
        #expect(isGone)
        #expect(kind == "invalidState")
    }
}
