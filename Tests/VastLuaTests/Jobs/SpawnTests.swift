import LuaEngine
import Testing

@testable import VastLua

@Suite("Tasks of a script") struct SpawnTests {
    @Test("a task runs side by side, and join gives all its results, also twice")
    func join() async throws {
        let (run, _) = try await runJobs(
            """
            local t = vast.spawn(function(a, b) vast.sleep("1s") return a + b, nil, "x" end, 1, 2)
            out[1] = t.status
            out[2] = table.concat({select("#", t:join()), (t:join()), (select(3, t:join()))}, " ")
            out[3] = t.status
            """, for: .seconds(10))
        #expect(run.error == nil)
        #expect(run.texts == ["running", "3 3 x", "done"])
    }

    @Test("join raises the task's error itself, and its traceback shows both tasks")
    func joinRaises() async throws {
        let (run, _) = try await runJobs(
            """
            local mark = setmetatable({}, {__tostring = function() return "mine" end})
            local t = vast.spawn(function() error(mark) end)
            local ok, err = pcall(t.join, t)
            out = {tostring(ok), tostring(err == mark), t.status}
            local u = vast.spawn(function() local function deep() error("bad") end deep() end)
            u:join()
            """, for: .seconds(10))
        #expect(run.texts == ["false", "true", "failed"])
        #expect(run.error?.contains("script.lua:5: bad") == true)
        #expect(run.error?.contains("deep") == true)
        #expect(run.jobFailure == nil)
    }

    @Test("the error of a function of ours that is a task by itself names the line that began it")
    func places() async throws {
        let (run, _) = try await runJobs(
            """
            local _, joined = pcall(function()
              vast.spawn(vast.stop, 99):join()
            end)
            local _, inner = pcall(function() vast.spawn(function()
              vast.stop(99)
            end):join() end)
            local _, all = pcall(vast.map, {98, 99}, vast.stop)
            out = {tostring(joined):match("^[^ ]*"), tostring(inner):match("^[^ ]*"), tostring(all.results[99]):match("^[^ ]*")}
            """, for: .seconds(10))
        #expect(run.texts == ["script.lua:2:", "script.lua:5:", "script.lua:7:"], "\(run.error ?? "")")
    }

    @Test(
        "a failure that nobody joins is told with its traceback and fails the script",
        arguments: [
            "vast.spawn(function() error('lost') end)", "local t = vast.spawn(function() error('lost') end)",
            "vast.spawn(function() error('lost') end) vast.sleep(1) collectgarbage() collectgarbage() vast.sleep(1)"
        ])
    func unjoined(statement: String) async throws {
        let (run, _) = try await runJobs(statement, for: .seconds(10))
        #expect(run.error == nil)
        #expect(run.logged("lost") == 1)
        #expect(run.log.contains { $0.contains("task at script.lua:1 failed") && $0.contains("stack traceback") })
        #expect(run.jobFailure?.contains("lost") == true)
    }

    @Test("a task that is cancelled ends at its wait, and is no failure")
    func cancel() async throws {
        let (run, _) = try await runJobs(
            """
            local t = vast.spawn(function() local ok, e = pcall(vast.sleep, "1h") out[1] = e.kind vast.sleep(1) out[2] = "never" end)
            vast.sleep(1)
            t:cancel()
            out[3] = tostring(pcall(t.join, t))
            out[4] = t.status
            out[2] = "no"
            """, for: .seconds(7200))
        #expect(run.texts == ["cancelled", "no", "false", "cancelled"])
        #expect(run.jobFailure == nil)
        #expect(run.logged("error") == 0)
    }

    @Test("all runs functions together and gives the first result of each, in order")
    func all() async throws {
        let (run, _) = try await runJobs(
            """
            local t0 = vast.now()
            local r = vast.all{
                function() vast.sleep(3) return "a", "ignored" end, function() return nil end,
                function() vast.sleep(1) return "c" end}
            out = {r[1], tostring(r[2]), r[3], vast.now() - t0, #vast.all{}}
            """, for: .seconds(100))
        #expect(run.error == nil)
        #expect(run.texts == ["a", "nil", "c", "3.0", "0"])
    }

    @Test("all waits for every function before it raises one partial with each result")
    func allFails() async throws {
        let (run, _) = try await runJobs(
            """
            local t0 = vast.now()
            local ok, e = pcall(vast.all, {
                function() error("first") end, function() vast.sleep(5) out.done = true return 2 end,
                function() vast.sleep(1) error({kind = "x"}) end})
            out = {tostring(ok), e.kind, vast.now() - t0, tostring(e.results[2]), tostring(e.results[1]), e.results[3].kind}
            """, for: .seconds(100))
        #expect(run.texts == ["false", "partial", "5.0", "true", "script.lua:3: first", "x"])
    }

    @Test("map keeps the order of its list and never works on more than concurrency at a time", arguments: [1, 3, 100])
    func map(concurrency: Int) async throws {
        let (run, _) = try await runJobs(
            """
            local running, most = 0, 0
            local list = {}
            for i = 1, 10 do list[i] = i end
            local r = vast.map(list, function(x)
                running = running + 1
                most = math.max(most, running)
                vast.sleep(11 - x)
                running = running - 1
                return x * x
            end, {concurrency = \(concurrency)})
            out = {table.concat(r, " "), most}
            """, for: .seconds(1000))
        #expect(run.texts == ["1 4 9 16 25 36 49 64 81 100", "\(min(concurrency, 10))"])
    }

    @Test("map does everything although some fail, and keys results by the instance, the number or the position")
    func mapFails() async throws {
        let (run, _) = try await runJobs(
            """
            local seen = 0
            local ok, e = pcall(vast.map, vast.instances(), function(i) seen = seen + 1 if i.id ~= 13 then error("no") end end)
            out = {seen, e.kind, tostring(e.results[12] ~= true), tostring(e.results[13])}
            local ok, e = pcall(vast.map, {"a", "b"}, function(s) error(s, 0) end)
            out[5], out[6] = e.results[1], e.results[2]
            """, for: .seconds(10), on: [FakeFleet.row(12), FakeFleet.row(13), FakeFleet.row(14)])
        #expect(run.error == nil)
        #expect(run.texts == ["3", "partial", "true", "true", "a", "b"])
    }

    @Test("a refusal of the guard ends map at once: nothing new begins")
    func mapEnds() async throws {
        let (run, _) = try await runJobs(
            """
            local seen = 0
            local ok, e = pcall(vast.map, {1, 2, 3, 4, 5, 6}, function(i)
                seen = seen + 1
                vast.sleep(1)
                vast.destroy(12)
            end, {concurrency = 2})
            out = {tostring(ok), e.kind, seen}
            """, for: .seconds(100))
        #expect(run.texts == ["false", "guard", "2"])
    }

    @Test("cancelling a task cancels what it runs together")
    func cancelTogether() async throws {
        let (run, _) = try await runJobs(
            """
            local ended = 0
            local function long() local ok, e = pcall(vast.sleep, "1h") if e.kind == "cancelled" then ended = ended + 1 end error(e) end
            local t = vast.spawn(function() vast.map({1, 2, 3, 4}, long, {concurrency = 2}) end)
            vast.sleep(1)
            t:cancel()
            pcall(t.join, t)
            vast.sleep(1)
            out = {ended, vast.now() // 1 | 0}
            """, for: .seconds(7200), start: 1_000)
        #expect(run.error == nil)
        #expect(run.texts == ["2", "1002"])
    }

    @Test(
        "wrong arguments raise",
        arguments: [
            ("vast.spawn(1)", "function expected"), ("vast.all(print)", "table expected"), ("vast.all{1}", "function expected at 1"),
            ("vast.map({1}, print, {concurrency = 0})", "from 1"), ("vast.map({1}, print, {concurency = 2})", "did you mean 'concurrency'"),
            ("vast.spawn(print).resutl = 1", "attempt to"), ("print(vast.spawn(print).stat)", "status")
        ])
    func wrong(statement: String, hint: String) async throws {
        let (run, _) = try await runJobs(statement, for: .seconds(1))
        let error = try #require(run.error)
        #expect(error.contains(hint), "\(error)")
    }

    @Test("all and map work where Lua cannot yield")
    func blocking() async throws {
        let (run, _) = try await runJobs(
            """
            local list = {3, 1, 2}
            table.sort(list, function(a, b)
                local r = vast.map({a, b}, function(x) vast.sleep(1) return x end)
                return r[1] < r[2]
            end)
            out = list
            """, for: .seconds(1000))
        #expect(run.error == nil)
        #expect(run.texts == ["1", "2", "3"])
    }
}
