import FleetSafety
import LuaEngine
import Testing
import VastAPI
import VastJSON

@testable import VastLua

@Suite("Policies") struct PolicyTests {
    private static let rows = [
        FakeFleet.row(12, ["label": "train-a"]), FakeFleet.row(13, ["label": "keep-b"]), FakeFleet.row(14, ["label": "dev-c"])
    ]
    /// A Monday, 08:00 in UTC.
    private static let monday = 1_795_420_800.0

    private static func idle(_ more: String = "") -> String {
        """
        vast.policy {name = "idle", match = {billing = "gpu", label = "!keep*"}, action = "stop",
            when = function(i) return i:is_idle("30m", {warm_up = 0}) end, \(more)}
        """
    }

    private func stops(_ fleet: FakeFleet) -> [[InstanceID]] { fleet.orders.filter { $0.verb == .stop }.map(\.ids) }

    @Test("what has been idle for the window is stopped in one order, and nothing that the match leaves out")
    func stopsIdle() async throws {
        let (run, fleet) = try await runJobs(Self.idle(), for: .seconds(3_600), on: Self.rows)
        #expect(run.error == nil && run.jobFailure == nil, "\(run.log)")
        #expect(stops(fleet) == [[12, 14]])
        #expect(fleet.orders.first?.decision.reasons[12]?.hasPrefix("policy idle: idle") == true)
    }

    @Test("an answer that is not true itself does nothing: unknown, 1 and text are no reason")
    func onlyTrue() async throws {
        for answer in ["nil, 'unknown'", "1", "'yes'", "false"] {
            let (run, fleet) = try await runJobs(
                """
                vast.policy {name = "p", match = {label = "*"}, action = "stop", when = function(i) return \(answer) end}
                """, for: .seconds(1_000), on: Self.rows)
            #expect(run.error == nil && fleet.orders.isEmpty, "\(answer)")
        }
    }

    @Test("a `when` that raises leaves its instance alone, and the others are judged")
    func raising() async throws {
        let (run, fleet) = try await runJobs(
            """
            vast.policy {name = "p", match = {id = {12, 14}}, action = "stop",
                when = function(i) if i.id == 12 then error("no idea") end return true end}
            """, for: .seconds(400), on: Self.rows)
        #expect(stops(fleet) == [[14]])
        #expect(run.logged("no idea") >= 1)
    }

    @Test("an instance that is seen for the first time is left alone in that tick")
    func firstSeen() async throws {
        let (_, fleet) = try await runJobs(
            """
            vast.policy {name = "p", match = {id = 12}, action = "stop", when = function() return true end}
            """, for: .seconds(299), on: Self.rows)
        #expect(fleet.orders.isEmpty)
        let (_, later) = try await runJobs(
            """
            vast.policy {name = "p", match = {id = 12}, action = "stop", when = function() return true end}
            """, for: .seconds(301), on: Self.rows)
        #expect(stops(later) == [[12]])
    }

    @Test("grace waits from the first time seen, tells once, and begins anew when the condition did not hold in between")
    func grace() async throws {
        let script = """
            vast.policy {name = "p", match = {id = 12}, action = "stop", grace = "10m", every = "5m",
                when = function(i) return i.gpu_util < 1 end,
                notify = function(i) out[#out + 1] = "told " .. i.id .. " at " .. math.floor(vast.now() - 1795000000) end}
            """
        let (run, fleet) = try await runJobs(script, for: .seconds(3_000), on: Self.rows)
        #expect(run.texts == ["told 12 at 300"])
        #expect(stops(fleet) == [[12]])
        let (again, busy) = try await runJobs(script, for: .seconds(1_600), on: Self.rows) { fleet in
            fleet.state.withLock { $0.beforeReading = { count, rows in rows[12]?["gpu_util"] = count == 3 ? 99 : 0.5 } }
        }
        #expect(again.texts == ["told 12 at 300", "told 12 at 900"])
        #expect(stops(busy) == [[12]])
    }

    @Test("marks survive a restart")
    func restart() async throws {
        let place = StatePlace()
        let script = """
            vast.policy {name = "p", match = {id = 12}, action = "stop", grace = "10m", when = function(i) return true end}
            """
        let (_, first) = try await runJobs(script, for: .seconds(400), on: Self.rows, memory: place.memory)
        #expect(first.orders.isEmpty)
        let (_, second) = try await runJobs(
            script, for: .seconds(400), on: Self.rows, start: 1_795_000_900, memory: place.memory)
        #expect(stops(second) == [[12]])
    }

    @Test("a `before` that fails makes its stop wait; the others are stopped")
    func before() async throws {
        let (run, fleet) = try await runJobs(
            """
            local tries = 0
            vast.policy {name = "p", match = {id = {12, 14}}, action = "stop", when = function() return true end,
                before = function(i) if i.id == 12 then tries = tries + 1 if tries < 3 then error("not saved") end end end}
            """, for: .seconds(1_000), on: Self.rows)
        #expect(stops(fleet) == [[14], [12]])
        #expect(run.logged("not saved") == 2)
    }

    @Test("more matches than max: none is acted on and the run ends like a refusal; the oldest are with overflow")
    func max() async throws {
        let script = """
            vast.policy {name = "p", match = {label = "*"}, action = "stop", when = function() return true end, max = 2, MORE}
            """
        let (run, fleet) = try await runJobs(script.replacing("MORE", with: ""), for: .seconds(400), on: Self.rows)
        #expect(fleet.orders.isEmpty)
        #expect(run.jobFailure?.contains("3 instances match, max is 2") == true)
        let (oldest, second) = try await runJobs(
            script.replacing("MORE", with: "overflow = 'oldest'"), for: .seconds(400), on: Self.rows)
        #expect(oldest.jobFailure == nil)
        #expect(stops(second) == [[12, 13]])
    }

    @Test(
        "what somebody started again after our stop is left alone for a set time, then judged again",
        arguments: [
            "id = 12", "billing = 'gpu', label = 'train*'"
        ])
    func leftAlone(match: String) async throws {
        let (_, fleet) = try await runJobs(
            """
            vast.policy {name = "p", match = {\(match)}, action = "stop", cooldown = 0, leave_alone = "1h",
                when = function(i) return i.state == "running" end}
            """, for: .seconds(3 * 3_600), on: Self.rows
        ) { fleet in
            fleet.state.withLock { state in
                state.beforeReading = { count, rows in
                    if count == 5 { for (name, value) in FakeFleet.on { rows[12]?[name] = value } }
                }
            }
        }
        // Stopped at 5 minutes, started by hand at 20: the next stop is an hour after that.
        #expect(stops(fleet) == [[12], [12]])
        #expect(fleet.readings >= 17)
    }

    @Test("hours act at their edges only, and leave what people change by hand alone until the next one")
    func hours() async throws {
        let script = """
            vast.policy {name = "office", match = {label = "dev*"}, up = vast.hours("mon-fri 09:00-10:00", {tz = "UTC"}), MORE}
            """
        let off = [FakeFleet.row(14, FakeFleet.off.merging(["label": "dev-c"]))]
        let (_, fleet) = try await runJobs(
            script.replacing("MORE", with: ""), for: .seconds(4 * 3_600), on: off, start: Self.monday
        ) { fleet in
            fleet.state.withLock { state in
                // By hand at 08:30, before the window, and again at 11:00.
                state.beforeReading = { count, rows in
                    if count == 37 { for (name, value) in FakeFleet.on { rows[14]?[name] = value } }
                }
            }
        }
        #expect(fleet.orders.map(\.verb) == [.start, .stop])
        let (_, held) = try await runJobs(
            script.replacing("MORE", with: "enforce = true, leave_alone = 0"), for: .seconds(4 * 3_600), on: off, start: Self.monday
        ) { fleet in
            fleet.state.withLock { state in
                state.beforeReading = { count, rows in
                    if count == 37 { for (name, value) in FakeFleet.on { rows[14]?[name] = value } }
                }
            }
        }
        #expect(held.orders.map(\.verb) == [.start, .stop, .stop])
    }

    @Test("a policy that only stops never starts, and one that meets its first instance outside of its hours waits for an edge")
    func onlyStop() async throws {
        let (_, fleet) = try await runJobs(
            """
            vast.policy {name = "office", match = {label = "dev*"}, only = "stop", up = vast.hours("mon-fri 09:00-10:00", {tz = "UTC"})}
            """, for: .seconds(4 * 3_600), on: Self.rows, start: Self.monday)
        #expect(fleet.orders.map(\.verb) == [.stop])
        #expect(fleet.orders.first?.ids == [14])
    }

    @Test("a missed edge is made up for after a restart")
    func missedEdge() async throws {
        let place = StatePlace()
        let script = """
            vast.policy {name = "office", match = {label = "dev*"}, up = vast.hours("mon-fri 07:00-10:00", {tz = "UTC"})}
            """
        _ = try await runJobs(script, for: .seconds(600), on: Self.rows, start: Self.monday, memory: place.memory)
        let (_, fleet) = try await runJobs(
            script, for: .seconds(600), on: Self.rows, start: Self.monday + 3 * 3_600, memory: place.memory)
        #expect(fleet.orders.map(\.verb) == [.stop])
    }

    @Test("policies that want different things end in keep running")
    func conflict() async throws {
        let (run, fleet) = try await runJobs(
            """
            vast.policy {name = "office", match = {label = "dev*"}, up = vast.hours("mon-sun 00:00-24:00", {tz = "UTC"})}
            vast.policy {name = "idle", match = {id = {12, 14}}, action = "stop", when = function() return true end}
            """, for: .seconds(400), on: Self.rows, start: Self.monday)
        #expect(stops(fleet) == [[12]])
        #expect(run.logged("policy 'office' keeps it up") == 1)
    }

    @Test("all policies of a tick share one reading")
    func oneReading() async throws {
        let script = (1...10).map {
            """
            vast.policy {name = "p\($0)", match = {id = 12}, action = "stop", when = function() return false end}
            """
        }.joined(separator: "\n")
        let (_, fleet) = try await runJobs(script, for: .seconds(601), on: Self.rows)
        #expect(fleet.readings == 3)
    }

    @Test("each policy runs once with --once", arguments: [1])
    func once(times: Int) async throws {
        let (_, fleet) = try await runJobs(
            "vast.observe('1m', {every = '30s'}) "
                + "vast.policy {name = 'p', match = {id = 12}, action = 'stop', when = function() return true end}",
            for: .seconds(1), on: Self.rows, options: Runtime.Options(jobMode: .once))
        #expect(stops(fleet).count == times)
    }

    @Test(
        "what is missing or makes no sense is told when the policy is made",
        arguments: [
            ("action = 'stop', when = print", "match says whom it is about"),
            ("match = {}, action = 'stop', when = print", "match says whom it is about"),
            (
                "match = {lable = 'dev*'}, action = 'stop', when = print",
                ":1: vast.policy: match: unknown field 'lable', did you mean 'label'?"
            ),
            ("match = {id = 1}, when = print", "action is"),
            ("match = {id = 1}, action = 'stop'", "when = function"),
            ("match = {id = 1}, action = 'stpo', when = print", "did you mean 'stop'"),
            ("match = {id = 1}, action = 'stop', wehn = print", "did you mean 'when'"),
            ("match = {id = 1}, action = 'stop', when = print, enforce = true", "go with up"),
            ("match = {id = 1}, up = '08:00-19:00'", "up is vast.hours"),
            ("match = {id = 1}, up = vast.hours('mon-fri 08:00-19:00'), action = 'stop'", "an action goes with when"),
            ("match = {id = 1}, action = 'stop', when = print, grace = 'soon'", "grace"),
            ("match = {id = 1}, action = 'stop', when = print, max = -1", "max is a whole number")
        ])
    func wrong(fields: String, message: String) async throws {
        let (run, _) = try await runJobs("vast.policy {\(fields)}", for: .seconds(1))
        #expect(run.error?.contains(message) == true, "\(run.error ?? "no error")")
    }

    @Test("two policies of one name are an error")
    func names() async throws {
        let (run, _) = try await runJobs(Self.idle() + Self.idle(), for: .seconds(1))
        #expect(run.error?.contains("there is a policy 'idle' already") == true)
    }
}

extension JSONObject {
    /// With the fields of another in place of its own.
    func merging(_ other: JSONObject) -> JSONObject {
        var result = self
        for (name, value) in other { result[name] = value }
        return result
    }
}
