import LuaEngine
import Testing

@testable import VastLua

/// What scripts read when they call a method that there is not, or with what it does not take.
@Suite struct UnknownMethodTests {
    @Test(
        "a method that is nearly one that there is raises with the script's line and what was meant",
        arguments: [
            ("vast.instances():tkae(5)", "script.lua:1: unknown method 'tkae' of a list, did you mean 'take'?"),
            ("vast.instances{label = 'x'}:stpo()", "script.lua:1: unknown method 'stpo' of a list, did you mean 'stop'?"),
            ("vast.instance(12):is_idel('5m')", "script.lua:1: unknown method 'is_idel' of an instance, did you mean 'is_idle'?"),
            ("vast.label(12, 'x'):wiat()", "script.lua:1: unknown method 'wiat' of a result, did you mean 'wait'?"),
            ("vast.instances():frobnicate()", "script.lua:1: attempt to call a nil value (method 'frobnicate')")
        ])
    func method(source: String, message: String) async throws {
        let ending = try await run(source).0
        #expect(ending.text.hasPrefix(message), "\(ending)")
    }

    @Test("a list may be asked for what it does not have, and have fields of the script")
    func fields() async throws {
        let script = """
            local l = vast.instances()
            l.note = "mine"
            local n = 0
            for _ in ipairs(l) do n = n + 1 end
            return l.note, l.other == nil, l[99] == nil, l.id == nil, n == #l, l.take == vast.instances().take
            """
        #expect(try await values(script) == ["mine", true, true, true, true, true])
    }

    @Test(
        "arguments of a method are counted without the object, as in Lua, unless it is called with a dot",
        arguments: [
            ("vast.instances():take(-1)", "bad argument #1 'count' to 'vast.list:take'"),
            ("vast.instance(12):is_idle('5m', 3)", "bad argument #2 'options' to 'vast.instance:is_idle'"),
            ("local l = vast.instances() return l:sum()", "bad argument #1 'field' to 'vast.list:sum'"),
            ("vast.instances():stop{resaon = 'x'}", "bad argument #1 'options' to 'vast.list:stop'"),
            ("local l = vast.instances() l.take(l, -1)", "bad argument #2 'count' to 'vast.list:take'"),
            ("vast.stop(12, 3)", "bad argument #2 'options' to 'vast.stop'")
        ])
    func numbers(source: String, message: String) async throws {
        let ending = try await run(source).0
        #expect(ending.text.contains(message), "\(ending)")
    }

    @Test("a misspelt option beside a query is suggested")
    func observe() async throws {
        let ending = try await run("vast.observe('5m', {evry = '1m'})").0
        #expect(ending.text.contains("unknown field 'evry', did you mean 'every'?"), "\(ending)")
    }
}
