import LuaEngine
import Testing
import VastAPI
import VastLua

struct ToolTests {
    @Test(
        "JSON comes back as it went",
        arguments: [
            "[]", "{}", "[1,null,3]", "[[],{}]", #"{"a":[],"b":{"c":1.5}}"#, "12345678901234567", "1.5", "true", #""ü\n""#,
            "-9223372036854775808", "[null]", "null"
        ])
    func json(text: String) async throws {
        let script = "local t = ... return vast.json.encode(vast.json.decode([==[\(text)]==]))"
        #expect(try await values(script) == [.string(text)])
    }

    @Test("null is nil in objects and a value of its own in arrays")
    func null() async throws {
        let script = """
            local t = vast.json.decode('{"a":null,"b":[null,1]}')
            return t.a, t.b[1] == vast.json.null, #t.b, tostring(vast.json.null), math.type(vast.json.decode('[7]')[1])
            """
        #expect(try await values(script) == [nil, true, 2, "null", "integer"])
    }

    @Test(
        "what is no JSON raises",
        arguments: [
            "vast.json.encode(print)", "vast.json.encode({1, 2, x = 3})", "vast.json.encode(0/0)", "vast.json.encode(1/0)",
            "vast.json.encode({[1.5] = 1})", "vast.json.encode('\\xff')", "local t = {} t[1] = t vast.json.encode(t)",
            "vast.json.decode('')", "vast.json.decode('{')", "vast.json.decode('[1,]')", "vast.json.decode(5)",
            "vast.json.decode(('['):rep(100000))"
        ])
    func noJSON(script: String) async throws {
        #expect(try await run(script).0.kind == "invalid_argument")
    }

    @Test(
        "what is no JSON says which key it is about and what to do",
        arguments: [
            ("{1, nil, 3}", "a list with nothing at 2 and something at 3 is no JSON: put vast.json.null"),
            ("{[5] = 1}", "nothing at 1 and something at 5"),
            ("{a = {true, nil, nil, false}}", "nothing at 2 and something at 4"), ("{1, 2, x = 3}", "or make the list a field of its own"),
            ("{[1.5] = 1}", "the number 1.5 as key"), ("{[true] = 1}", "a boolean as key is no JSON"), ("{[0] = 1}", "the number 0 as key")
        ])
    func unencodable(value: String, message: String) async throws {
        let (ending, _) = try await run("vast.json.encode(\(value))")
        #expect(ending.kind == "invalid_argument" && ending.text.contains(message), "\(ending.text)")
    }

    @Test("env raises when unset and without default")
    func environment() async throws {
        #expect(try await values("return vast.env('NO_SUCH_VARIABLE_X', 'd'), vast.env('NO_SUCH_VARIABLE_X', nil)") == ["d", nil])
        #expect(try await run("vast.env('NO_SUCH_VARIABLE_X')").0.kind == "invalid_argument")
    }

    @Test("inspect shows nested values with sorted keys, and ends for cycles")
    func inspect() async throws {
        #expect(try await values("return vast.inspect{b = 1, a = {true, 'x'}, [3.5] = 2}") == [#"{[3.5] = 2, a = {true, "x"}, b = 1}"#])
        let (ending, _) = try await run("local t = {} t.t = t return #vast.inspect(t) > 0")
        #expect(ending.values == [true])
    }

    @Test("a misspelt name in vast raises with a suggestion", arguments: ["vast.stpo", "vast.log.inof", "vast.json.encod"])
    func misspelt(name: String) async throws {
        let (ending, _) = try await run("return \(name)")
        #expect(ending.kind == "invalid_argument")
        #expect(ending.text.contains("did you mean"))
    }

    @Test("each goes on whatever some of them raise, and then raises one partial")
    func each() async throws {
        let script = """
            local seen = {}
            local ok, err = pcall(vast.each, {5, 6, 7}, function(x)
              seen[#seen + 1] = x
              vast.sleep(1)
              if x == 6 then error('six') end
            end)
            return ok, err.kind, #seen, err.results[5], err.results[6]
            """
        #expect(try await values(script) == [false, "partial", 3, true, "script.lua:5: six"])
    }

    @Test("a guard, a missing permission and a cancellation end each at once")
    func eachEnds() async throws {
        let script = """
            local count = 0
            local ok, err = pcall(vast.each, {1, 2, 3}, function() count = count + 1 vast.stop(vast.instances()) end)
            return err.kind, count
            """
        #expect(try await values(script) == ["guard", 1])
    }

    @Test("each over thousands of elements, each with a wait, does not grow the stack")
    func eachMany() async throws {
        let script = """
            local list, count = {}, 0
            for i = 1, 20000 do list[i] = i end
            vast.each(list, function() count = count + 1 vast.sleep(0) end)
            return count
            """
        #expect(try await values(script) == [20_000])
    }

    @Test(
        "request passes known reads, and what is no path of the API is refused",
        arguments: [
            ("vast.request('GET', '/api/v0/users/current/')", nil),
            ("vast.request('get', '/api/v1/instances/', {query = {limit = 5}})", nil),
            ("vast.request('PUT', '/api/v0/instances/request_logs/12/', {body = {tail = '5'}})", nil),
            ("vast.request('GET', 'https://evil.example/api')", "invalid_argument"),
            ("vast.request('GET', '//evil.example/')", "invalid_argument"),
            ("vast.request('GET', '/api/v0/../x')", "invalid_argument"), ("vast.request('BREW', '/api/')", "invalid_argument"),
            ("vast.request('PUT', '/api/v0/instances/%72eboot/12/')", "invalid_argument")
        ] as [(String, String?)])
    func requests(script: String, kind: String?) async throws {
        let (ending, fleet) = try await run(script)
        #expect(ending.kind == kind, "\(ending.text)")
        #expect(fleet.state.withLock { $0.requests.isEmpty } == (kind != nil))
    }

    @Test("an answer of request has nil for null in objects, and arrays stay arrays")
    func answers() async throws {
        let script = """
            local r = vast.request('GET', '/api/x/')
            return r.success, r.none, r.list[2] == vast.json.null, vast.json.encode(r.empty)
            """
        #expect(try await values(script) == [true, nil, true, "[]"])
    }

    @Test("bindings work in sort comparators, gsub callbacks, metamethods and finalisers")
    func everywhere() async throws {
        let script = """
            local t = {3, 1, 2}
            table.sort(t, function(a, b) vast.sleep(1) return a < b end)
            local s = ('x'):gsub('x', function() return tostring(vast.instance(12).id) end)
            local m = setmetatable({}, {__index = function() return vast.instance(12).state end, __gc = function() vast.now() end})
            local state = m.anything
            m = nil
            collectgarbage()
            local co = coroutine.wrap(function() coroutine.yield(vast.instance(12).id) return vast.user().id end)
            return t[1], s, state, co(), co()
            """
        #expect(try await values(script) == [1, "12", "running", 12, 7])
    }
}
