import Testing

@testable import VastLua

@Suite("vast.exec") struct ExecTests {
    private func run(_ script: String, isPlanning: Bool = false) async throws -> JobRun {
        try await runJobs(script, for: .seconds(1), options: Runtime.Options(isPlanning: isPlanning, jobMode: .once)).0
    }

    @Test("a program gets its words as they are, and gives its code and both streams")
    func words() async throws {
        let run = try await run(
            """
            local r = vast.exec({'printf', '%s|', 'a b', '$HOME', '*', 7})
            local s = vast.exec({'sh', '-c', 'cat; echo oops >&2; exit 3'}, {stdin = 'in\\0put'})
            out = {r.code, r.out, r.err, s.code, #s.out, s.err, tostring(s.truncated)}
            """)
        #expect(run.error == nil)
        #expect(run.texts == ["0", "a b|$HOME|*|7|", "", "3", "6", "oops\n", "false"])
    }

    @Test("one that a signal ends has 128 and its number; more than a mebibyte is cut, and the program still ends")
    func edges() async throws {
        let run = try await run(
            """
            out = {vast.exec({'sh', '-c', 'kill -9 $$'}).code}
            local r = vast.exec({'sh', '-c', 'head -c 3000000 /dev/zero; exit 4'})
            out[2], out[3], out[4] = r.code, #r.out, tostring(r.truncated)
            """)
        #expect(run.texts == ["137", "4", "1048576", "true"])
    }

    @Test("one that does not end in time is ended with its children, and that raises")
    func timeout() async throws {
        let run = try await run(
            """
            local ok, e = pcall(vast.exec, {'sh', '-c', 'sleep 600 & sleep 600'}, {timeout = '200ms'})
            out = {tostring(ok), e.kind, tostring(e)}
            """.replacingOccurrences(of: "'200ms'", with: "0.2"))
        #expect(run.texts.prefix(2) == ["false", "timeout"])
        #expect(run.texts[2].contains("sh did not end within"))
    }

    @Test(
        "what cannot be run raises and says why",
        arguments: [
            ("{'no-such-program-here'}", "no-such-program-here cannot be run: there is no such program"),
            ("{}", "vast.exec takes {program"),
            ("'ls -l'", "there is no shell"), ("{'ls', true}", "word 2 of the command is a boolean"),
            ("{'ls', 'a\\0b'}", "without zero bytes"),
            ("{'/etc/passwd'}", "cannot be run")
        ])
    func refused(words: String, message: String) async throws {
        let run = try await run("out = {tostring(select(2, pcall(vast.exec, \(words))))}")
        #expect(run.texts[0].contains(message), "\(run.texts)")
    }

    @Test("variables are added to the environment of a program, exchanged and taken away, and ours stays as it is")
    func environment() async throws {
        let run = try await run(
            """
            local shown = {'sh', '-c', 'printf "%s|%s|%s|%s" "$CHECKED_TEXT" "$CHECKED_NUMBER" "${HOME-none}" "${PATH:+there}"'}
            out = {vast.exec(shown, {env = {CHECKED_TEXT = 'a b $x', CHECKED_NUMBER = 7, HOME = false}}).out, tostring(os.getenv('CHECKED_TEXT')),
              vast.exec({'sh', '-c', 'printf "%s" "$CHECKED_RATE"'}, {env = {CHECKED_RATE = 0.5, CHECKED_EMPTY = ''}}).out}
            """)
        #expect(run.error == nil)
        #expect(run.texts == ["a b $x|7|none|there", "nil", "0.5"])
    }

    @Test(
        "a variable that cannot be one is refused, and nothing is run",
        arguments: [
            ("{['A=B'] = 'x'}", "not 'A=B'"), ("{[''] = 'x'}", "env: names of variables"), ("{['1A'] = 'x'}", "not '1A'"),
            ("{'x'}", "not 1"),
            ("{['A\\0'] = 'x'}", "env: names of variables"), ("{A = {}}", "env: A is a text"), ("{A = 'x\\0y'}", "env: A is a text"),
            ("{A = true}", "not a boolean"), ("{A = 0/0}", "env: A is a text"), ("{A = '\\xff'}", "env: A is a text in UTF-8"),
            ("'A=x'", "not a string")
        ])
    func refusedVariables(table: String, message: String) async throws {
        let run = try await run("out = {tostring(select(2, pcall(vast.exec, {'touch', '/nonexistent/x'}, {env = \(table)})))}")
        #expect(run.texts[0].contains(message) && run.texts[0].contains("invalid_argument"), "\(run.texts)")
    }

    @Test("others go on while a program runs")
    func cooperative() async throws {
        let run = try await run(
            """
            local order = {}
            vast.all{function() vast.exec({'sleep', '0.3'}) order[#order + 1] = 'exec' end, function() order[#order + 1] = 'other' end}
            out = order
            """)
        #expect(run.texts == ["other", "exec"])
    }

    @Test("a dry run only says what would be run")
    func dry() async throws {
        let run = try await run("out = {vast.exec({'false', 'x'}).code}", isPlanning: true)
        #expect(run.texts == ["0"] && run.logged("would run false x") == 1)
    }

    @Test(
        "a program that fails before a stop makes it wait, unless `before` says true",
        arguments: [
            ("vast.exec({'false'})", true), ("vast.exec({'false'}) return true", false), ("vast.exec({'true'})", false),
            ("return false", true),
            ("error('no')", true), ("vast.exec({'true'}) return nil", false)
        ])
    func before(body: String, waits: Bool) async throws {
        let (run, fleet) = try await runJobs(
            """
            vast.policy {name = "p", match = {label = "*"}, when = function() return true end, action = "stop", every = "1m",
              before = function() \(body) end}
            """, for: .seconds(100))
        #expect(run.error == nil)
        #expect(fleet.orders.isEmpty == waits)
        #expect((run.logged("waits, since what comes before has failed") > 0) == waits)
    }
}
