import FleetClock
import FleetSafety
import FleetStore
import LuaEngine
import Testing
import VastAPI
import VastJSON

@testable import VastLua

@Suite("When somebody sets the clock") struct ClockSetTests {
    /// 2026-01-05 00:00 UTC, a Monday.
    private static let monday = 1_767_571_200.0
    private static let jumps: [Double] = [-86_400, -7_200, -3_600, -300, -60, 60, 300, 3_600, 7_200, 86_400]

    @Test("jobs at a fixed rate do not notice", arguments: jumps)
    func every(jump: Double) async throws {
        let (run, _) = try await runJobs(
            "vast.every(\"10m\", function() out[#out + 1] = 1 end)", for: .seconds(7_201), start: Self.monday,
            setting: [(.seconds(1_000), .seconds(jump))])
        #expect(run.error == nil && run.texts.count == 12 && run.logged("skipped") == 0, "\(run.log)")
    }

    @Test("a calendar of minutes goes on at its rate", arguments: jumps)
    func minutes(jump: Double) async throws {
        let (run, _) = try await runJobs(
            "vast.cron(\"*/5 * * * *\", function() out[#out + 1] = os.date(\"!%H:%M\") end, {tz = \"UTC\"})", for: .seconds(7_201),
            start: Self.monday, setting: [(.seconds(1_010), .seconds(jump))])
        #expect(run.error == nil && (22...25).contains(run.texts.count), "\(run.texts) \(run.log)")
        #expect(run.texts.allSatisfy { $0.hasSuffix("0") || $0.hasSuffix("5") })
    }

    @Test("a time of the day comes once a day, and does not come twice when minutes are taken back", arguments: [-60.0, -600, -3_600])
    func daily(jump: Double) async throws {
        // It has run at 01:00; half a minute later the clock is set back, and it is 01:00 again.
        let (run, _) = try await runJobs(
            "vast.cron(\"0 1 * * *\", function() out[#out + 1] = vast.now() // 3600 end, {tz = \"UTC\"})", for: .seconds(3 * 86_400),
            start: Self.monday, setting: [(.seconds(3_630), .seconds(jump))])
        #expect(run.error == nil && run.texts.count == 3, "\(run.texts)")
        #expect(Set(run.texts).count == run.texts.count, "\(run.texts)")
    }

    @Test("a time of the day does not wait for the day that was taken back")
    func dayBack() async throws {
        let (run, _) = try await runJobs(
            "vast.cron(\"0 1 * * *\", function() out[#out + 1] = 1 end, {tz = \"UTC\"})", for: .seconds(4 * 86_400 + 7_200),
            start: Self.monday,
            setting: [(.seconds(86_400 + 7_200), .seconds(-86_400))])
        #expect(run.texts.count == 5, "\(run.texts.count)")
    }

    @Test("what the clock jumps over is missed, by the rule of the job, and the next one is on time")
    func forward() async throws {
        for (rule, count) in [("none", 1), ("once", 2)] {
            let (run, _) = try await runJobs(
                "vast.cron(\"0 * * * *\", function() out[#out + 1] = os.date(\"!%H:%M\") end, {tz = \"UTC\", catch_up = \"\(rule)\"})",
                for: .seconds(3_600), start: Self.monday + 600, setting: [(.seconds(600), .seconds(5_400))])
            #expect(run.error == nil && run.texts.count == count, "\(rule) \(run.texts)")
            #expect(run.texts.last == "02:00", "\(run.texts)")
        }
    }

    @Test("a policy looks on time, and its grace does not wait until the clock is there again", arguments: jumps)
    func policies(jump: Double) async throws {
        let (run, fleet) = try await runJobs(
            """
            vast.policy {name = "p", match = {id = 12}, action = "stop", grace = "20m", when = function() return true end,
                before = function() out[#out + 1] = math.floor(os.clock()) end}
            """, for: .seconds(3_000), start: Self.monday, setting: [(.seconds(900), .seconds(jump))])
        #expect(run.error == nil && fleet.orders.filter { $0.verb == .stop }.map(\.ids) == [[12]], "\(run.log)")
        // Seen first at 0, holding since 300.
        #expect(run.texts == ["1500"])
    }

    @Test("idle times begin anew after the clock was set back, and come about", arguments: [-86_400.0, -7_200, -3_600])
    func idle(jump: Double) async throws {
        let script = """
            vast.policy {name = "idle", match = {billing = "gpu"}, action = "stop",
                when = function(i) return i:is_idle("30m", {warm_up = 0}) end}
            """
        let (run, fleet) = try await runJobs(
            script, for: .seconds(1_200 + 4_000), start: Self.monday + 60_000_000, setting: [(.seconds(1_200), .seconds(jump))])
        #expect(run.error == nil && fleet.orders.filter { $0.verb == .stop }.map(\.ids) == [[12]], "\(run.log)")
        let (early, untouched) = try await runJobs(
            script, for: .seconds(1_200 + 1_500), start: Self.monday + 60_000_000, setting: [(.seconds(1_200), .seconds(jump))])
        #expect(early.error == nil && untouched.orders.isEmpty, "\(early.log)")
    }

    @Test("a snapshot that seems to be of the future is read again before it is acted on")
    func snapshot() async throws {
        let (run, fleet) = try await runJobs(
            """
            local i = vast.instance(12)
            vast.sleep("1m")
            i:stop()
            """, for: .seconds(100), start: Self.monday, setting: [(.seconds(30), .seconds(-7_200))])
        #expect(run.error == nil && fleet.orders.count == 1 && fleet.readings >= 1, "\(run.error ?? "")")
    }

    @Test("a due time ahead that was kept is no reason to wait for it in the next run")
    func restart() async throws {
        let place = StatePlace()
        let script = "vast.cron(\"0 * * * *\", function() out[#out + 1] = os.date(\"!%H:%M\") end, {name = \"c\", tz = \"UTC\"})"
        let (first, _) = try await runJobs(script, for: .seconds(4 * 3_600), start: Self.monday + 60, memory: place.memory)
        #expect(first.texts == ["01:00", "02:00", "03:00"] || first.texts == ["01:00", "02:00", "03:00", "04:00"])
        let (second, _) = try await runJobs(script, for: .seconds(2 * 3_600), start: Self.monday + 60, memory: place.memory)
        #expect(second.texts.first == "01:00", "\(second.texts)")
    }

    @Test("hours follow the clock, and do not switch twice for minutes", arguments: [-600.0, -86_400])
    func hours(jump: Double) async throws {
        // Off at 19:00: it is stopped, somebody starts it, and the clock is set back.
        let (run, fleet) = try await runJobs(
            """
            vast.policy {name = "office", match = {id = 12}, up = vast.hours("mon-fri 08:00-19:00", {tz = "UTC"})}
            """, for: .seconds(36 * 3_600), start: Self.monday + 18 * 3_600, setting: [(.seconds(3_900), .seconds(jump))])
        let verbs = fleet.orders.map(\.verb)
        #expect(run.error == nil && verbs.prefix(2) == [.stop, .start], "\(verbs) \(run.log)")
    }
}
