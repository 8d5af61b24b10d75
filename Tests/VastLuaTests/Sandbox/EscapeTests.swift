import FleetClock
import FleetSafety
import Logging
import LuaEngine
import Testing
import ScriptSandbox
import VastLua

/// The catalogue of escapes against the restricted state, and that the rest of Lua is as it was.
@Suite(.serialized) struct EscapeTests {
    @Test("a known trick ends as the catalogue says", arguments: Escape.all)
    func trick(_ escape: Escape) async throws {
        let (value, error) = try await restricted(escape.script)
        switch escape.outcome {
        case .absent:
            #expect(error == nil)
            #expect(value == .nil)
        case .refused(let text):
            let message = try #require(error?.message)
            #expect(text.isEmpty || message.contains(text), "\(message)")
        case .outOfMemory: #expect(error?.kind == .memory || error?.message.contains("not enough memory") == true)
        case .harmless:
            #expect(error == nil, "\(error?.message ?? "")")
            #expect(value == .boolean(true))
        }
    }

    @Test("the catalogue has at least 60 tricks, no two of one name")
    func size() {
        #expect(Escape.all.count >= 60)
        #expect(Set(Escape.all.map(\.name)).count == Escape.all.count)
    }

    @Test(
        "patterns give what Lua's own give",
        arguments: [
            "('hello world'):find('o w')", "('hello'):find('l+')", "('hello'):find('xyz')", "('a.b'):find('.', 1, true)",
            "('abc'):find('')",
            "('abc'):find('', 10)", "('abc'):find('b', -2)", "('key = value'):match('^(%w+)%s*=%s*(%w+)$')",
            "('  x '):match('^%s*(.-)%s*$')",
            "('THE (quick) fox'):find('%((%a+)%)')", "('f(a(b)c)d'):match('%b()')", "('THE (quick) fox'):gsub('%f[%a]%a+', string.lower)",
            "('abc'):gsub('', '-')", "('hello world'):gsub('o', '0', 1)", "('abc'):gsub('%w', '%0%0')",
            "('abc'):gsub('%w', {a = 1, b = false})",
            "('hello'):gsub('(l)(l)', '%2%1')", "('x^y'):gsub('[%^]', '')", "('a-b-c'):gsub('[a-b]', '')", "(']'):find('[]]')",
            "('a'):find('[^%s]')",
            "('abab'):match('(ab)%1')", "('abc'):match('()b()')", "('x'):rep(3, ',')", "table.concat({1, 2, 3}, ',')",
            "table.unpack({1, 2, 3}, 2)",
            "(function() local t = {} for k, v in ('a=1, b=2'):gmatch('(%w+)=(%w+)') do t[#t + 1] = k .. v end return table.concat(t) end)()",
            "(function() local n = 0 for _ in ('abc'):gmatch('') do n = n + 1 end return n end)()",
            "pcall(string.find, 'a', '%')", "pcall(string.find, 'a', '[a')", "pcall(string.find, 'a', '(a')",
            "pcall(string.gsub, 'a', 'a', '%2')",
            "pcall(string.find, 'a', 'a)')", "pcall(string.rep)", "pcall(string.gsub, 'a', 'b')"
        ])
    func patterns(_ expression: String) async throws {
        let script = "return vast.inspect(table.pack(\(expression)))"
        let (value, error) = try await restricted(script)
        #expect(error == nil)
        #expect([value] == (try await values(script)))
    }

    @Test("libraries can be listed, and used as ever")
    func libraries() async throws {
        let script = """
            local n = 0 for name, f in pairs(string) do n = n + 1 assert(type(f) == 'function', name) end
            local t = setmetatable({}, {__index = {x = 1}})
            assert(n == 16 and t.x == 1 and getmetatable(t).__index.x == 1 and rawset(t, 'x', 2).x == 2)
            table.sort(t) table.insert(t, 1) table.insert(t, 1, 2) assert(table.remove(t) == 1 and #t == 1)
            assert(load('return 1')() == 1 and math.floor(1.5) == 1 and collectgarbage('count') > 0 and os.date('%Y') ~= '')
            return true
            """
        let (value, error) = try await restricted(script)
        #expect(error == nil, "\(error?.message ?? "")")
        #expect(value == .boolean(true))
    }
}

/// Runs a script in a restricted state, whose fleet is reached over a line as by the real program.
func restricted(_ script: String, modules: ModuleFolder? = nil) async throws -> (LuaValue, LuaError?) {
    let clock = VirtualClock(mode: .jumping)
    let fleet = FakeFleet(clock: clock, rows: [FakeFleet.row(12)])
    let line = try TestLine(fleet)
    let lua = try await LuaService.open(clock: SystemClock(), options: LuaHost.Options(memoryLimit: 128 << 20))
    nonisolated(unsafe) let folder = modules  // used on the thread of the state alone
    let result = try await lua.perform { host in
        let runtime = try Runtime(
            host: host, service: { line.remote }, logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }),
            options: Runtime.Options(confirm: .zero, limit: { try line.remote.limit($0) }))
        try runtime.restrict(modules: folder ?? ModuleFolder(path: "."))
        defer { host.close() }
        do {
            let value = try host.run(script, name: "@script.lua").first ?? .nil
            if case .reference = value { return (LuaValue.string("(reference)"), LuaError?.none) }
            return (value, nil)
        } catch var error as LuaError {
            error.value = .nil
            return (.nil, error)
        }
    }
    await lua.close()
    await line.end()
    return result
}
