import FleetClock
import LuaEngine
import Synchronization
import Testing

@Suite("Operations")
struct OperationTests {
    /// Counts how many operations run at the same time.
    private final class Gauge: Sendable {
        private let state = Mutex((now: 0, most: 0, total: 0))
        var most: Int { state.withLock { $0.most } }
        var total: Int { state.withLock { $0.total } }

        func enter() {
            state.withLock { state in
                state.now += 1
                state.total += 1
                state.most = max(state.most, state.now)
            }
        }

        func leave() { state.withLock { $0.now -= 1 } }
    }

    private static func install(_ host: LuaHost, _ gauge: Gauge) throws {
        let clock = host.clock
        try host.setGlobal("fetch") {
            $0.function("fetch") { call in
                let value = try call.integer(1, "value")
                return call.wait(
                    for: {
                        gauge.enter()
                        defer { gauge.leave() }
                        try await clock.sleep(for: .seconds(1))
                        return value
                    },
                    then: { call, value in
                        call.results.integer(value)
                        return .values
                    })
            }
        }
    }

    @Test("no more than the limit run at the same time, the others wait for their turn", arguments: [1, 3, 50])
    func limit(limit: Int) async throws {
        let gauge = Gauge()
        let values = try await withHost { host in
            try Self.install(host, gauge)
            host.operationLimit = limit
            try host.run("sum = 0 for i = 1, 20 do spawn(function() local n = fetch(i) sum = sum + n end) end")
            try host.runUntilIdle()
            return try host.run("return sum")
        }
        #expect(values == [210])
        #expect(gauge.total == 20)
        #expect(gauge.most <= limit)
    }

    @Test("a task that is cancelled in the queue ends without its operation")
    func cancelled() async throws {
        let gauge = Gauge()
        let values = try await withHost { host in
            try Self.install(host, gauge)
            host.operationLimit = 1
            let values = try host.run(
                """
                local first, second = spawn(fetch, 1), spawn(fetch, 2)
                local third = spawn(fetch, 3)
                sleep(0)
                cancel(second)
                return join(first), (pcall(join, second)), join(third)
                """)
            return values
        }
        #expect(values == [1, false, 3])
        #expect(gauge.total == 2)
    }

    @Test("a blocking wait does not stand in the queue")
    func blocking() async throws {
        let gauge = Gauge()
        let values = try await withHost { host in
            try Self.install(host, gauge)
            host.operationLimit = 1
            return try host.run(
                """
                local task, inside = spawn(fetch, 1), nil
                sleep(0)
                table.sort({2, 1}, function(a, b) inside = fetch(2) return a < b end)
                return inside, join(task)
                """)
        }
        #expect(values == [2, 1])
    }

    @Test("an interrupt leaves nothing in the queue")
    func interrupted() async throws {
        let gauge = Gauge()
        try await withHost { host in
            try Self.install(host, gauge)
            try host.installExit()
            host.operationLimit = 2
            #expect(throws: LuaError.self) {
                try host.run("for i = 1, 10 do spawn(fetch, i) end sleep(0) os.exit(1)")
            }
            host.clearInterrupt()
            host.finishAbandonedOperations()
            let rest = host.liveTaskCount
            #expect(rest == 0)
            let values = try host.run("return fetch(4)")
            #expect(values == [4])
        }
        #expect(gauge.total <= 3)
    }
}

extension OperationTests {
    @Test("an operation can wait for what a script does with the word of another")
    func dependent() async throws {
        let flag = Flag()
        let values = try await withHost { host in
            try host.setGlobal("await") {
                $0.function("await") { call in
                    call.wait(
                        for: { await flag.wait() },
                        then: { call, _ in
                            call.results.string("released")
                            return .values
                        })
                }
            }
            try host.setGlobal("release") {
                $0.function("release") { _ in
                    flag.raise()
                    return .values
                }
            }
            return try host.run("local task = spawn(await) sleep(0) assert(work(1) == 2) release() return join(task)")
        }
        #expect(values == ["released"])
    }

    @Test("a task that never sleeps hears of what ended")
    func busy() async throws {
        #expect(
            try await run(
                """
                local done
                spawn(function() done = work(4) end)
                while not done do sleep(0) end
                return done
                """) == [8])
    }
}
