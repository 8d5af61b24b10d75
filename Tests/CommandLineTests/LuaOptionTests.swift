import Foundation
import Testing

/// The options of `lua`, with the same meaning.
@Suite struct LuaOptionTests {
    let vast: VastLua
    init() throws { vast = try VastLua() }

    @Test("-e runs a statement, and several run in their order in one state")
    func statements() async throws {
        let run = try await vast.run("-e", "x = 1", "-ex = x + 1", "-e", "print(x)")
        #expect(run.output == "2\n")
        #expect(run.errors == "")
        #expect(run.code == 0)
    }

    @Test("-l requires a module into the global of its name, or of the name given")
    func modules() async throws {
        try vast.write("mod.lua", "return {n = 7}")
        #expect(try await vast.run("-l", "mod", "-e", "print(mod.n)").output == "7\n")
        #expect(try await vast.run("-lm=mod", "-e", "print(m.n, mod)").output == "7\tnil\n")
    }

    @Test("a module that does not exist is an error with a traceback")
    func missingModule() async throws {
        let run = try await vast.run("-l", "nosuch")
        #expect(run.code == 1)
        #expect(run.errors.hasPrefix("vast-lua: "))
        #expect(run.errors.contains("module 'nosuch' not found"))
    }

    @Test("arg counts from the script: its arguments behind, the command line before it")
    func argTable() async throws {
        try vast.write("a.lua", "print(arg[0], arg[1], arg[2], #arg, ...) print(arg[-1], arg[-2], arg[-3] ~= nil, arg[-4])")
        let run = try await vast.run("-e", "", "a.lua", "x", "-y")
        #expect(run.output == "a.lua\tx\t-y\t2\tx\t-y\n\t-e\ttrue\tnil\n")
    }

    @Test("without a script arg[0] is the program and the options are its arguments")
    func argWithoutScript() async throws {
        #expect(try await vast.run("-e", "print(arg[0] ~= nil, arg[1])").output == "true\t-e\n")
    }

    @Test("arguments that are not UTF-8 arrive byte by byte")
    func rawArguments() async throws {
        try vast.write("a.lua", "print(#..., (...):byte(1, -1))")
        #expect(try await vast.shell(#""$V" a.lua "$(printf '\377\200a')""#).output == "3\t255\t128\t97\n")
    }

    @Test("a script whose name is not UTF-8 runs")
    func rawName() async throws {
        let run = try await vast.shell(#"f="$(printf 'n\377.lua')"; echo 'print(#arg[0])' > "$f"; "$V" "$f""#)
        #expect(run.output == "6\n")
    }

    @Test("standard input is the script for -, and for a pipe without a script", arguments: [["-", "q"], []])
    func standardInput(words: [String]) async throws {
        let run = try await vast.shell("echo 'print(\"in\", ...)' | \"$V\" \(words.joined(separator: " "))")
        #expect(run.output == (words.isEmpty ? "in\n" : "in\tq\n"))
    }

    @Test("-- ends the options, and a script named - is a file behind it")
    func endOfOptions() async throws {
        try vast.write("-", "print('file')")
        try vast.write("-x.lua", "print('dash')")
        #expect(try await vast.run("--", "-").output == "file\n")
        #expect(try await vast.run("--", "-x.lua").output == "dash\n")
    }

    @Test("a first line with # and a byte-order mark are skipped")
    func shebang() async throws {
        try vast.write("a.lua", "\u{FEFF}#!/usr/bin/env vast-lua\nprint(debug.getinfo(1, 'l').currentline)")
        #expect(try await vast.run("a.lua").output == "2\n")
    }

    @Test("LUA_INIT runs first, as text or as a file, LUA_INIT_5_4 goes before it, and -E ignores both")
    func initialisation() async throws {
        let file = try vast.write("init.lua", "print('file')")
        var vast = vast
        vast.environment["LUA_INIT"] = "print('init')"
        #expect(try await vast.run("-e", "print(1)").output == "init\n1\n")
        vast.environment["LUA_INIT_5_4"] = "@\(file)"
        #expect(try await vast.run("-e", "print(1)").output == "file\n1\n")
        #expect(try await vast.run("-E", "-e", "print(1)").output == "1\n")
        vast.environment["LUA_INIT_5_4"] = "error('bad')"
        let failed = try await vast.run("-e", "print(1)")
        #expect(failed.code == 1)
        #expect(failed.errors.hasPrefix("vast-lua: LUA_INIT_5_4:1: bad\n"))
    }

    @Test("LUA_PATH is heeded unless -E is given")
    func searchPath() async throws {
        try vast.write("lib/far.lua", "return 5")
        var vast = vast
        vast.environment["LUA_PATH"] = "\(vast.folder.path)/lib/?.lua"
        #expect(try await vast.run("-e", "print((require 'far'))").output == "5\n")
        #expect(try await vast.run("-E", "-e", "print((require 'far'))").code == 1)
    }

    @Test("require looks beside the script first")
    func besideScript() async throws {
        try vast.write("job/part.lua", "return 'beside'")
        try vast.write("part.lua", "return 'here'")
        try vast.write("job/main.lua", "print((require 'part'))")
        #expect(try await vast.run("job/main.lua").output == "beside\n")
    }

    @Test("warnings are shown after -W or warn('@on') only")
    func warnings() async throws {
        #expect(try await vast.run("-e", "warn('w')").errors == "")
        #expect(try await vast.run("-W", "-e", "warn('w')").errors == "Lua warning: w\n")
        #expect(try await vast.run("-e", "warn('@on') warn('w')").errors == "Lua warning: w\n")
    }

    @Test(
        "-v shows the version and runs nothing else, -i goes on after the script; without a terminal there is no prompt, and the last error is the exit code"
    )
    func versionAndPrompt() async throws {
        let version = try await vast.run("-v")
        #expect(version.output.contains("Lua 5.4"))
        #expect(version.code == 0)
        try vast.write("a.lua", "x = 4")
        let prompt = try await vast.run("-i", "a.lua", input: "x + 1\nfor i = 1, 2 do\nprint(i) end\nerror('e')\n'still'\n")
        #expect(prompt.output.hasSuffix("5\n1\n2\nstill\n"))
        #expect(prompt.errors.contains("vast-lua: stdin:1: e"))
        #expect(prompt.code == 1)
    }

    @Test("os.exit ends the prompt with its code")
    func exitAtPrompt() async throws {
        #expect(try await vast.run("-i", input: "os.exit(9)\nprint('no')\n").code == 9)
    }

    @Test(
        "an error shows the message and the traceback of lua",
        arguments: [
            ("error('x')", "vast-lua: (command line):1: x\nstack traceback:\n\t[C]: in function 'error'\n"),
            ("error('x', 0)", "vast-lua: x\nstack traceback:\n"),
            ("error({})", "vast-lua: (error object is a table value)\n"),
            ("error(setmetatable({}, {__tostring = function() return 'obj' end}))", "vast-lua: obj\n"),
            ("local x = nil + 1", "vast-lua: (command line):1: attempt to perform arithmetic on a nil value\n")
        ])
    func errors(statement: String, message: String) async throws {
        let run = try await vast.run("-e", statement)
        #expect(run.errors.hasPrefix(message))
        #expect(run.code == 1)
    }

    @Test("__gc and close handlers run at the end of the script")
    func finalisers() async throws {
        #expect(try await vast.run("-e", "x = setmetatable({}, {__gc = function() print('gone') end})").output == "gone\n")
    }
}
