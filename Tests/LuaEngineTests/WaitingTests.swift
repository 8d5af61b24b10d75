import FleetClock
import LuaEngine
import Testing

/// A place in a script where something calls `WAIT()`.
struct Place: CustomTestStringConvertible, Sendable {
    let name: String
    let source: String
    var testDescription: String { name }

    init(_ name: String, _ source: String) {
        self.name = name
        self.source = source
    }

    /// Where Lua can yield.
    static let cooperative = [
        Place("a task", "WAIT()"),
        Place("resume", "assert(coroutine.resume(coroutine.create(WAIT)))"),
        Place("wrap", "coroutine.wrap(WAIT)()"),
        Place(
            "a coroutine of a coroutine of a coroutine",
            """
            coroutine.wrap(function() assert(coroutine.resume(coroutine.create(function() coroutine.wrap(WAIT)() end))) end)()
            """),
        Place("pcall", "assert(pcall(WAIT))"),
        Place("xpcall", "assert(xpcall(WAIT, debug.traceback))"),
        Place("pcall in xpcall in a coroutine", "coroutine.wrap(function() assert(xpcall(pcall, print, WAIT)) end)()"),
        Place("__index", "local x = setmetatable({}, {__index = function() WAIT() return 1 end}).y assert(x == 1)"),
        Place("__newindex", "setmetatable({}, {__newindex = function() WAIT() end}).y = 1"),
        Place("__add", "assert(setmetatable({}, {__add = function() WAIT() return 5 end}) + 1 == 5)"),
        Place("__unm", "assert(-setmetatable({}, {__unm = function() WAIT() return 5 end}) == 5)"),
        Place("__eq", "local m = {__eq = function() WAIT() return true end} assert(setmetatable({}, m) == setmetatable({}, m))"),
        Place("__lt", "local m = {__lt = function() WAIT() return true end} assert(setmetatable({}, m) < setmetatable({}, m))"),
        Place("__le", "local m = {__le = function() WAIT() return true end} assert(setmetatable({}, m) <= setmetatable({}, m))"),
        Place("__concat", "assert(setmetatable({}, {__concat = function() WAIT() return 'x' end}) .. 'a' .. 'b' == 'x')"),
        Place("__call", "assert(setmetatable({}, {__call = function(_, a) WAIT() return a end})(3) == 3)"),
        Place("__len", "assert(#setmetatable({}, {__len = function() WAIT() return 9 end}) == 9)"),
        Place("an iterator", "local n = 0 for x in function() n = n + 1 WAIT() if n < 2 then return n end end do end assert(n == 2)"),
        Place("__close at a normal end", "do local c <close> = setmetatable({}, {__close = WAIT}) end"),
        Place("__close at a return", "assert((function() local c <close> = setmetatable({}, {__close = WAIT}) return 4 end)() == 4)"),
        Place("__close at a break", "for i = 1, 9 do local c <close> = setmetatable({}, {__close = WAIT}) break end"),
        Place("__close of a loop", "for i in next, {1}, nil, setmetatable({}, {__close = WAIT}) do end"),
        Place(
            "__close at an error",
            """
            local ok, e = pcall(function() local c <close> = setmetatable({}, {__close = WAIT}) error('x', 0) end)
            assert(not ok and e == 'x')
            """),
        Place("a function that a binding calls", "apply(WAIT)"),
        Place("a chunk", "assert(load('WAIT() return 1', '=x', 't', {WAIT = WAIT}))()"),
        Place(
            "bindings, coroutines and metamethods",
            """
            apply(function() coroutine.wrap(function()
                local t = setmetatable({}, {__index = function() return (try(function() WAIT() return 1 end)) end})
                assert(t.x == true)
            end)() end)
            """)
    ]

    /// Where it cannot.
    static let blocking = [
        Place(
            "a comparator",
            "local t = {3, 1, 2} local n = 0 table.sort(t, function(a, b) n = n + 1 if n == 1 then WAIT() end return a < b end) assert(table.concat(t) == '123')"
        ),
        Place("gsub", "assert((('abc'):gsub('b', function() WAIT() return 'x' end)) == 'axc')"),
        Place(
            "load's reader",
            "local parts = {'return ', '7'} assert(load(function() if #parts == 2 then WAIT() end return table.remove(parts, 1) end)() == 7)"
        ),
        Place("__gc", "setmetatable({}, {__gc = function() WAIT() end}) collectgarbage()"),
        Place(
            "a module's body",
            "package.preload.m = function() WAIT() return 5 end assert(require('m') == 5) package.preload.m, package.loaded.m = nil"),
        Place(
            "a searcher",
            """
            table.insert(package.searchers, 2, function(name) WAIT() return function() return name end end)
            assert(require('found') == 'found')
            """),
        Place("__tostring by tostring", "assert(tostring(setmetatable({}, {__tostring = function() WAIT() return 'x' end})) == 'x')"),
        Place("__tostring by format", "assert(('%s'):format(setmetatable({}, {__tostring = function() WAIT() return 'x' end})) == 'x')"),
        Place("__tostring by print", "print(setmetatable({}, {__tostring = function() WAIT() return '' end}))"),
        Place(
            "table.concat",
            """
            local t = setmetatable({}, {__len = function() return 1 end, __index = function() WAIT() return 'x' end})
            assert(table.concat(t) == 'x')
            """),
        Place("table.concat's length", "assert(table.concat(setmetatable({}, {__len = function() WAIT() return 0 end})) == '')"),
        Place("table.unpack", "assert(table.unpack(setmetatable({}, {__index = function() WAIT() return 6 end}), 1, 1) == 6)"),
        Place(
            "a hook",
            """
            debug.sethook(function() debug.sethook() WAIT() end, 'l')
            local n = 1
            assert(waited == 1)
            """),
        Place("xpcall's handler", "local ok, e = xpcall(error, function() WAIT() return 'seen' end) assert(not ok and e == 'seen')"),
        Place(
            "coroutine.close",
            """
            local co = coroutine.create(function() local c <close> = setmetatable({}, {__close = WAIT}) coroutine.yield() end)
            coroutine.resume(co)
            assert(coroutine.close(co))
            """),
        Place(
            "a comparator in gsub in a coroutine",
            """
            coroutine.wrap(function()
                local r = ('ab'):gsub('b', function()
                    local t = {2, 1}
                    table.sort(t, function(a, b) if not waited then WAIT() end return a < b end)
                    return t[1]
                end)
                assert(r == 'a1')
            end)()
            """),
        Place(
            "a comparator in a coroutine in __index in gsub",
            """
            ;(''):gsub('', function()
                return setmetatable({}, {__index = function()
                    coroutine.wrap(function() table.sort({2, 1}, function(a, b) if not waited then WAIT() end return a < b end) end)()
                end}).x
            end)
            """),
        Place(
            "a cooperative place within a comparator",
            """
            table.sort({2, 1}, function(a, b)
                if not waited then coroutine.wrap(function() assert(pcall(WAIT)) end)() end
                return a < b
            end)
            """)
    ]
}

/// What `WAIT` waits for.
enum WaitKind: String, CaseIterable, Sendable {
    case sleep = "sleep(1)"
    case pause = "sleep(0)"
    case operation = "assert(work(21) == 42)"
    case join = "assert(join(spawn(function() sleep(1) return 7 end)) == 7)"
    case failing = "local ok, e = pcall(join, spawn(function() sleep(1) error('told', 0) end)) assert(not ok and e == 'told')"
}

@Suite("Waiting")
struct WaitingTests {
    private static func script(_ place: Place, _ kind: WaitKind) -> String {
        """
        waited = nil
        function WAIT() \(kind.rawValue) waited = (waited or 0) + 1 end
        local others = 0
        local task = spawn(function() others = others + 1 end)
        \(place.source)
        return others, waited > 0
        """
    }

    @Test("is cooperative where Lua can yield: others go on", arguments: Place.cooperative, WaitKind.allCases)
    func cooperative(place: Place, kind: WaitKind) async throws {
        #expect(try await run(Self.script(place, kind)) == [1, true])
    }

    @Test("blocks where Lua cannot yield; only a wait for another task lets others go on", arguments: Place.blocking, WaitKind.allCases)
    func blocking(place: Place, kind: WaitKind) async throws {
        let others: LuaValue = kind == .join || kind == .failing ? 1 : 0
        #expect(try await run(Self.script(place, kind)) == [others, true])
    }

    @Test("happens in several tasks at the same place at once", arguments: Place.cooperative + Place.blocking)
    func together(place: Place) async throws {
        guard !place.name.contains("search"), !place.name.contains("module"), !place.name.contains("hook") else { return }
        // Each task has globals of its own: the scripts note there that they have waited.
        #expect(
            try await run(
                """
                local source = ...
                local done = 0
                local tasks = {}
                for i = 1, 4 do
                    local env = setmetatable({}, {__index = _G})
                    env.WAIT = function()
                        sleep(i % 2)
                        assert(join(spawn(function() sleep(1) return i end)) == i)
                        env.waited = (env.waited or 0) + 1
                    end
                    tasks[i] = spawn(assert(load([==[\(place.source)]==], '=place', 't', env)))
                end
                for i = 1, 4 do join(tasks[i]) done = done + 1 end
                return done
                """) == [4])
    }

    @Test("a task that is cancelled while it waits gets the error at once, wherever it is", arguments: Place.cooperative)
    func cancelled(place: Place) async throws {
        #expect(
            try await run(
                """
                local caught
                function WAIT() local ok, e = pcall(sleep, 1000) caught = not ok waited = 1 end
                local task = spawn(function() \(place.source) end)
                sleep(1)
                cancel(task)
                sleep(1)
                return caught
                """) == [true])
    }

    @Test("a timer of the embedder can cancel a wait that blocks", arguments: Place.blocking, ["sleep, 1000", "forever", "join, endless"])
    func cancelledByTimer(place: Place, wait: String) async throws {
        let values = try await withHost { host in
            try host.setGlobal("forever") {
                $0.function("forever") { call in
                    let clock = call.host.clock
                    return call.wait(for: { try await clock.sleep(for: .seconds(5000)) }, then: { _, _ in .values })
                }
            }
            try host.setGlobal("cancelMe") {
                $0.function("cancelMe") { call in
                    guard let task = call.host.currentTask else { throw Unexpected() }
                    call.host.schedule(atUptime: call.host.clock.uptime + .seconds(3)) { [host = call.host] in host.cancel(task) }
                    return .values
                }
            }
            return try host.run(
                """
                local caught
                endless = spawn(function() sleep(2000) end)
                function WAIT() cancelMe() caught = not pcall(\(wait)) waited = 1 end
                local task = spawn(function() \(place.source) end)
                local before = os.time()
                pcall(join, task)
                return caught, os.time() - before
                """)
        }
        #expect(values == [true, 3])
    }

    @Test("a finaliser may wait while the state is closed")
    func closing() async throws {
        let live = LiveCount()
        try await withHost { host in
            try host.setGlobal("reached") {
                $0.function("reached") { _ in
                    live.add(1)
                    return .values
                }
            }
            try host.run(
                """
                setmetatable({}, {__gc = function() sleep(1) reached() end})
                setmetatable({}, {__gc = function() assert(work(2) == 4) reached() end})
                setmetatable({}, {__gc = function() assert(not pcall(spawn, print)) reached() end})
                """)
        }
        #expect(live.value == 3)
    }

    @Test("a wait where the embedder shows a value blocks")
    func shown() async throws {
        let text = try await withHost { host in
            try host.run("value = setmetatable({}, {__tostring = function() sleep(5) return 'shown at ' .. os.clock() end})")
            return try host.text(of: try host.global("value"))
        }
        #expect(text == "shown at 5.0")
    }
}
