import LuaEngine
import Testing

@Suite("Errors")
struct ErrorTests {
    @Test("a Swift error is raised with the script's position")
    func position() async throws {
        let error = try await failure("\n\nfail('no way')", name: "@nightly.lua")
        #expect(error.message == "nightly.lua:3: no way")
        #expect(error.kind == .runtime)
    }

    @Test("a traceback shows where the error was raised, through bindings and coroutines' resumers")
    func traceback() async throws {
        let error = try await failure("local function inner() fail('x') end\napply(function() inner() end)")
        let traceback = try #require(error.traceback)
        for part in ["in function 'fail'", "in upvalue 'inner'", "in function 'apply'", "main chunk"] {
            #expect(traceback.contains(part), "\(traceback)")
        }
    }

    @Test(
        "error values of any type are described",
        arguments: [
            ("error()", "(error object is a nil value)"),
            ("error({})", "(error object is a table value)"),
            ("error(setmetatable({}, {__tostring = function() return 'mine' end}))", "mine"),
            ("error(setmetatable({}, {__tostring = function() error('no') end}))", "(error object whose __tostring fails)"),
            ("error(12)", "12"), ("error('plain', 0)", "plain"), ("error(print)", "(error object is a function value)")
        ])
    func values(source: String, message: String) async throws {
        #expect(try await failure(source).message == message)
    }

    @Test("an error object of the embedder has fields, a position and a readable line")
    func objects() async throws {
        let values = try await withHost { host in
            let type = LuaTableType(
                "vast error",
                metamethods: [
                    (
                        "__tostring",
                        { call in
                            try call.argument(1).withField("message") {
                                call.results.view($0); _ = call.results
                            }
                            return .values
                        }
                    )
                ])
            try host.register(type)
            host.describeError = { error in
                .object(
                    type,
                    fields: { writer in
                        writer.field("kind") { writer.string("conflict") }
                        writer.field("message") { writer.positioned("\(error)") }
                    })
            }
            return try host.run(
                """
                local ok, e = pcall(fail, 'one')
                local ok2, e2 = pcall(function() fail('two') end)
                return e.kind, e2.message, rawequal(getmetatable(e), getmetatable(e2)), type(e)
                """, name: "=test")
        }
        #expect(values == ["conflict", "test:2: two", true, "table"])
    }

    @Test("an error that went through Swift keeps its identity and its traceback across tasks")
    func acrossTasks() async throws {
        let error = try await failure(
            """
            local task = spawn(function() sleep(1) local function culprit() error('boom') end culprit() end)
            join(task)
            """)
        #expect(error.message == "test:1: boom")
        #expect(error.traceback?.contains("in local 'culprit'") == true, "\(error.traceback ?? "")")
    }

    @Test("a to-be-closed variable is closed when a task fails")
    func closes() async throws {
        #expect(
            try await run(
                """
                local closed = false
                local task = spawn(function()
                    local guard <close> = setmetatable({}, {__close = function() closed = true end})
                    error('x')
                end)
                pcall(join, task)
                return closed
                """) == [true])
    }

    @Test(
        "the state works after a stack overflow, a failing handler and a failing finaliser",
        arguments: [
            "local function f() return 1 + f() end f()",
            "local function f() return apply(f) end f()",
            "xpcall(function() error('x') end, function(m) error(m) end) error('x')",
            "setmetatable({}, {__gc = function() fail('gc') end}) collectgarbage() error('x')",
            "string.rep('x', 1 << 40)",
            "local t = setmetatable({}, {__index = function(t, k) return t[k + 1] end}) return t[1]",
            "coroutine.wrap(function() local function f() return coroutine.wrap(f)() end f() end)()",
            "table.sort({1, 2, 3}, function(a, b) coroutine.yield() end)",
            "coroutine.wrap(function() table.sort({3, 2, 1}, function() coroutine.yield() end) end)()",
            "('x'):rep(1e9):rep(1e9)", "error(setmetatable({}, {__tostring = error}))", "local a <close> = 1"
        ])
    func survives(source: String) async throws {
        let values = try await withHost(options: .init(memoryLimit: 64 << 20)) { host in
            #expect(throws: LuaError.self) { try host.run(source) }
            return try host.run("return add(1, 2), work(4)")
        }
        #expect(values == [3, 8])
    }

    @Test("running out of memory is Lua's own error, and the state stays usable")
    func memory() async throws {
        let values = try await withHost(options: .init(memoryLimit: 4 << 20)) { host in
            do {
                try host.run("local t = {} for i = 1, 1e9 do t[i] = {i} end")
            } catch let error as LuaError {
                #expect(error.kind == .memory)
                #expect(error.message == "not enough memory")
            }
            return try host.run("local ok, m = pcall(string.rep, 'x', 8 << 20) return ok, m, add(1, 1)")
        }
        #expect(values == [false, "not enough memory", 2])
    }
}
