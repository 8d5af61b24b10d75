import FleetClock
import LuaEngine
import Testing

/// Every form of binding and conversion, with memory failing at each allocation in turn.
@Suite("Sweeps")
struct SweepTests {
    static let scripts = [
        "return add(1, 2)",
        "local r = row() return r.id",
        "local r = row(600) return #r.label",
        "return #echo(('x'):rep(900) .. ('y'):rep(900))",
        "return echo({}, print, 'x', 1.5, nil)",
        "return apply(function(x) return x, {} end, {})",
        "return apply(function(x) return row(600).label .. x end, 'y')",
        "return try(function() error({}) end)",
        "return try(function() fail('x' .. ('y'):rep(600)) end)",
        "return pcall(fail, 'text')",
        "return pcall(add, 'x')",
        "return work(4)",
        "return coroutine.wrap(function() return work(4) end)()",
        "local t = {} table.sort({3, 2, 1}, function(a, b) t[#t + 1] = work(1) return a < b end)",
        "return join(spawn(function(x) sleep(1) return x, {} end, 'value'))",
        "return pcall(join, spawn(function() error({}) end))",
        "local t = spawn(function() sleep(100) end) sleep(1) cancel(t) return pcall(join, t)",
        "local p = probe(3) return p.number, p:twice(), tostring(p), pcall(function() return p.x end)",
        "for i = 1, 5 do setmetatable({}, {__gc = function() local r = row(600) probe(1) apply(function() end) end}) end collectgarbage()",
        "local co = coroutine.create(function(a) local b <close> = setmetatable({}, {__close = row}) coroutine.yield(a) end) coroutine.resume(co, 1) coroutine.close(co)",
        "return pcall(coroutine.wrap(function() error('x') end))"
    ]

    @Test("wherever an allocation fails, the run ends clean and the state closes without a leak", arguments: scripts, [false, true])
    func allocations(script: String, onwards: Bool) async throws {
        let live = LiveCount()
        let service = try await LuaService.open(clock: VirtualClock())
        let count = try await service.perform { _ in
            var nth: UInt64 = 1
            while nth < 5000, try Self.run(script, failing: nth, onwards: onwards, live) {
                #expect(live.value == 0)
                nth += 1
            }
            return nth
        }
        await service.close()
        #expect(count > 1 && count < 5000)
    }

    /// - Returns: whether the fault was reached.
    private static func run(_ script: String, failing nth: UInt64, onwards: Bool, _ live: LiveCount) throws -> Bool {
        let host = try LuaHost(clock: VirtualClock(mode: .jumping))
        try host.registerTestFunctions()
        try TypeTests.install(host, live)
        host.failAllocation(nth, onwards: onwards)
        var caught: LuaError?
        do { try host.run(script, name: "=sweep") } catch let error as LuaError { caught = error }
        let reached = host.failAllocation(0)
        if let caught { #expect(caught.message.contains("not enough memory") && reached, "\(caught)") }
        let values = try host.run("return add(2, 3), row(600).id")
        #expect(values == [5, 12])
        caught = nil
        host.close()
        let memory = host.memory
        #expect(memory.used == 0 && memory.blocks == 0 && memory.bridgeBlocks == 0 && memory.references == 0)
        return reached
    }

    @Test("with a full collection at every allocation everything still works", arguments: scripts)
    func stress(script: String) async throws {
        let live = LiveCount()
        try await withHost { host in
            try TypeTests.install(host, live)
            try host.run(
                """
                local function litter()
                    setmetatable({}, {__gc = function() row(600) probe(1) pcall(fail, 'x') apply(function() end) if on then litter() end end})
                end
                _G.litter, on = litter, true
                for i = 1, 5 do litter() end
                """)
            host.stressCollector(true)
            try host.run(script)
            try host.run("on = false")
            host.stressCollector(false)
        }
        #expect(live.value == 0)
    }

    @Test("a limit too small to open a state is an error, at every size")
    func opening() throws {
        var opened = false
        for limit in stride(from: 0, to: 60_000, by: 301) {
            do {
                let host = try LuaHost(clock: ZeroClock(), options: .init(memoryLimit: limit))
                opened = true
                host.close()
                #expect(host.memory.used == 0 && host.memory.blocks == 0)
            } catch let error as LuaError {
                #expect(error.kind == .memory)
            }
        }
        #expect(opened)
    }

    @Test("compiling, building and naming survive every failing allocation")
    func embedding() async throws {
        try await withHost { host in
            var nth: UInt64 = 1
            var reached = true
            while reached {
                host.failAllocation(nth)
                do {
                    let function = try host.load("local a = {} return function() return a, 'text' end", name: "@file.lua")
                    try host.setGlobal("made") { $0.table {} }
                    try host.setArguments(script: "s", arguments: ["a", "b"])
                    _ = try host.build { writer in writer.table(fields: 2) { writer.field("f") { writer.reference(function) } } }
                    _ = try host.text(of: .string("x"))
                    try host.prependSearchPath(folder: "/x")
                } catch let error as LuaError {
                    #expect(error.kind == .memory || error.message.contains("cannot be shown"), "\(error)")
                }
                reached = host.failAllocation(0)
                nth += 1
            }
            #expect(nth > 20)
        }
    }
}
