import FleetClock
import FleetSafety
import LuaEngine
import Testing

@testable import VastLua

@Suite("Jobs") struct JobTests {
    /// 2026-01-05 00:00 UTC, a Monday.
    private static let monday = 1_767_571_200.0

    @Test("every runs at a fixed rate from its first due time, whatever a run takes")
    func every() async throws {
        let (run, _) = try await runJobs(
            """
            local t0 = vast.now()
            vast.every("10m", function() out[#out + 1] = math.tointeger(vast.now() - t0) vast.sleep("3m") end)
            """, for: .seconds(3600))
        #expect(run.error == nil)
        #expect(run.texts == ["600", "1200", "1800", "2400", "3000"])
        #expect(run.isAlive)
    }

    @Test("now runs at once as well, and jitter delays a job by the same time in every run")
    func nowAndJitter() async throws {
        let script = """
            local t0 = vast.now()
            vast.every("10m", function() out[#out + 1] = string.format("a%.0f", vast.now() - t0) end, {name = "a", now = true})
            vast.every("10m", function() out[#out + 1] = string.format("b%.3f", vast.now() - t0) end, {name = "b", jitter = "5m"})
            """
        let (first, _) = try await runJobs(script, for: .seconds(1201))
        let (second, _) = try await runJobs(script, for: .seconds(1201))
        #expect(first.texts.filter { $0.hasPrefix("a") } == ["a0", "a600", "a1200"])
        #expect(first.texts == second.texts)
        let delayed = try #require(first.texts.first { $0.hasPrefix("b") }.flatMap { Double($0.dropFirst()) })
        #expect(delayed > 600 && delayed < 900)
    }

    @Test("cron runs at the local time of its zone")
    func cron() async throws {
        let (run, _) = try await runJobs(
            """
            vast.cron("30 8 * * mon-fri", function() out[#out + 1] = os.date("!%a %H:%M", vast.now() // 1 | 0) end, {tz = "Europe/Berlin"})
            """, for: .seconds(7 * 86_400), start: Self.monday)
        #expect(run.error == nil)
        #expect(run.texts == ["Mon 07:30", "Tue 07:30", "Wed 07:30", "Thu 07:30", "Fri 07:30"])
    }

    @Test("job.next is Unix seconds, and nil when it never runs again")
    func next() async throws {
        let (run, _) = try await runJobs(
            """
            local c = vast.cron("0 22 * * *", function() end, {tz = "UTC"})
            local e = vast.every("1h", function() end)
            local p = vast.at("2020-01-01 00:00", function() end, {tz = "UTC"})
            local n = vast.now()
            out = {c.next - n, e.next - n, tostring(p.next), math.type(c.next), c.name, p.spec}
            c:cancel() e:cancel()
            out[#out + 1] = tostring(c.next)
            """, for: .seconds(60), start: Self.monday)
        #expect(run.error == nil)
        #expect(
            run.texts == [
                "79200.0", "3600.0", "nil", "integer", "script.lua:1 cron 0 22 * * * UTC", "at 2020-01-01 00:00 UTC", "nil"
            ])
        #expect(!run.isAlive)
        #expect(run.logged("is in the past and never runs") == 1)
    }

    @Test("a script without jobs ends, one whose last job ends does too")
    func ends() async throws {
        let (none, _) = try await runJobs("out = {1}", for: .seconds(1e6))
        #expect(none.end == .seconds(1e6))  // the test's own timer is what is left
        #expect(!none.isAlive)
        let (last, _) = try await runJobs(
            """
            local n = 0
            vast.every("1m", function(job) n = n + 1 out[n] = n if n == 3 then job:cancel() end end)
            """, for: .seconds(1e6))
        #expect(last.texts == ["1", "2", "3"])
        #expect(!last.isAlive)
    }

    @Test("at runs once, and the job is over")
    func at() async throws {
        let (run, _) = try await runJobs(
            """
            local t0 = vast.now()
            vast.at(t0 + 90, function(job) out[#out + 1] = vast.now() - t0 end)
            """, for: .seconds(1000))
        #expect(run.texts == ["90.0"])
        #expect(!run.isAlive)
    }

    @Test("dropping the object never ends a job")
    func dropped() async throws {
        let (run, _) = try await runJobs(
            """
            vast.every("1m", function() out[#out + 1] = "ran" collectgarbage() collectgarbage() end)
            collectgarbage() collectgarbage()
            """, for: .seconds(301))
        #expect(run.texts.count == 5)
    }

    @Test("a job that raises is logged with its traceback, and runs again")
    func raises() async throws {
        let (run, _) = try await runJobs(
            """
            local function inner() error("boom") end
            vast.every("1m", function(job) out[#out + 1] = job.failures inner() end, {name = "b"})
            """, for: .seconds(181))
        #expect(run.texts == ["0", "1", "2"])
        #expect(run.logged("job 'b' failed: script.lua:1: boom") == 3)
        #expect(run.log.contains { $0.contains("in upvalue 'inner'") || $0.contains("in local 'inner'") })
        #expect(run.jobFailure?.contains("boom") == true)
    }

    @Test("an error of ours keeps its traceback too")
    func raisesOurs() async throws {
        let (run, _) = try await runJobs(
            """
            vast.every("1m", function() vast.stop(nil) end, {name = "s"})
            """, for: .seconds(61))
        #expect(run.log.contains { $0.contains("job 's' failed") && $0.contains("stack traceback") && $0.contains("script.lua:1") })
    }

    @Test("a job that still runs is skipped, and that is logged and counted")
    func stillRunning() async throws {
        let (run, _) = try await runJobs(
            """
            local j = vast.every("1m", function() out[#out + 1] = "begin" vast.sleep("150s") end, {name = "slow"})
            vast.every("7m", function() out[#out + 1] = j.skipped out[#out + 1] = tostring(j.running) end)
            """, for: .seconds(421))
        #expect(run.texts == ["begin", "begin", "begin", "4", "true"] || run.texts == ["begin", "begin", "4", "true", "begin"])
        #expect(run.logged("job 'slow': 1 run skipped: the one before still runs, since") == 4)
    }

    @Test("two jobs of one name raise, and the name is free again when the first is cancelled")
    func names() async throws {
        let (run, _) = try await runJobs(
            """
            local function f() end
            local a = vast.every("1m", f, {name = "x"})
            local ok, err = pcall(vast.every, "2m", f, {name = "x"})
            out = {tostring(ok), err.kind, tostring(err)}
            a:cancel()
            out[4] = tostring(pcall(vast.every, "2m", f, {name = "x"}))
            for i = 1, 2 do out[4 + i] = tostring(pcall(vast.every, "3m", f)) end
            """, for: .seconds(1))
        #expect(run.texts[0] == "false")
        #expect(run.texts[1] == "invalid_argument")
        #expect(run.texts[2].contains("script.lua:3") && run.texts[2].contains("'x'"))
        #expect(run.texts[3...] == ["true", "true", "false"])
    }

    @Test(
        "wrong arguments raise, and say what is meant",
        arguments: [
            ("vast.every('5 minuets', print)", "interval"), ("vast.every(0, print)", "at least a millisecond"),
            ("vast.every('1m')", "function expected"), ("vast.every('1m', print, {jiter = '1s'})", "jitter"),
            ("vast.cron('0 25 * * *', print)", "hour"), ("vast.cron('0 22 * * *', print, {tz = 'CST'})", "America/Chicago"),
            ("vast.cron('0 22 * * *', print, {catch_up = 'onse'})", "once"), ("vast.at('2026-02-30 10:00', print)", "2026-02-30"),
            ("vast.every('1m', print, {name = ''})", "name"), ("vast.every('1m', print, {now = 1})", "now"),
            ("vast.at({}, print)", "when")
        ])
    func wrong(statement: String, hint: String) async throws {
        let (run, _) = try await runJobs("\(statement)", for: .seconds(1))
        let error = try #require(run.error)
        #expect(error.contains(hint), "\(error)")
        #expect(error.contains("script.lua:1"))
    }

    @Test("with once each job runs once, also one that a job makes, and no time passes for the next")
    func once() async throws {
        let (run, _) = try await runJobs(
            """
            vast.every("1h", function() out[#out + 1] = "a" vast.at(vast.now() + 50, function() out[#out + 1] = "c" end) end)
            vast.cron("0 0 1 1 *", function() vast.sleep("2m") out[#out + 1] = "b" end)
            """, for: .seconds(86_400), options: Runtime.Options(jobMode: .once))
        #expect(run.error == nil)
        #expect(run.texts.sorted() == ["a", "b", "c"])
        #expect(run.end >= .seconds(120))
    }

    @Test("ending lets nothing new begin, and a job that sleeps is ended and told")
    func ending() async throws {
        let (run, _) = try await runJobs(
            """
            vast.every("1m", function()
                out[#out + 1] = "begin"
                local ok, err = pcall(vast.sleep, "1d")
                out[#out + 1] = err.kind
                vast.sleep(1)
            end, {name = "long"})
            """, for: .seconds(90))
        #expect(run.error == nil)
        #expect(run.texts == ["begin", "cancelled"])
        #expect(run.logged("job 'long' was ended before it was done") == 1)
        #expect(run.jobFailure == nil)
        #expect(run.end < .seconds(100))
    }

    @Test("a thousand cron jobs over a virtual month of five firings a day each run 150,000 times")
    func many() async throws {
        let (run, _) = try await runJobs(
            """
            local n = 0
            for i = 1, 20 do vast.cron(i .. " */5 * * *", function() n = n + 1 out[1] = n end, {name = "j" .. i, tz = "Europe/Berlin"}) end
            """, for: .seconds(30 * 86_400), start: Self.monday)
        #expect(run.texts == ["3000"])
    }
}
