import FleetClock
import LuaEngine
import Synchronization
import Testing

@Suite("A script that stays")
struct LongRunTests {
    /// A job as an embedder makes one: at a fixed rate, each time in a task of its own.
    private final class Job {
        let host: LuaHost
        let function: LuaReference
        let interval: Duration
        var due: Duration
        var left: Int
        var timer: LuaTimer?

        init(_ host: LuaHost, _ function: LuaReference, interval: Duration, times: Int) {
            self.host = host
            self.function = function
            self.interval = interval
            due = host.clock.uptime + interval
            left = times
            arm()
        }

        private func arm() {
            timer = host.schedule(atUptime: due) { [unowned self] in fire() }
        }

        private func fire() {
            _ = try? host.spawn(function)
            due += interval
            left -= 1
            if left > 0 { arm() }
        }
    }

    /// Bytes that the whole process has allocated, Lua's included.
    private static func footprint(_ host: LuaHost) -> (lua: Int, blocks: Int, bridge: Int, references: Int) {
        host.collectGarbage()
        let memory = host.memory
        return (memory.used, memory.blocks, memory.bridgeBlocks, memory.references)
    }

    @Test("does not grow, however many firings", arguments: ["count = count + 1", "sleep(1) count = count + 1"])
    func growth(body: String) async throws {
        let firings = 50_000
        let values = try await withHost { host in
            try host.run("count = 0")
            let function = try host.load(body, name: "=job")
            let warm = Job(host, function, interval: .seconds(60), times: 1000)
            try host.runUntilIdle()
            #expect(warm.left == 0)
            let before = Self.footprint(host)
            let job = Job(host, function, interval: .seconds(60), times: firings)
            try host.runUntilIdle()
            #expect(job.left == 0)
            let after = Self.footprint(host)
            #expect(after == before)
            return try host.run("return count")
        }
        #expect(values == [.integer(Int64(firings + 1000))])
    }

    @Test("functions of Swift that a script lets go of are given back, after the first of them")
    func functions() async throws {
        let live = LiveCount()
        try await withHost { host in
            try host.setGlobal("make") { writer in
                writer.function("make") { call in
                    let probe = Probe(1, live)
                    call.results.function("made") { call in
                        call.results.integer(withExtendedLifetime(probe) { 1 })
                        return .values
                    }
                    return .values
                }
            }
            try host.run("for _ = 1, 10000 do assert(make()() == 1) end")
            host.collectGarbage()
            #expect(live.value <= 128)
            // A finaliser may still have one that is collected with it.
            try host.run(
                """
                for _ = 1, 200 do setmetatable({made = make()}, {__gc = function(object) kept = object.made end}) end
                collectgarbage() collectgarbage()
                """)
            host.collectGarbage()
            let reason = try host.run("return select(2, pcall(kept))")
            #expect(reason == [.string("this function was given up with what it belonged to")])
        }
        #expect(live.value == 0)
    }

    @Test("ten thousand timers fire in the order of their instants, those of one instant in that of their making")
    func order() async throws {
        let order = try await withHost { host in
            let log = Log()
            var generator = SeededGenerator(seed: 7)
            for number in 0..<10_000 {
                let second = Int.random(in: 1...500, using: &generator)
                host.schedule(atUptime: .seconds(second)) { log.add(second * 100_000 + number) }
            }
            try host.runUntilIdle()
            return log.numbers
        }
        #expect(order.count == 10_000)
        #expect(order == order.sorted())
    }

    /// What happened, in order.
    private final class Log: Sendable {
        private let state = Mutex<[Int]>([])
        var numbers: [Int] { state.withLock { $0 } }
        func add(_ number: Int) { state.withLock { $0.append(number) } }
    }

    @Test("timers that are cancelled long before they are due are not kept")
    func cancelled() async throws {
        let live = LiveCount()
        try await withHost { host in
            let keeper = host.schedule(atUptime: .seconds(1_000_000)) {}
            for number in 0..<100_000 {
                let probe = Probe(Int64(number), live)
                host.schedule(atUptime: .seconds(900_000)) { _ = probe.number }.cancel()
            }
            #expect(live.value < 1000)
            keeper.cancel()
            try host.runUntilIdle()
            #expect(host.clock.uptime == .zero)
        }
        #expect(live.value == 0)
    }

    @Test("a timer can cancel itself and others from within itself")
    func selfCancelling() async throws {
        let fired = try await withHost { host in
            let log = Log()
            final class Timers { var all: [LuaTimer] = [] }
            let timers = Timers()
            for number in 1...4 {
                timers.all.append(
                    host.schedule(atUptime: .seconds(5)) {
                        log.add(number)
                        if number == 2 { for timer in timers.all { timer.cancel() } }
                    })
            }
            try host.runUntilIdle()
            timers.all = []
            return log.numbers
        }
        #expect(fired == [1, 2])
    }

    @Test("an error in a timer's task reaches the handler with its traceback, and the others go on")
    func errors() async throws {
        let values = try await withHost { host in
            final class Errors { var all: [LuaError] = [] }
            let errors = Errors()
            try host.run("good = 0 function bad() local x = nil; return x.y end")
            let bad = try host.load("bad()", name: "=bad"), good = try host.load("good = good + 1", name: "=good")
            for second in 1...5 {
                host.schedule(atUptime: .seconds(second)) {
                    for function in [bad, good] {
                        let task = try? host.spawn(function, name: "job")
                        task?.onEnd = { task in if let error = task.failure { errors.all.append(error) } }
                    }
                }
            }
            try host.runUntilIdle()
            #expect(errors.all.count == 5)
            #expect(errors.all.allSatisfy { $0.message.contains("attempt to index a nil value") })
            #expect(errors.all.allSatisfy { $0.traceback?.contains("in function 'bad'") ?? false })
            errors.all = []
            return try host.run("return good")
        }
        #expect(values == [5])
    }

    @Test("the same script leaves the same trace, every time")
    func deterministic() async throws {
        let script = """
            local log = {}
            local function note(...) log[#log + 1] = table.concat({os.clock(), ...}, ' ') end
            local function every(name, interval, times)
                spawn(function() for i = 1, times do sleep(interval) note(name, i, work(i)) end end)
            end
            every('a', 1, 30) every('b', 1, 30) every('c', 0.5, 60) every('d', 3, 10)
            for i = 1, 20 do spawn(function() note('w', i, work(i)) sleep(0) note('x', i) nap(i % 3) note('n', i) end) end
            sleep(40)
            return table.concat(log, ',')
            """
        var traces: Set<String> = []
        for _ in 0..<8 {
            let values = try await withHost { host in
                let clock = host.clock
                try host.setGlobal("nap") {
                    $0.function("nap") { call in
                        let length = Duration.seconds(try call.integer(1, "seconds"))
                        return call.wait(for: { try await clock.sleep(for: length) }, then: { _, _ in .values })
                    }
                }
                return try host.run(script)
            }
            if case .string(let trace)? = values.first { traces.insert(trace) }
        }
        #expect(traces.count == 1)
        #expect((traces.first ?? "").split(separator: ",").count == 190)
    }

    @Test("os.time, os.date and os.clock follow the clock")
    func time() async throws {
        let values = try await withHost { host in
            try host.run(
                """
                local start, first = os.time(), os.date('!%Y-%m-%d %H:%M:%S')
                sleep(86400.75)
                return start, first, os.time() - start, os.date('!%Y-%m-%d %H:%M:%S'), os.clock(), os.date('!*t').hour,
                    os.time({year = 2020, month = 1, day = 1, hour = 12}) == os.time({year = 2020, month = 1, day = 1}),
                    os.date('!%Y', 0)
                """)
        }
        #expect(
            values == [
                1_795_000_000, "2026-11-18 11:06:40", 86400, "2026-11-19 11:06:40", 86400.75, 11, true, "1970"
            ])
    }

    @Test(
        "their errors are Lua's own",
        arguments: [
            "os.time({})", "os.time(7)", "os.date('%Ez')", "os.date('*t', 'x')", "os.date({})", "os.time({year = 2020, month = 'x'})",
            "os.date('%Y', 1 << 60)", "os.time({year = 1 << 40, month = 1, day = 1})", "local t = os.time t(true)"
        ])
    func timeErrors(statement: String) async throws {
        let source = "return select(2, pcall(load([==[\(statement)]==], '=x')))"
        let ours = try await run(source)
        let system = try await withHost(clock: SystemClock()) { try $0.run(source) }
        #expect(ours == system)
    }
}
