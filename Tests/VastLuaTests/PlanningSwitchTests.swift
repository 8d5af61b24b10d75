import FleetClock
import FleetSafety
import Logging
import LuaEngine
import Testing
import VastLua

/// A session that plans first, and then sends changes.
@Suite("After a plan at the prompt")
struct PlanningSwitchTests {
    /// Runs a script while changes are only planned, and another one live; each has a fleet of its own behind it.
    private static func run(dry: String, live: String) async throws -> (values: [LuaValue], orders: [ChangeOrder]) {
        let clock = VirtualClock(mode: .jumping)
        let rows = [12, 13].map { FakeFleet.row($0) }
        let (planned, real) = (FakeFleet(clock: clock, rows: rows), FakeFleet(clock: clock, rows: rows))
        let service = try await LuaService.open(clock: clock)
        let values = try await service.perform { host in
            let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
            let runtime = try Runtime(host: host, service: { planned }, logger: logger, options: Runtime.Options(isPlanning: true))
            defer { host.close() }
            _ = try host.run(dry, name: "@dry.lua")
            try runtime.prompt.setPlanning(false, service: { real }, limit: { _ in [] })
            return try host.run(live, name: "@live.lua")
        }
        await service.close()
        return (values, real.orders)
    }

    @Test("a policy acts although it has planned the same before, and a value that was not kept is not there")
    func policies() async throws {
        let dry = """
            vast.policy{name = "p", every = "1m", match = {id = 12}, when = function() return true, "so" end, action = "stop"}
            vast.store.set("k", 7)
            vast.sleep("3m")
            """
        let (values, orders) = try await Self.run(dry: dry, live: "vast.sleep('3m') return vast.store.get('k')")
        #expect(orders.map(\.verb) == [.stop] && orders.first?.ids == [12], "\(orders)")
        #expect(values == [.nil])
    }
}
