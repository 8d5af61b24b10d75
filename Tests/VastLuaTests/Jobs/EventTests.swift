import Foundation
import FleetSafety
import LuaEngine
import Testing
import VastAPI
import VastJSON

@testable import VastLua

@Suite("Events") struct EventTests {
    private static let rows = [FakeFleet.row(12), FakeFleet.row(13, ["label": "b"])]

    @Test("each change is told once, with both snapshots, also one made outside")
    func told() async throws {
        let (run, fleet) = try await runJobs(
            """
            local function tell(e) out[#out + 1] = string.format("%s %d %s>%s %s", e.event, e.id, e.before and e.before.state,
                e.now and e.now.state, e.by) end
            for _, event in ipairs{"stopped", "started", "gone", "appeared", "label"} do vast.on(event, tell) end
            vast.at(vast.now() + 150, function() vast.stop(12) end)
            """, for: .seconds(600), on: Self.rows
        ) { fleet in
            fleet.state.withLock { state in
                state.beforeReading = { reading, rows in
                    if reading == 2 { rows[13]?["label"] = "c" }
                    if reading == 5 { rows[13] = nil }
                    if reading == 6 { rows[14] = FakeFleet.row(14) }
                    if reading == 7 { for (name, value) in FakeFleet.on { rows[12]?[name] = value } }
                }
            }
        }
        #expect(run.error == nil)
        #expect(
            run.texts == [
                "label 13 running>running other", "stopped 12 running>stopped us", "gone 13 running>nil other",
                "appeared 14 nil>running other", "started 12 stopped>running other"
            ])
        #expect(fleet.readings <= 11)
    }

    @Test("one reading serves all handlers and all jobs that begin together")
    func oneReading() async throws {
        let (run, fleet) = try await runJobs(
            """
            for i = 1, 5 do
                vast.on("stopped", function() end)
                vast.every("1m", function() local n = #vast.instances() out[#out + 1] = n end, {name = "j" .. i, now = true})
            end
            """, for: .seconds(301), on: Self.rows)
        #expect(run.texts == Array(repeating: "2", count: 30))
        #expect(fleet.readings == 6)
    }

    @Test("a job that reads twice gets two readings, and after a change everybody gets a new one")
    func fresh() async throws {
        let (run, fleet) = try await runJobs(
            """
            vast.every("1m", function() local a = vast.instances() local b = vast.instances() out[1] = a == b end, {name = "a"})
            vast.every("1m", function() vast.stop(12) out[2] = vast.instances()[1].state end, {name = "b"})
            """, for: .seconds(61), on: Self.rows)
        #expect(run.error == nil)
        #expect(run.texts == ["false", "stopped"])
        #expect(fleet.readings == 3)
    }

    @Test("a reading of the script's own counts: what it shows is told once")
    func ownReading() async throws {
        let (run, _) = try await runJobs(
            """
            vast.on("stopped", function(e) out[#out + 1] = e.id end)
            vast.every("25s", function() vast.instances() end)
            """, for: .seconds(400), on: Self.rows
        ) { fleet in
            fleet.state.withLock { state in
                state.beforeReading = { reading, rows in
                    if reading == 4 { for (name, value) in FakeFleet.off { rows[12]?[name] = value } }
                }
            }
        }
        #expect(run.texts == ["12"])
    }

    @Test("a handler that raises is told, and the others go on")
    func raises() async throws {
        let (run, _) = try await runJobs(
            """
            vast.on("gone", function() error("boom") end)
            vast.on("gone", function(e) out[#out + 1] = e.id end)
            """, for: .seconds(200), on: Self.rows
        ) { fleet in
            fleet.state.withLock { $0.beforeReading = { reading, rows in if reading == 2 { rows[13] = nil } } }
        }
        #expect(run.texts == ["13"])
        #expect(run.logged("vast.on gone failed: script.lua:1: boom") == 1)
    }

    @Test("a subscription that is cancelled hears nothing, and the last one ends the reading")
    func cancelled() async throws {
        let (run, fleet) = try await runJobs(
            """
            local s = vast.on("gone", function() out[1] = "heard" end)
            vast.at(vast.now() + 30, function() s:cancel() end)
            """, for: .seconds(1000), on: Self.rows
        ) { fleet in
            fleet.state.withLock { $0.beforeReading = { reading, rows in if reading == 2 { rows[13] = nil } } }
        }
        #expect(run.texts == [])
        #expect(!run.isAlive)
        #expect(fleet.readings == 1)
    }

    @Test("a reading that fails is told, and the next one goes on")
    func failedReading() async throws {
        let (run, _) = try await runJobs(
            """
            vast.on("gone", function(e) out[#out + 1] = e.id end)
            """, for: .seconds(300), on: Self.rows
        ) { fleet in
            fleet.state.withLock { state in
                state.readingFailures = [nil, VastError(.server, "down")]
                state.beforeReading = { reading, rows in if reading == 3 { rows[13] = nil } }
            }
        }
        #expect(run.texts == ["13"])
        #expect(run.logged("job 'vast.on' failed: ") == 1)
    }

    @Test("an event that does not exist raises, with what was meant")
    func wrong() async throws {
        let (run, _) = try await runJobs("vast.on('stoped', print)", for: .seconds(1))
        #expect(run.error?.contains("did you mean 'stopped'") == true)
    }

    // MARK: between runs

    private static let changes = """
        for _, e in ipairs(vast.changes()) do out[#out + 1] = e.event .. " " .. e.id .. " " .. e.by end
        """

    @Test("changes is empty in the first run, and then shows what happened since the last")
    func sinceLastRun() async throws {
        let place = StatePlace()
        let (first, _) = try await runJobs(Self.changes, for: .seconds(1), on: Self.rows, memory: place.memory)
        #expect(first.error == nil)
        #expect(first.texts == [])
        let later = [FakeFleet.row(12, FakeFleet.off), FakeFleet.row(14)]
        let (second, _) = try await runJobs(Self.changes, for: .seconds(1), on: later, start: 1_795_010_000, memory: place.memory)
        #expect(second.texts == ["stopped 12 unknown", "gone 13 unknown", "appeared 14 other"])
        let (third, _) = try await runJobs(Self.changes, for: .seconds(1), on: later, start: 1_795_020_000, memory: place.memory)
        #expect(third.texts == [])
    }

    @Test("what is kept of the fleet has no secrets")
    func noSecrets() async throws {
        let place = StatePlace()
        _ = try await runJobs(Self.changes, for: .seconds(1), on: Self.rows, memory: place.memory)
        place.database.close()
        for name in try FileManager.default.contentsOfDirectory(atPath: place.folder.path) {
            let data = try Data(contentsOf: place.folder.appendingPathComponent(name))
            for secret in ["marked-token", "marked-onstart", "marked-env"] {
                #expect(data.range(of: Data(secret.utf8)) == nil, "\(name) has \(secret)")
            }
        }
    }

    @Test("with once, handlers hear what happened since the last run")
    func onceEvents() async throws {
        let place = StatePlace()
        let script = "vast.on('stopped', function(e) out[#out + 1] = e.id end)"
        let once = Runtime.Options(jobMode: .once)
        let (first, _) = try await runJobs(script, for: .seconds(100), on: Self.rows, options: once, memory: place.memory)
        #expect(first.texts == [])
        let later = [FakeFleet.row(12, FakeFleet.off), FakeFleet.row(13, ["label": "b"])]
        let (second, _) = try await runJobs(
            script, for: .seconds(100), on: later, start: 1_795_010_000, options: once, memory: place.memory)
        #expect(second.error == nil)
        #expect(second.texts == ["12"])
    }

    // MARK: missed runs over a restart

    private static let cron = """
        vast.cron("0 * * * *", function() out[#out + 1] = os.date("!%H:%M", vast.now() // 1 | 0) end,
            {name = "h", tz = "UTC", catch_up = CATCH, max_late = LATE})
        """
    /// 2026-01-05 00:00 UTC
    private static let midnight = 1_767_571_200.0

    private func restart(after gap: Double, catchUp: String, maxLate: String) async throws -> (JobRun, JobRun) {
        let place = StatePlace()
        let script = Self.cron.replacingOccurrences(of: "CATCH", with: catchUp).replacingOccurrences(of: "LATE", with: maxLate)
        let (first, _) = try await runJobs(script, for: .seconds(5_400), start: Self.midnight + 600, memory: place.memory)
        let (second, _) = try await runJobs(
            script, for: .seconds(3_600), start: Self.midnight + 6_000 + gap, memory: place.memory)
        return (first, second)
    }

    @Test(
        "runs that were missed while the program was down follow the rule",
        arguments: [
            (12_600.0, "'none'", "nil", ["06:00"], 4), (12_600.0, "'once'", "nil", ["05:10", "06:00"], 3),
            (12_600.0, "'once'", "'9m'", ["06:00"], 4), (600.0, "'once'", "nil", ["02:00"], 0)
        ] as [(Double, String, String, [String], Int)])
    func missed(gap: Double, catchUp: String, maxLate: String, runs: [String], skipped: Int) async throws {
        let (first, second) = try await restart(after: gap, catchUp: catchUp, maxLate: maxLate)
        #expect(first.error == nil)
        #expect(first.texts == ["01:00"])
        #expect(second.texts == runs)
        #expect(second.logged("\(skipped) run") == (skipped > 0 ? 1 : 0), "\(second.log)")
    }

    @Test("a date that passed while the program was down is made up for, if so wanted", arguments: [true, false])
    func missedDate(catchesUp: Bool) async throws {
        let place = StatePlace()
        let script = """
            vast.at("2026-01-05 03:00", function() out[#out + 1] = "ran" end,
                {name = "d", tz = "UTC", catch_up = "\(catchesUp ? "once" : "none")"})
            """
        _ = try await runJobs(script, for: .seconds(60), start: Self.midnight, memory: place.memory)
        let (second, _) = try await runJobs(script, for: .seconds(60), start: Self.midnight + 20_000, memory: place.memory)
        #expect(second.texts == (catchesUp ? ["ran"] : []))
        let (third, _) = try await runJobs(script, for: .seconds(60), start: Self.midnight + 30_000, memory: place.memory)
        #expect(third.texts == [])
    }

    @Test("print of what has happened says it in one line")
    func shown() async throws {
        let (run, _) = try await runJobs(
            """
            for _, event in ipairs{"stopped", "gone", "appeared", "label"} do
                vast.on(event, function(e) out[#out + 1] = tostring(e) end)
            end
            vast.at(vast.now() + 150, function() vast.stop(12) end)
            """, for: .seconds(600), on: Self.rows
        ) { fleet in
            fleet.state.withLock { state in
                state.beforeReading = { reading, rows in
                    if reading == 2 { rows[13]?["label"] = "c" }
                    if reading == 5 { rows[13] = nil }
                    if reading == 6 { rows[14] = FakeFleet.row(14) }
                }
            }
        }
        #expect(
            run.texts == [
                "label 13 c: 'b' -> 'c' (by other)", "stopped 12: running -> stopped (by us)", "gone 13 c: was running (by other)",
                "appeared 14: running (by other)"
            ])
    }
}
