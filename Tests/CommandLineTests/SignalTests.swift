import Foundation
import Testing

/// SIGINT, SIGTERM and SIGPIPE at any moment.
@Suite struct SignalTests {
    private static let loops = [
        "while true do end", "while true do pcall(function() while true do end end) end",
        "coroutine.wrap(function() while true do end end)()", "vast.sleep('1h')"
    ]

    @Test("a signal ends a script wherever it is", arguments: loops, [(SIGINT, 130), (SIGTERM, 143)] as [(Int32, Int32)])
    func interrupted(statement: String, signal: (number: Int32, code: Int32)) async throws {
        let program = try RunningProgram(try VastLua(), ["-e", "print('on') io.stdout:flush() \(statement)"])
        let end = try await program.afterFirstLine { $0.send(signal.number) }
        #expect(end.line == "on")
        #expect(end.code == signal.code)
        #expect(end.errors.contains(signal.number == SIGINT ? "interrupted" : "terminated"))
        #expect(!end.errors.contains("traceback"))
    }

    /// A call of C that says when it has begun, and that no hook can reach.
    private static let unreachable = "os.execute('echo on; exec sleep 12 >/dev/null 2>&1')"

    @Test("what C code never answers is ended by force, and said so")
    func unanswered() async throws {
        let program = try RunningProgram(try VastLua(), ["-e", Self.unreachable])
        let end = try await program.afterFirstLine { $0.send(SIGTERM) }
        #expect(end.line == "on")
        #expect(end.code == 143)
        #expect(end.errors.contains("did not answer"))
    }

    @Test("a second signal ends the process at once")
    func second() async throws {
        let program = try RunningProgram(try VastLua(), ["-e", Self.unreachable])
        let end = try await program.afterFirstLine { $0.sendUntilAnswered(SIGTERM) }
        #expect(end.line == "on")
        #expect(end.code == 143)
        #expect(end.errors.contains("again; ended at once"))
    }

    @Test("SIGQUIT ends a run at once, with what it has changed reported and without a crash report")
    func quit() async throws {
        let program = try RunningProgram(
            try VastLua(),
            ["--simulator", "--simulator-speed", "30", "-e", "vast.stop(40112241) print('on') io.stdout:flush() while true do end"])
        let end = try await program.afterFirstLine { $0.send(SIGQUIT) }
        #expect(end.code == 131)
        #expect(end.errors.contains("quit; ended at once"))
        #expect(end.errors.contains("40112241"))
        #expect(!end.errors.contains("Thread"))
    }

    @Test("a restricted script that stays alive says what ended it", arguments: [(SIGHUP, "hung up"), (SIGTERM, "terminated")])
    func restrictedServing(signal: (number: Int32, word: String)) async throws {
        let vast = try VastLua()
        let path = try vast.write("s.lua", "vast.every('1h', function() end) print('on')")
        let program = try RunningProgram(vast, ["--restricted", "--simulator", "--simulator-speed", "1", path])
        let end = try await program.afterFirstLine { $0.send(signal.number) }
        #expect(end.code == 128 + signal.number)
        // Where it is still in its main chunk, the line stands before the word.
        #expect(end.errors.contains("vast-lua: ") && end.errors.contains(signal.word) && !end.errors.contains("vast-lua: \n"))
    }

    @Test("an interrupted run still confirms what it has changed, and reports it")
    func confirmsAfterwards() async throws {
        let program = try RunningProgram(
            try VastLua(),
            ["--simulator", "--simulator-speed", "30", "-e", "vast.stop(40112241) print('on') io.stdout:flush() while true do end"])
        let end = try await program.afterFirstLine { $0.send(SIGINT) }
        #expect(end.line == "on")
        #expect(end.code == 130)
        #expect(end.errors.contains("stopped 1 (confirmed)"))
    }

    @Test("children do not inherit ignored signals, even after connections were made")
    func childrenAreNormal() async throws {
        let run = try await VastLua().run(
            "--simulator", "-e",
            "vast.user() for l in io.popen('cat /proc/self/status'):lines() do print(l:match('^SigIgn:%s*(%x+)') or '-') end")
        let masks = run.output.split(separator: "\n").compactMap { UInt64($0, radix: 16) }
        let ours = [SIGINT, SIGTERM, SIGPIPE].map { UInt64(1) << UInt64($0 - 1) }.reduce(0, |)
        #expect(masks.map { $0 & ours } == [0])
    }

    @Test("a job goes on when nobody reads its output any more")
    func abandonedOutput() async throws {
        let run = try await VastLua().shell(
            #"{ "$V" -e 'for i = 1, 500 do print(i) end io.stderr:write("done\n")'; echo $? >&2; } | head -1"#)
        #expect(run.output == "1\n")
        #expect(run.errors == "done\n0\n")
    }

    @Test("a script that prints for nobody for ever is ended, as lua is")
    func endlessOutput() async throws {
        let run = try await VastLua().shell(#"{ "$V" -e 'while true do print(1) end'; echo $? >&2; } | head -1"#)
        #expect(run.errors.hasSuffix("141\n"))
    }
}
