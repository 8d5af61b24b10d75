import Foundation
import Testing

/// What a run ends with.
@Suite struct ExitCodeTests {
    let vast: VastLua
    init() throws { vast = try VastLua() }

    @Test(
        "os.exit ends with its code, and no pcall catches it",
        arguments: [
            ("os.exit()", 0), ("os.exit(true)", 0), ("os.exit(false)", 1), ("os.exit(7)", 7),
            ("pcall(os.exit, 5) print('no')", 5),
            ("coroutine.wrap(function() pcall(function() os.exit(3) end) end)() print('no')", 3), ("os.exit(256)", 0)
        ] as [(String, Int32)])
    func exit(statement: String, code: Int32) async throws {
        let run = try await vast.run("-e", statement)
        #expect(run.code == code)
        #expect(run.output == "")
        #expect(run.errors == "")
    }

    @Test(
        "wrong usage is 2, with a message and nothing run",
        arguments: [
            ["--bogus"], ["-x"], ["-e"], ["-e", "-l"], ["-l"], ["-Ex"], ["--quiet=1", "a.lua"], ["--log-level", "loud"],
            ["--log-format=xml"], ["--confirm", "soon"], ["--time-limit", "-1"], ["--memory-limit", "0"],
            ["--memory-limit", "10Q"], ["--simulator-speed", "0"], ["--simulator-seed", "x"], ["--pacing", "fast"],
            ["--simulator=/nonexistent", "a.lua"], ["--log-file", "/nonexistent/x", "a.lua"], ["--url"]
        ])
    func usage(words: [String]) async throws {
        try vast.write("a.lua", "print('ran')")
        let run = try await vast.shell(#""$V" "# + words.map { "'\($0)'" }.joined(separator: " "))
        #expect(run.code == 2)
        #expect(run.errors.hasPrefix("vast-lua: "))
        #expect(run.output == "")
    }

    @Test(
        "what a later version has is refused, never run live",
        arguments: [
            "test a.lua", "new a.lua"
        ])
    func later(words: String) async throws {
        try vast.write("a.lua", "print('ran')")
        let run = try await vast.shell("\"$V\" \(words)")
        #expect(run.code == 2)
        #expect(run.output == "")
        #expect(run.errors.contains("not part of this version"))
    }

    @Test("behind -- such a word is the script's own")
    func ownWord() async throws {
        try vast.write("a.lua", "print(...)")
        #expect(try await vast.run("a.lua", "--", "-n").output == "-n\n")
        #expect(try await vast.run("a.lua", "x", "--dry-run").output == "x\t--dry-run\n")
    }

    @Test("a misspelt option is answered with the right one")
    func suggestion() async throws {
        #expect(try await vast.run("--simulatr").errors.contains("did you mean '--simulator'?"))
    }

    @Test("a command that does not stand first is shown where it belongs")
    func commandInTheMiddle() async throws {
        let run = try await vast.run("--quiet", "doctor")
        #expect(run.code == 1)
        #expect(run.errors.contains("vast-lua doctor"))
    }

    @Test(
        "a missing script, a directory and a syntax error end with 1 and one message",
        arguments: [
            ("nosuch.lua", "cannot open nosuch.lua"), (".", "cannot read ."), ("bad.lua", "bad.lua:2: "),
            ("binary.lua", "attempt to load a binary chunk")
        ])
    func unusableScript(name: String, message: String) async throws {
        try vast.write("bad.lua", "x = 1\nx = = 2\n")
        try vast.write("binary.lua", "\u{1B}Lua")
        let run = try await vast.run(name)
        #expect(run.code == 1)
        #expect(run.errors.contains(message))
        #expect(!run.errors.contains("traceback"))
    }

    @Test(
        "endless recursion is an error of the script",
        arguments: [
            "local function f() return 1 + f() end f()",
            "local t = setmetatable({}, {}) getmetatable(t).__index = function(t, k) return t[k] end print(t.x)",
            "local s = string.rep('(', 300) .. string.rep(')', 300) assert(load('return ' .. s))"
        ])
    func recursion(statement: String) async throws {
        let run = try await vast.run("-e", statement)
        #expect(run.code == 1)
        #expect(run.errors.contains("overflow"))
    }

    @Test("the memory limit is an error that the script may catch")
    func memoryLimit() async throws {
        let eater = "local t = {} while true do t[#t + 1] = ('x'):rep(1000) .. #t end"
        let run = try await vast.run("--memory-limit", "16M", "-e", eater)
        #expect(run.code == 1)
        #expect(run.errors.hasPrefix("vast-lua: not enough memory"))
        let caught = try await vast.run("--memory-limit=16M", "-e", "print(pcall(function() \(eater) end))")
        #expect(caught.output == "false\tnot enough memory\n")
        #expect(try await vast.run("--memory-limit", "1K", "-e", "x = 1").code == 2)
    }

    @Test(
        "the time limit ends with 124 whatever the script does",
        arguments: [
            "while true do end", "while true do pcall(function() while true do end end) end",
            "coroutine.wrap(function() while true do end end)()", "vast.sleep('1h')",
            "setmetatable({}, {__close = function() while true do end end}) local x <close> = setmetatable({}, {__close = function() while true do end end}) while true do end"
        ])
    func timeLimit(statement: String) async throws {
        let run = try await vast.run("--time-limit", "0.3", "-e", statement)
        #expect(run.code == 124)
        #expect(run.errors.contains("time limit reached"))
        #expect(run.duration < .seconds(10))
    }

    @Test("a script without changes leaves standard error empty")
    func silence() async throws {
        let run = try await vast.run("--simulator", "-e", "print(#vast.instances() > 0)")
        #expect(run.output == "true\n")
        #expect(run.errors == "")
        #expect(run.code == 0)
    }

    @Test(
        "a change that failed for want of a key is told and makes 0 into 6, caught or not",
        arguments: [
            ("pcall(vast.stop, 1)", 6, "1 stop failed"), ("pcall(vast.bid, 1, 0.5)", 6, "1 bid failed"),
            ("pcall(vast.label, {1, 2, 3}, 'x')", 6, "3 labels failed"), ("vast.stop(1)", 4, "1 stop failed"),
            ("vast.try('unauthorized', vast.stop, 1)", 0, "1 stop failed"), ("pcall(vast.instances)", 0, nil)
        ] as [(String, Int32, String?)])
    func keyless(statement: String, code: Int32, report: String?) async throws {
        let run = try await vast.run("--url", "http://127.0.0.1:9", "-e", statement)
        #expect(run.code == code, "\(run.errors)")
        if let report { #expect(run.errors.contains(report)) } else { #expect(!run.errors.contains("failed")) }
        #expect(try await vast.run("-n", "--url", "http://127.0.0.1:9", "-e", "pcall(vast.stop, 1)").code == 0)
    }
}
