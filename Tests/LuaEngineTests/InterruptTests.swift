import FleetClock
import LuaEngine
import Synchronization
import Testing

@Suite("Interrupts")
struct InterruptTests {
    /// Runs the script until it calls `here()`, interrupts it, and checks that it ends and the state goes on.
    private func interrupt(_ source: String, setUp: String = "") async throws {
        let here = Flag()
        let service = try await LuaService.open(clock: VirtualClock()) { host in
            try host.registerTestFunctions()
            try host.setGlobal("here") {
                $0.function("here") { _ in
                    here.raise()
                    return .values
                }
            }
        }
        async let outcome = service.perform { host in
            do {
                try host.run("swallowed = 0 \(setUp) \(source)", name: "=test")
            } catch let error as LuaError {
                host.clearInterrupt()
                host.collectGarbage()
                let checked = try host.run("return add(1, 2), swallowed")
                #expect(checked == [3, 0])
                return LuaError(kind: error.kind, message: error.message)
            }
            throw Unexpected()
        }
        await here.wait()
        service.interrupter?.interrupt(.timeLimit, grace: .seconds(20)) { fatalError("unanswered: \(source)") }
        let error = try await outcome
        #expect(error.kind == .interrupted(.timeLimit))
        #expect(error.message.contains("time limit reached"))
        await service.close()
    }

    @Test(
        "a loop is interrupted, whatever is around it",
        arguments: [
            "here() while true do end",
            "here() while true do pcall(function() while true do end end) swallowed = swallowed + 0 end",
            "here() repeat local ok = pcall(error) until false",
            "here() xpcall(function() while true do end end, function() while true do end end) swallowed = 1",
            "here() xpcall(function() while true do end end, function() swallowed = 1 end) while true do end",
            "coroutine.wrap(function() here() while true do end end)() swallowed = 1",
            "coroutine.resume(coroutine.create(function() coroutine.wrap(function() here() while true do end end)() end)) swallowed = 1",
            "local c = coroutine.wrap(function() while true do coroutine.yield() end end) here() while true do c() end",
            "here() while true do coroutine.wrap(function() end)() end",
            "local function again() local c <close> = setmetatable({}, {__close = function() pcall(again) end}) while true do end end here() again()",
            "local c <close> = setmetatable({}, {__close = function() while true do end end}) here() while true do end",
            "table.sort({3, 2, 1}, function() here() while true do end end) swallowed = 1",
            "table.sort({3, 2, 1}, function() here() xpcall(function() while true do end end, function() while true do end end) while true do end end)",
            "table.sort({3, 2, 1}, function() coroutine.wrap(function() here() while true do end end)() swallowed = 1 end)",
            "('x'):gsub('x', function() here() while true do pcall(function() while true do end end) end end)",
            "here() while true do load('return 1')() end",
            "here() for i = 1, 1 << 60 do end",
            "here() while true do add(1, 2) end",
            "here() while true do apply(function() end) end",
            "apply(function() here() while true do end end)",
            "try(function() here() while true do end end) swallowed = 1",
            "here() error(setmetatable({}, {__tostring = function() while true do end end}))",
            "debug.sethook(function() end, 'l') here() while true do end",
            "local function deep(n) if n == 0 then here() while true do end end pcall(deep, n - 1) swallowed = 1 end deep(150)"
        ])
    func loops(source: String) async throws { try await interrupt(source) }

    @Test(
        "closing and ending coroutines runs no more of the script",
        arguments: [
            "coroutine.close(co)", "pcall(coroutine.close, co)", "coroutine.wrap(function() coroutine.close(co) end)()"
        ])
    func closing(source: String) async throws {
        try await interrupt(
            source,
            setUp: """
                co = coroutine.create(function()
                    local c <close> = setmetatable({}, {__close = function() here() while true do end end})
                    coroutine.yield()
                end)
                coroutine.resume(co)
                """)
    }

    @Test(
        "a wait is ended, cooperative or blocking",
        arguments: [
            "here() sleep(1e6) swallowed = 1",
            "here() pcall(sleep, 1e6) swallowed = 1",
            "coroutine.wrap(function() here() sleep(1e6) swallowed = 1 end)()",
            "spawn(function() here() sleep(1e6) end) sleep(1e7)",
            "table.sort({2, 1}, function() here() sleep(1e6) swallowed = 1 end)",
            "table.sort({2, 1}, function() here() pcall(sleep, 1e6) swallowed = 1 end)",
            "local t = spawn(function() here() sleep(1e6) end) table.sort({2, 1}, function() join(t) swallowed = 1 end)",
            "local t = spawn(function() here() while true do end end) table.sort({2, 1}, function() pcall(join, t) swallowed = 1 end)"
        ])
    func waits(source: String) async throws { try await interrupt(source) }

    @Test("the operation that an interrupted task waits for is cancelled")
    func operations() async throws {
        let here = Flag(), ended = LiveCount()
        let service = try await LuaService.open(clock: VirtualClock()) { host in
            try host.setGlobal("forever") {
                $0.function("forever") { call in
                    call.wait(
                        for: {
                            here.raise()
                            await withTaskCancellationHandler(operation: { await Flag().wait() }, onCancel: {})
                            ended.add(1)
                        }, then: { _, _ in .values })
                }
            }
        }
        async let outcome = service.perform { host in
            #expect(throws: LuaError.self) { try host.run("forever()") }
            host.finishAbandonedOperations()
        }
        await here.wait()
        service.interrupter?.interrupt(.cancelled)
        try await outcome
        #expect(ended.value == 1)
        await service.close()
    }

    @Test(
        "os.exit ends the run with its code, whatever catches errors",
        arguments: [
            ("os.exit(3)", 3), ("pcall(os.exit, 4) swallowed = 1", 4), ("coroutine.wrap(function() os.exit(true) end)()", 0),
            ("os.exit(false, true)", 1), ("table.sort({2, 1}, function() pcall(os.exit, 5) end)", 5), ("os.exit()", 0)
        ])
    func exit(source: String, code: Int32) async throws {
        let kind = try await withHost { host in
            try host.installExit()
            do { try host.run(source) } catch let error as LuaError {
                host.clearInterrupt()
                let checked = try host.global("swallowed")
                #expect(checked == .nil)
                return error.kind
            }
            throw Unexpected()
        }
        #expect(kind == .interrupted(.exit(code)))
    }

    @Test("an interrupt before the run ends the run at once")
    func early() async throws {
        try await withHost { host in
            host.interrupter.interrupt(.cancelled)
            #expect(throws: LuaError.self) { try host.run("while true do end") }
            host.clearInterrupt()
            let checked = try host.run("return 1")
            #expect(checked == [1])
        }
    }

    private final class Answer: Sendable {
        let isGiven = Atomic(false)
    }

    @Test("what cannot be interrupted is reported to the watchdog")
    func watchdog() async throws {
        let here = Flag(), reported = Flag(), answer = Answer()
        let service = try await LuaService.open(clock: VirtualClock()) { host in
            try host.setGlobal("stuck") {
                $0.function("stuck") { _ in
                    here.raise()
                    while !answer.isGiven.load(ordering: .acquiring) {}
                    return .values
                }
            }
        }
        async let outcome = service.perform { host in
            _ = #expect(throws: LuaError.self) { try host.run("stuck()") }
        }
        await here.wait()
        service.interrupter?.interrupt(.cancelled, grace: .milliseconds(20)) { reported.raise() }
        await reported.wait()
        answer.isGiven.store(true, ordering: .releasing)
        try await outcome
        await service.close()
    }
}
