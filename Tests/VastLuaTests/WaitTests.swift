import FleetSafety
import Testing
import VastAPI
import VastJSON

@testable import VastLua

@Suite("vast.wait") struct WaitTests {
    private static func worded(_ actual: JSONValue, _ intended: String, _ current: String, message: String = "success", isBid: Bool = false)
        -> JSONObject
    {
        FakeFleet.row(
            12,
            [
                "actual_status": actual, "intended_status": .string(intended), "cur_state": .string(current),
                "status_msg": .string(message), "is_bid": .bool(isBid)
            ])
    }

    private static let script = """
        local t = vast.now()
        local ok, e = pcall(vast.wait, 12, "running", {timeout = "5m"})
        return ok, ok or e.kind, ok or e.message, vast.now() - t
        """

    private static let vainCases: [(String, JSONObject, String)] = [
        ("failed", worded("created", "stopped", "stopped", message: "OCI runtime create failed: x"), "OCI runtime create failed: x"),
        ("stopped", worded("exited", "stopped", "stopped"), "nobody has started it"),
        ("created", worded("created", "stopped", "stopped"), "nobody has started it"),
        ("stopping", worded("running", "stopped", "running"), "being stopped"),
        ("dead", worded("exited", "running", "running", message: "container died"), "container died")
    ]

    @Test("raises at once for what will not run, with the service's words", arguments: vainCases)
    func vain(name: String, row: JSONObject, words: String) async throws {
        let values = try await values(Self.script, on: [row])
        guard case .string(let text) = values[2], case .number(let length) = values[3] else { return #expect(Bool(false), "\(values)") }
        #expect(values[0] == .boolean(false) && values[1] == .string("conflict") && text.contains(words), "\(name): \(text)")
        #expect(length < 10, "\(name)")
    }

    private static let openCases: [(String, JSONObject)] = [
        ("outbid", worded("exited", "running", "stopped", isBid: true)), ("queued", worded("exited", "running", "stopped")),
        ("offline", worded("offline", "running", "running", message: "machine lost")),
        ("starting", worded("loading", "running", "stopped")),
        ("unknown (odd/running/running)", worded("odd", "running", "running"))
    ]

    @Test(
        "waits for what may come, and returns when it does; else the state and the service's words are in the error", arguments: openCases)
    func open(name: String, row: JSONObject) async throws {
        let late = try await values(Self.script, on: [row])
        guard case .string(let text) = late[2], case .number(let length) = late[3] else { return #expect(Bool(false), "\(late)") }
        #expect(late[1] == .string("timeout") && text.contains("12 is \(name)") && length >= 300, "\(text)")
        if name == "offline" { #expect(text.contains("machine lost")) }
        let (ending, _) = try await run(Self.script, on: [row]) { fleet in
            fleet.state.withLock { state in
                state.beforeReading = { number, rows in
                    if number == 4 { for (name, value) in FakeFleet.on { rows[12]?[name] = value } }
                }
            }
        }
        #expect(ending.values.first == .boolean(true), "\(name): \(ending.text)")
    }

    @Test("a start of ours is waited for while the fleet does not show it yet, and no longer than it may take")
    func ownStart() async throws {
        let (ending, _) = try await run(
            """
            vast.start(12)
            local t = vast.now()
            local ok, e = pcall(vast.wait, 12, "running", {timeout = "2h"})
            return ok, e.kind, vast.now() - t
            """, on: [Self.worded("exited", "stopped", "stopped")]
        ) { fleet in fleet.state.withLock { $0.ignores = [12] } }
        guard case .number(let length)? = ending.values.last else { return #expect(Bool(false), "\(ending.text) \(ending.values)") }
        #expect(ending.values[1] == .string("conflict") && length >= 595 && length < 700, "\(length)")
    }

    @Test("a start that is waited for raises as soon as the instance has failed")
    func failedStart() async throws {
        let (ending, _) = try await run(
            """
            local t = vast.now()
            local ok, e = pcall(vast.start, 12, {wait = "30m"})
            return ok, e.message, vast.now() - t
            """, on: [Self.worded("exited", "stopped", "stopped")]
        ) { fleet in
            fleet.state.withLock { state in
                state.ignores = [12]
                state.beforeReading = { _, rows in
                    for (name, value) in Self.worded("created", "stopped", "stopped", message: "no such image error") {
                        rows[12]?[name] = value
                    }
                }
            }
        }
        guard ending.values.count == 3, case .string(let text) = ending.values[1], case .number(let length) = ending.values[2] else {
            return #expect(Bool(false), "\(ending.text) \(ending.values)")
        }
        #expect(text.contains("no such image error") && length < 120, "\(text) \(length)")
    }

    @Test("starting_for is the rental's age for what was never seen otherwise, else the time since, and nil for all else")
    func startingFor() async throws {
        let begun: JSONObject = ["start_date": .double(1_795_000_000 - 10_800)]
        var loading = Self.worded("loading", "running", "stopped")
        loading["start_date"] = begun["start_date"]
        #expect(try await values("return vast.instance(12):starting_for()", on: [loading]) == [.number(10_800)])
        var rebooting = Self.worded("rebooting", "running", "running")
        rebooting["start_date"] = begun["start_date"]
        #expect(
            try await values("vast.instance(12) vast.sleep(60) return vast.instance(12):starting_for()", on: [rebooting]) == [.number(60)])
        #expect(try await values("return vast.instance(12):starting_for()", on: [FakeFleet.row(12)]) == [.nil])
        var undated = loading
        undated["start_date"] = nil
        #expect(
            try await values("vast.instance(12) vast.sleep(90) return vast.instance(12):starting_for()", on: [undated]) == [.number(90)])
        let (ending, _) = try await run(
            "vast.instance(12) vast.sleep(60) vast.instance(12) vast.sleep(30) return vast.instance(12):starting_for()",
            on: [FakeFleet.row(12, begun)]
        ) { fleet in
            fleet.state.withLock { state in
                state.beforeShow = { number, rows in
                    if number == 2 {
                        for (name, value) in Self.worded("loading", "running", "stopped") where name != "start_date" {
                            rows[12]?[name] = value
                        }
                    }
                }
            }
        }
        #expect(ending.values == [.number(30)], "\(ending.text)")
    }
}
