import FleetClock
import LuaEngine
import Testing

@Suite("Tasks")
struct TaskTests {
    @Test("while one task waits the others run, in order of their deadlines")
    func order() async throws {
        #expect(
            try await run(
                """
                local log = {}
                local function note(name, length) sleep(length) log[#log + 1] = name end
                local a, b, c = spawn(note, 'a', 3), spawn(note, 'b', 1), spawn(note, 'c', 2)
                join(a) join(b) join(c)
                return table.concat(log)
                """) == ["bca"])
    }

    @Test("sleep(0) lets every other ready task run once")
    func yieldOnce() async throws {
        #expect(
            try await run(
                """
                local log = {}
                local function two(name) log[#log + 1] = name sleep(0) log[#log + 1] = name end
                local a, b = spawn(two, 'a'), spawn(two, 'b')
                join(a) join(b)
                return table.concat(log)
                """) == ["abab"])
    }

    @Test("a join gives all results, also twice, also late")
    func results() async throws {
        #expect(
            try await run(
                """
                local task = spawn(function(...) sleep(1) return ..., nil end, 1, 'x')
                local n = select('#', join(task))
                sleep(5)
                return n, join(task)
                """) == [2, 1, nil])
    }

    @Test(
        "a wait is cooperative inside coroutines, pcall, metamethods, iterators and __close",
        arguments: [
            "coroutine.wrap(function() sleep(1) end)()",
            "assert(coroutine.resume(coroutine.create(function() sleep(1) end)))",
            "coroutine.wrap(function() coroutine.wrap(function() sleep(1) end)() end)()",
            "assert(pcall(sleep, 1))", "assert(xpcall(sleep, print, 1))", "assert(try(function() sleep(1) end))",
            "local x = setmetatable({}, {__index = function() sleep(1) return 1 end}).y",
            "local x = setmetatable({}, {__add = function() sleep(1) return 1 end}) + 1",
            "for x in function() sleep(1) return nil end do end",
            "do local c <close> = setmetatable({}, {__close = function() sleep(1) end}) end",
            "apply(function() coroutine.wrap(function() apply(function() pcall(sleep, 1) end) end)() end)"
        ])
    func cooperative(source: String) async throws {
        #expect(try await run("local other = 0; local t = spawn(function() other = 1 end); \(source); return other") == [1])
    }

    @Test(
        "where Lua cannot yield a wait blocks, and the script goes on rightly",
        arguments: [
            "table.sort({2, 1}, function(a, b) sleep(1) return a < b end)",
            "('x'):gsub('x', function() sleep(1) end)",
            "tostring(setmetatable({}, {__tostring = function() sleep(1) return '' end}))",
            "coroutine.wrap(function() table.sort({2, 1}, function(a, b) sleep(1) return a < b end) end)()",
            "setmetatable({}, {__gc = function() sleep(1) end}) collectgarbage()"
        ])
    func blocking(source: String) async throws {
        #expect(try await run("local other = 0; spawn(function() other = 1 end); \(source); return other") == [0])
    }

    @Test("work elsewhere gives its result, waiting or blocking")
    func work() async throws {
        #expect(
            try await run(
                """
                local inside
                table.sort({2, 1}, function(a, b) inside = work(5) return a < b end)
                return inside, work(21), coroutine.wrap(function() return work(1) end)()
                """) == [10, 42, 2])
    }

    @Test("a blocking wait for another task runs it; for one suspended below it is a conflict")
    func nested() async throws {
        #expect(
            try await run(
                """
                local t, seen = spawn(function() sleep(3) return 7 end), nil
                table.sort({2, 1}, function(a, b) seen = join(t) return a < b end)
                return seen
                """) == [7])
        let values = try await run(
            """
            local outer, message
            outer = spawn(function()
                table.sort({2, 1}, function(a, b)
                    join(spawn(function()
                        table.sort({2, 1}, function(c, d) message = select(2, pcall(join, outer)) return c < d end)
                    end))
                    return a < b
                end)
            end)
            join(outer)
            return message
            """)
        #expect(values == ["test:5: cannot wait here for a task that is suspended below this call"])
    }

    @Test("a task that waits for itself, directly or around, gets a conflict")
    func cycle() async throws {
        let values = try await run(
            """
            local a, b
            a = spawn(function() sleep(1) return join(b) end)
            b = spawn(function() return join(a) end)
            return select(2, pcall(join, a))
            """)
        #expect(values == ["test:2: the task would wait for itself"])
    }

    @Test("a cancelled task ends its sleep with an error that it can catch, and every later wait too")
    func cancel() async throws {
        #expect(
            try await run(
                """
                local first, second, closed
                local task = spawn(function()
                    local c <close> = setmetatable({}, {__close = function() closed = true end})
                    first = pcall(sleep, 1000)
                    second = pcall(sleep, 1000)
                end)
                local idle = spawn(function() first = 'never' end)
                cancel(idle)
                sleep(1)
                cancel(task)
                join(task)
                return first, second, closed, (pcall(join, idle))
                """) == [false, false, true, false])
    }

    @Test("a host task looks like Lua's main thread")
    func mainThread() async throws {
        let values = try await run(
            """
            local thread, isMain = coroutine.running()
            local function probe() local t, m = coroutine.running() return m, coroutine.isyieldable() end
            local ok, message = pcall(coroutine.yield)
            local a, b = coroutine.wrap(probe)()
            return isMain, coroutine.isyieldable(), message, coroutine.status(thread), a, b,
                select(2, coroutine.resume(thread)), select(2, pcall(coroutine.close, thread))
            """)
        #expect(
            values == [
                true, false, "attempt to yield from outside a coroutine", "running", false, true,
                "cannot resume non-suspended coroutine", "cannot close a running coroutine"
            ])
    }

    @Test("a coroutine that waits for the host is normal to others")
    func parked() async throws {
        let values = try await run(
            """
            local co = coroutine.create(function() sleep(5) return 'done' end)
            local task = spawn(function() return coroutine.resume(co) end)
            sleep(1)
            local status, ok, message = coroutine.status(co), coroutine.resume(co)
            local closed = select(2, pcall(coroutine.close, co))
            return status, ok, message, closed, join(task)
            """)
        #expect(
            values == [
                "normal", false, "cannot resume non-suspended coroutine", "cannot close a normal coroutine", true, "done"
            ])
    }

    @Test("a timer of the embedder fires at its time and can spawn tasks; a cancelled one does not")
    func timers() async throws {
        let values = try await withHost { host in
            let function = try host.load("count = (count or 0) + 1", name: "=job")
            host.schedule(atUptime: host.clock.uptime + .seconds(60)) { _ = try? host.spawn(function) }
            host.schedule(atUptime: host.clock.uptime + .seconds(90)) { _ = try? host.spawn(function) }.cancel()
            try host.runUntilIdle()
            return try host.run("return count")
        }
        #expect(values == [1])
    }

    @Test("a waiting task takes less than 3 KB")
    func memory() async throws {
        try await withHost { host in
            try host.run("tasks = {} function wait() sleep(1) end")
            host.collectGarbage()
            let before = host.memory.used
            try host.run("for i = 1, 1000 do tasks[i] = spawn(wait) end sleep(0)")
            host.collectGarbage()
            #expect((host.memory.used - before) / 1000 < 2500)
            try host.runUntilIdle()
            try host.run("tasks = nil")
        }
    }
}
