import FleetClock
import LuaEngine
import Testing

@testable import LuaCheck
@testable import VastLua

/// What `check` says of globals that nobody sets, and of names that Lua's own tables do not have.
@Suite struct GlobalCheckTests {
    private func misuses(_ source: String, modules: [String: String] = [:]) -> [String] {
        VastNames(Declaration.names).misuses(in: Array(source.utf8), modules: RequiredModules { modules[$0].map { Array($0.utf8) } })
            .map { "\($0.line): \($0.isWarning ? "warning: " : "")\($0.message)" }
    }

    @Test("the names that Lua has before a script runs are known, and no others")
    func names() throws {
        let host = try LuaHost(clock: SystemClock())
        defer { host.close() }
        let source = """
            local found = {}
            for name in pairs(_G) do found[#found + 1] = name end
            for name, t in pairs(_G) do
              if type(t) == "table" and t ~= _G then for field in pairs(t) do found[#found + 1] = name .. "." .. field end end
            end
            for name in pairs(getmetatable(io.stdout).__index) do found[#found + 1] = "file:" .. name end
            return table.concat(found, " ")
            """
        guard case .string(let text)? = try host.run(source).first else { throw Unexpected() }
        let found = Set(text.split(separator: " ").map(String.init))
        var known = StandardLibrary.globals.subtracting(["vast", "arg"])
        for (table, names) in StandardLibrary.tables { known.formUnion(names.map { "\(table).\($0)" }) }
        known.formUnion(StandardLibrary.ofFiles.map { "file:\($0)" })
        #expect(found == known, "\(found.symmetricDifference(known))")
    }

    private struct Unexpected: Error {}

    @Test(
        "a global that nobody sets is found, with what was meant",
        arguments: [
            ("for _, i in iparis(vast.instances()) do print(i) end", "unknown global 'iparis', did you mean 'ipairs'?"),
            (
                "local inst = vast.instances():one() if isnt:is_idle('5m') then print(inst) end",
                "unknown global 'isnt', did you mean 'inst'?"
            ),
            ("prnit('x')", "'print'"), ("local count = 0 print(cuont)", "'count'"), ("return tosting(1)", "'tostring'"),
            ("local function look() end vast.every('5m', lok)", "'look'"), ("limit = 5 print(limt + 1)", "'limit'"),
            ("local window = arg[1] if widnow then print(window) end", "'window'"), ("local a = frobnicate.x", "nothing here sets it"),
            ("frobnicate()", "unknown global 'frobnicate': nothing here sets it"),
            ("print(frobnicate)", "warning: unknown global 'frobnicate'"),
            ("do local inner = 1 end print(inner)", "warning: unknown global 'inner'"),
            ("unpack({})", "Lua 5.4 has no 'unpack': write table.unpack"),
            ("local total = 0 totl = total + 1", "warning: this sets a global 'totl' that nothing reads, did you mean 'total'?"),
            ("x = prnt", "'print'"), ("require 'lib' frobnicate() prnt(1)", "'print'"), ("local m = require 'm' prnt(m)", "'print'")
        ])
    func unknown(source: String, message: String) {
        let found = misuses(source)
        #expect(found.count == 1 && found[0].contains(message), "\(found)")
    }

    @Test(
        "what the script sets, asks for or declares is left alone",
        arguments: [
            "count = 0 print(count)", "function look() end look()", "print(late) late = 1",
            "local unpack = table.unpack or unpack unpack({})",
            "if jit then print(jit.version) end", "_G.depth = 1 print(depth)", "_G['depth'] = 1 print(depth)",
            "rawset(_G, 'depth', 1) print(depth)",
            "function _G.depth() end depth()", "_G[name] = 1 print(depth)", "setmetatable(_G, {__index = vast}) print(instances)",
            "local _ENV = {print = print} print(depth)", "local function f(_ENV) return depth end", "load(arg[1])() print(depth)",
            "dofile(arg[1]) depth()", "if type(depth) == 'function' then depth() end", "if depth ~= nil then print(depth) end",
            "depth = depth or 1", "print(_G.depth)", "local d = rawget(_G, 'depth')", "for k, v in pairs(_G) do print(k, v) end",
            "---@diagnostic disable: undefined-global\nprint(depth.x)",
            "---@diagnostic disable-next-line: undefined-global\nprint(depth.x)",
            "print(depth.x) ---@diagnostic disable-line: undefined-global", "-- luacheck: globals depth width\nprint(depth.x, width.x)",
            "-- luacheck: read globals depth\nprint(depth.x)", "print(depth.x) -- luacheck: ignore",
            "--luacheck: ignore 113\nprint(depth.x)",
            "---@diagnostic disable\nprint(depth.x)", "a, b = 1, 2 print(a, b)", "for i = 1, 3 do goto on ::on:: end",
            "local g = _G g.depth = 1 print(depth)", "extend(_G) print(depth) function extend() end",
            "function f(...) return ... end f(arg)",
            "local total = 0 result = total print(result)", "function t() total = 1 end local totals = total",
            "local s <const> = 1 print(s)"
        ])
    func known(source: String) {
        #expect(misuses(source).filter { !$0.contains("'name'") } == [])
    }

    @Test(
        "comments turn findings off where they say so, and nowhere else",
        arguments: [
            "---@diagnostic disable-next-line: undefined-global\nprint(1)\nprint(depth.x)",
            "---@diagnostic disable: undefined-global\nprint(1)\n---@diagnostic enable: undefined-global\nprint(depth.x)",
            "---@diagnostic disable: unused-local\nprint(depth.x)", "-- luacheck: globals width\nprint(depth.x)",
            "print(1) -- luacheck: ignore\nprint(depth.x)", "-- @diagnostic disable: undefined-global\nprint(depth.x)"
        ])
    func comments(source: String) {
        #expect(misuses(source).count == 1)
    }

    @Test("what required modules set is known, at whatever depth, and what they read is read")
    func modules() {
        let modules = ["a": "require 'b' alpha = 1 function string.trim(s) return s end", "b": "_G.beta = 1 print(gamma)", "c": "load(x)()"]
        #expect(misuses("require 'a' print(alpha, beta, ('x'):trim())", modules: modules) == [])
        #expect(misuses("require('a') local gamma_ = 1 gamma = gamma_", modules: modules) == [])
        #expect(misuses("require 'a' print(alhpa)", modules: modules) == ["1: unknown global 'alhpa', did you mean 'alpha'?"])
        #expect(misuses("require 'c' prnt(1)", modules: modules) == [])
        #expect(misuses("require 'missing' depth()", modules: modules) == [])
        #expect(misuses("require 'a' depth()", modules: modules).count == 1)
    }

    @Test(
        "a name that a table of Lua's own does not have is found",
        arguments: [
            ("os.exi(1)", "unknown name 'os.exi', did you mean 'os.exit'?"), ("print(string.formt('x'))", "'string.format'"),
            ("print(math.flor(1.5))", "'math.floor'"), ("table.isnert({}, 1)", "'table.insert'"),
            ("print(('x'):uper())", "unknown method 'uper'"),
            ("local i = vast.instances():one() print(i.label:uper())", "unknown method 'uper' of a text, did you mean 'upper'?"),
            ("io.stderr:wrte('x')", "unknown method 'wrte' of a file, did you mean 'write'?"), ("os.frobnicate()", "'os.frobnicate'"),
            ("local f = io.open('x') f:raed('a')", "'read'"), ("print(math.huje)", "'math.huge'"), ("math.mod(5, 3)", "write math.fmod"),
            ("local fmt = string.formt", "'string.format'"), ("if table.pakc then print(1) end", "'table.pack'")
        ])
    func fields(source: String, message: String) {
        let found = misuses(source)
        #expect(found.count == 1 && found[0].contains(message) && !found[0].contains("warning"), "\(found)")
    }

    @Test(
        "what a script adds to tables of Lua's own is left alone",
        arguments: [
            "function string.trim(s) return s end print(string.trim('x'), ('x'):trim())",
            "table.copy = function(t) return t end table.copy({})",
            "local s = string s.trim = print ('x'):trim()", "rawset(string, 'trim', print) string.trim('x')",
            "for k, v in pairs({}) do string[k] = v end string.trim('x')", "function extend(t) t.x = 1 end extend(math) math.x()",
            "local trim = string.trim or function(s) return s end trim('x')", "if table.clone then print(table.clone({})) end",
            "getmetatable('').__index = function() end print(('x'):trim())", "setmetatable(math, {__index = vast}) math.instances()",
            "local os = {} os.exi()", "---@diagnostic disable: undefined-field\nos.exi()", "os = {exi = print} os.exi()",
            "print(string.format('%d', 1):upper())", "local string = require 'string' string.trim('x')"
        ])
    func added(source: String) {
        #expect(misuses(source) == [])
    }
}
