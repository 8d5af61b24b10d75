import FleetClock
import LuaEngine
import Testing

@Suite("Waiting for each other")
struct ConflictTests {
    /// Keeps a timer going for ever, so that a deadlock would show as a hang, not as "nothing is left".
    private static let ticking = "local ticker = spawn(function() while not finished do sleep(1) end end) "

    @Test("two comparators that wait for each other's tasks get a conflict")
    func comparators() async throws {
        #expect(
            try await run(
                Self.ticking + """
                    local a, b
                    local results = {}
                    local function sorter(name, other)
                        return spawn(function()
                            sleep(1)
                            table.sort({2, 1}, function(x, y) local ok = pcall(join, other()) table.insert(results, name .. tostring(ok)) return x < y end)
                        end)
                    end
                    a = sorter('a', function() return b end)
                    b = sorter('b', function() return a end)
                    join(a) join(b)
                    finished = true
                    return table.concat(results, ' ')
                    """) == ["bfalse atrue"])
    }

    @Test("a task that later waits for one suspended below it, which waits for it, gets a conflict")
    func later() async throws {
        #expect(
            try await run(
                Self.ticking + """
                    local a, d, inner
                    d = spawn(function() sleep(5) inner = select(2, pcall(join, a)) return 'd' end)
                    a = spawn(function()
                        local seen
                        table.sort({2, 1}, function(x, y) seen = join(d) return x < y end)
                        return seen
                    end)
                    local result = join(a)
                    finished = true
                    return result, inner
                    """) == ["d", "test:2: the task would wait for itself"])
    }

    @Test("a task above waits for one below through others: a conflict, also when the one in between has ended")
    func through() async throws {
        // b runs in a's comparator, and e in b's; e waits for a, which cannot go on before e has ended.
        #expect(
            try await run(
                Self.ticking + """
                    local a, b, e, message
                    local function inSort(task) table.sort({2, 1}, function(x, y) join(task()) return x < y end) end
                    e = spawn(function() sleep(9) message = select(2, pcall(join, a)) end)
                    b = spawn(function() sleep(1) inSort(function() return e end) end)
                    a = spawn(function() inSort(function() return b end) end)
                    join(a)
                    finished = true
                    return message
                    """) == ["test:3: the task would wait for itself"])
    }

    @Test("a task may wait cooperatively for one below that does not need it")
    func bystander() async throws {
        #expect(
            try await run(
                Self.ticking + """
                    local a, slow
                    slow = spawn(function() sleep(10) end)
                    a = spawn(function() table.sort({2, 1}, function(x, y) join(slow) return x < y end) return 'a' end)
                    local bystander = spawn(function() sleep(2) return join(a) end)
                    local result = join(bystander)
                    finished = true
                    return result
                    """) == ["a"])
    }

    @Test("a cycle of joins is found, however long", arguments: [1, 2, 3, 20])
    func cycles(length: Int) async throws {
        #expect(
            try await run(
                Self.ticking + """
                    local n, tasks, conflicts = \(length), {}, 0
                    for i = 1, n do
                        tasks[i] = spawn(function()
                            sleep(i)
                            local ok, e = pcall(join, tasks[i % n + 1])
                            if not ok then conflicts = conflicts + 1 end
                        end)
                    end
                    for i = 1, n do join(tasks[i]) end
                    finished = true
                    return conflicts
                    """) == [1])
    }

    @Test("a job fires, and tasks are cancelled, while a scheduler runs inside another")
    func nested() async throws {
        let values = try await withHost { host in
            let job = try host.load("fired = (fired or 0) + 1", name: "=job")
            for second in 1...5 {
                host.schedule(atUptime: host.clock.uptime + .seconds(second)) { _ = try? host.spawn(job) }
            }
            return try host.run(
                """
                local victim = spawn(function() sleep(1000) end)
                local result
                table.sort({2, 1}, function(a, b)
                    result = join(spawn(function()
                        (''):gsub('', function() join(spawn(function() sleep(4) cancel(victim) end)) end)
                        return fired
                    end))
                    return a < b
                end)
                return result, (pcall(join, victim)), os.clock()
                """)
        }
        #expect(values == [4, false, 4.0])
    }

    @Test("a cancelled task leaves the scheduler that runs in it; the one that it waited for goes on")
    func cancelledInside() async throws {
        #expect(
            try await run(
                """
                local slow = spawn(function() sleep(100) return 'slow' end)
                local caught
                local task = spawn(function()
                    table.sort({2, 1}, function(a, b) caught = select(2, pcall(join, slow)) return a < b end)
                end)
                spawn(function() sleep(3) cancel(task) end)
                pcall(join, task)
                local at = os.clock()
                return tostring(caught):find('CancellationError') ~= nil, at, join(slow), os.clock()
                """) == [true, 3.0, "slow", 100.0])
    }

    @Test("running out of memory in a nested task is that task's error")
    func memory() async throws {
        try await withHost { host in
            host.memoryLimit = 4 << 20
            let values = try host.run(
                """
                local ok, message
                table.sort({2, 1}, function(a, b)
                    ok, message = pcall(join, spawn(function() local t = {} for i = 1, 1e9 do t[i] = {i} end end))
                    return a < b
                end)
                return ok, message, join(spawn(function() sleep(1) return 'alive' end))
                """)
            #expect(values == [false, "not enough memory", "alive"])
        }
    }

    @Test("schedulers can be nested until C's stack has no room, which is an error of the script")
    func depth() async throws {
        let values = try await run(
            """
            local deepest = 0
            local function dive(n)
                deepest = n
                ;('x'):gsub('x', function() join(spawn(dive, n + 1)) end)
            end
            local ok, message = pcall(dive, 1)
            return ok, message:find('stack overflow') ~= nil, deepest > 20
            """)
        #expect(values == [false, true, true])
    }
}
