import Foundation
import Testing

/// `--restricted` with the real program: the limits that only a process has, and the way back to exit code and report.
@Suite struct RestrictedTests {
    private func run(_ script: String, _ options: String..., environment: [String: String] = [:]) async throws -> VastLua.Outcome {
        let vast = try VastLua(environment)
        try vast.write("s.lua", script)
        return try await vast.shell("\"$V\" --simulator --restricted \(options.joined(separator: " ")) s.lua one two")
    }

    @Test(
        "a script runs with its arguments, prints, and ends with the code that it would have anyway",
        arguments: [
            ("print('hello', ..., arg[2], arg[0])", Int32(0), "hello\tone\ttwo\ts.lua\n", ""), ("error('boom')", 1, "", "s.lua:1: boom"),
            ("vast.guard{max_stops = 0} vast.stop(vast.instances()[1])", 3, "", "Nothing was sent"),
            ("vast.stop(999)", 6, "", "999"), ("io.write('x')", 1, "", "global 'io'"), ("os.exit(4)", 1, "", "field 'exit'"),
            ("if", 1, "", "unexpected"), ("vast.destroy(40112233, {confirm = 40112233})", 3, "", "destroy")
        ])
    func endings(_ script: String, _ code: Int32, _ output: String, _ errors: String) async throws {
        let outcome = try await run(script)
        #expect(outcome.code == code, "\(outcome.errors)")
        #expect(outcome.output == output)
        #expect(errors.isEmpty || outcome.errors.contains(errors), "\(outcome.errors)")
    }

    @Test("changes are made, confirmed and reported by the process that holds the key")
    func changes() async throws {
        let outcome = try await run("vast.stop(40112233, {reason = 'idle'})")
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(outcome.errors.contains("stopped 1 (confirmed)"))
    }

    @Test("what a script allows itself counts for nothing; what the user allows does")
    func ceilings() async throws {
        let script = "vast.guard{allow_destroy = true, max_destroys = 5} vast.destroy(40112233, {confirm = 40112233})"
        let refused = try await run(script)
        #expect(refused.code == 3, "\(refused.errors)")
        let allowed = try await run(script, "--allow-destroy")
        #expect(allowed.code == 0, "\(allowed.errors)")
    }

    @Test("a dry run shows what would be changed")
    func dryRun() async throws {
        let outcome = try await run("assert(vast.dry_run) vast.stop(40112233)", "-n")
        #expect(outcome.code == 0)
        #expect(outcome.errors.contains("DRY RUN"))
        #expect(outcome.errors.contains("1 stop "))
    }

    @Test(
        "what goes on for ever is ended by a limit of the process",
        arguments: [
            "while true do end", "while true do pcall(error) end", "coroutine.wrap(function() while true do end end)()",
            "setmetatable({}, {__index = function() while true do end end}).x = nil local _ = setmetatable({}, {__index = function() while true do end end}).x",
            "local x <close> = setmetatable({}, {__close = function() while true do end end})",
            "print(setmetatable({}, {__tostring = function() while true do end end}))",
            "table.sort({3, 2, 1}, function() while true do end end)",
            "load(function() while true do end end)", "load(function() return '--' end)", "xpcall(error, function() while true do end end)",
            "vast.sleep('10d')"
        ])
    func timeLimit(_ script: String) async throws {
        let vast = try VastLua()
        try vast.write("s.lua", script)
        let outcome = try await vast.shell("\"$V\" --simulator --simulator-speed 1 --restricted --time-limit 1s s.lua")
        #expect(outcome.code == 124, "\(outcome.errors)")
    }

    @Test("a process that is killed from outside has not reached the time limit")
    func killedFromOutside() async throws {
        let vast = try VastLua()
        try vast.write("s.lua", "print('ready') while true do end")
        let script = """
            mkfifo p; "$V" --simulator --restricted --time-limit 100s s.lua > p & parent=$!
            read line < p
            kill -KILL $(cat /proc/$parent/task/*/children); wait $parent
            """
        let outcome = try await vast.shell(script)
        #expect(outcome.code == 1 && outcome.errors.contains("was killed from outside"), "\(outcome.code) \(outcome.errors)")
    }

    @Test(
        "what takes all memory is ended by the limit",
        arguments: [
            "local s = 'x' while true do s = s .. s end", "local t = {} while true do t[#t + 1] = {} end",
            "local t = {} while true do t[#t + 1] = coroutine.create(print) end", "return string.pack('c2147483647', 'x')"
        ])
    func memoryLimit(_ script: String) async throws {
        let outcome = try await run(script, "--memory-limit", "16M")
        #expect(outcome.code == 1)
        #expect(outcome.errors.contains("memory"), "\(outcome.errors)")
    }

    @Test("the script's process has no key, and few variables")
    func environment() async throws {
        let vast = try VastLua(["VAST_API_KEY": "marked-key", "SECRET": "marked-secret"])
        try vast.write("s.lua", "vast.every('1h', print) print('ready') io = nil vast.log.info('x')")
        let script = """
            mkfifo p; "$V" --restricted s.lua > p & parent=$!
            read line < p
            for pid in $(cat /proc/$parent/task/*/children); do tr '\\0' '\\n' < /proc/$pid/environ; cat /proc/$pid/limits; done
            kill -TERM $parent; wait $parent
            """
        let outcome = try await vast.shell(script)
        #expect(outcome.output.contains("MALLOC_ARENA_MAX"))
        #expect(!outcome.output.contains("marked"))
        #expect(!outcome.errors.contains("marked"))
    }

    @Test("modules come from beside the script, as text, and from nowhere else")
    func modules() async throws {
        let vast = try VastLua()
        try vast.write("secret.lua", "return 'secret'")
        try vast.write("scripts/sub/deep.lua", "return 'deep ' .. ...")
        try vast.write(
            "scripts/s.lua",
            "print((require 'sub.deep')) for _, n in ipairs{'link', 'folder.secret', 'pipe'} do print(pcall(require, n)) end")
        let outcome = try await vast.shell(
            "ln -s ../secret.lua scripts/link.lua; ln -s .. scripts/folder; mkfifo scripts/pipe.lua; \"$V\" --simulator --restricted scripts/s.lua"
        )
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(outcome.output.hasPrefix("deep sub.deep"))
        #expect(!outcome.output.contains("true"))
        #expect(outcome.output.components(separatedBy: "not found").count == 4, "\(outcome.output)")
    }

    @Test("a signal to the program ends the script in order", arguments: [("INT", Int32(130)), ("TERM", 143)])
    func signals(_ name: String, _ code: Int32) async throws {
        let vast = try VastLua()
        try vast.write("s.lua", "print('ready') vast.sleep('10d')")
        let script = """
            mkfifo p; "$V" --simulator --simulator-speed 1 --restricted s.lua > p & pid=$!
            read line < p; kill -\(name) $pid; wait $pid
            """
        #expect(try await vast.shell(script).code == code)
    }

    @Test("a killed process of the script is told of, and what it changed is confirmed")
    func killed() async throws {
        let vast = try VastLua()
        try vast.write("s.lua", "vast.stop(40112233) print('ready') vast.sleep('10d')")
        let script = """
            mkfifo p; "$V" --simulator --restricted s.lua > p & pid=$!
            read line < p; kill -USR1 $(cat /proc/$pid/task/*/children); wait $pid
            """
        let outcome = try await vast.shell(script)
        #expect(outcome.code == 1)
        #expect(outcome.errors.contains("crashed"), "\(outcome.errors)")
        #expect(outcome.errors.contains("stopped 1 (confirmed)"), "\(outcome.errors)")
    }

    @Test("options that only scripts of one's own can have are wrong usage", arguments: ["-i", "-e 'print(1)'", "-l x"])
    func usage(_ options: String) async throws {
        let vast = try VastLua()
        try vast.write("s.lua", "print(1)")
        let outcome = try await vast.shell("\"$V\" --simulator --restricted \(options) s.lua")
        #expect(outcome.code == 2)
        #expect(!outcome.output.contains("1\n"))
    }
}
