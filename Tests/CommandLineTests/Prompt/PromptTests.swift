import Foundation
import Testing

/// The prompt at a real terminal, against the simulated service.
@Suite struct PromptTests {
    let vast: VastLua
    init() throws { vast = try VastLua() }

    private func simulated(_ body: @escaping @Sendable (Terminal) throws -> Void) async throws {
        try await atTerminal(vast, ["--simulator"]) { terminal in
            // The first screen is filled in above the prompt.
            try terminal.expect("frozen: no")
            try terminal.expect("sim> ")
            try body(terminal)
        }
    }

    @Test("the first screen says what can be done, and then how the fleet is")
    func firstScreen() async throws {
        try await atTerminal(vast, ["--simulator"]) { terminal in
            let opening = try terminal.expect("sim> ")
            #expect(opening.contains("vast-lua") && opening.contains("(Lua 5.4)") && opening.contains("help(vast.stop)"))
            let fleet = try terminal.expect("frozen: no")
            #expect(fleet.contains("ops@lab.example") && fleet.contains("credit $") && fleet.contains("1 DEAD BUT BILLING"))
        }
    }

    @Test("an expression is shown, all its values, and _ is the first of the last; a statement runs; nil is not shown")
    func values() async throws {
        try await simulated { terminal in
            try terminal.enter("1 + 1", shows: "2\n")
            try terminal.enter("_ * 21, 'a'", shows: "42\ta\n")
            try terminal.enter("x = _", shows: nil)
            try terminal.enter("print(x)", shows: "42\n")
            try terminal.enter("nil", shows: nil)
            try terminal.enter("= x", shows: "42\n")
        }
    }

    @Test("an error is told with its place, and the session goes on; Ctrl-D ends it with 0")
    func errors() async throws {
        try await simulated { terminal in
            try terminal.enter("error('oops')", shows: "stdin:1: oops")
            try terminal.enter("vast.instance('x')", shows: "integer expected, got string")
            try terminal.enter("vast.stpo", shows: "did you mean 'stop'?")
            try terminal.enter("x x", shows: "syntax error")
            terminal.type("\u{4}")
            #expect(terminal.end().code == 0)
            #expect(terminal.isCooked)
        }
    }

    @Test("a statement goes on over lines until it is whole, and comes back as one entry")
    func severalLines() async throws {
        try await simulated { terminal in
            terminal.type("for i = 1, 2 do\r")
            try terminal.expect(">> ")
            try terminal.enter("print('no ' .. i) end", shows: "no 1\nno 2\n")
            terminal.type("\u{1B}[A")
            try terminal.enter("", shows: "no 1\nno 2\n")
            terminal.type("1 +\r")
            try terminal.expect(">> ")
            try terminal.enter("1", shows: "2\n")
        }
    }

    @Test(
        "Ctrl-C ends a loop, a wait and a pattern, and drops a line; the session stays",
        arguments: [
            "while true do end", "vast.sleep('9h')", "string.find(string.rep('a', 30000), '.-.-.-.-b')"
        ])
    func interrupt(statement: String) async throws {
        try await simulated { terminal in
            terminal.type(statement + "\r")
            try terminal.expect("\n")
            // Until the statement runs, Ctrl-C would only drop an empty line.
            terminal.type("\u{3}")
            try terminal.expect("sim> ")
            terminal.type("'still ' .. 'here'\r")
            try terminal.expect("still here")
            try terminal.expect("sim> ")
            terminal.type("half a line\u{3}")
            try terminal.expect("sim> ")
            terminal.type("40 + 2\r")
            try terminal.expect("42\n")
        }
    }

    @Test("Tab completes names, options, ids with what they are, and labels")
    func completion() async throws {
        try await simulated { terminal in
            terminal.type("vast.vers\t")
            try terminal.expect("vast.version")
            try terminal.enter("", shows: "0.1.0")
            terminal.type("vast.instance(4011223\t")
            let listing = try terminal.expect("40112239")
            #expect(listing.contains("train-a  running  2x RTX 4090"))
            terminal.type("3).label\r")
            try terminal.expect("\ntrain-a\n")
            try terminal.expect("sim> ")
            try terminal.enter("inst = vast.instance(40112233)")
            for (line, completed, rest, answer) in [
                ("#vast.instances{billi\t", "billing = ", "'gpu'}", "\n25\n"),
                ("#vast.instances{label = \"batch-\t", "batch-done", "\"}", "\n1\n"),
                ("inst:running\t", "running_for", "() > 0", "\ntrue\n"), ("inst.gpu_na\t", "gpu_name", "", "\nRTX 4090\n"),
                ("('x'):upper(), #string.forma\t", "format", "('%5d', 1)", "X\t5\n")
            ] {
                terminal.type(line)
                // Nobody types the rest before the completion is there; what comes with the Tab at once was pasted.
                try terminal.expect(completed)
                terminal.type(rest + "\r")
                try terminal.expect(answer)
                try terminal.expect("sim> ")
            }
        }
    }

    @Test("jobs run while the prompt waits, print above it, and leave what is being typed")
    func jobs() async throws {
        try await simulated { terminal in
            try terminal.enter("n = 0 job = vast.every('10m', function() n = n + 1 print('tick ' .. n) end)")
            terminal.type("'a half-written ")
            try terminal.expect("tick 2")
            terminal.type("line'\r")
            try terminal.expect("\na half-written line\n")
            try terminal.enter("job:cancel()")
            terminal.type("\u{4}")
            #expect(terminal.end().code == 0)
        }
    }

    @Test("help(x) shows how a function is called, and vast.help() what there is")
    func help() async throws {
        try await simulated { terminal in
            try terminal.enter("help(vast.stop)", shows: "vast.stop(target [, options]) -> vast.Result")
            try terminal.enter("help('is_idle')", shows: "inst:is_idle(window [, options])")
            try terminal.enter("vast.help()", shows: "Reading the fleet")
            try terminal.enter("vast.stop", shows: "function vast.stop(target [, options])")
        }
    }

    @Test("the history is there in the next session, without what looks like a secret, and Ctrl-R finds in it")
    func history() async throws {
        try await simulated { terminal in
            try terminal.enter("'remember ' .. 'this'")
            try terminal.enter("local api_key = 'abcdef'")
            try terminal.enter(" 'not kept either'")
            terminal.type("\u{4}")
            _ = terminal.end()
        }
        let kept = try String(contentsOf: vast.folder.appendingPathComponent("prompt_history"), encoding: .utf8)
        #expect(kept == "\"'remember ' .. 'this'\"\n")
        try await simulated { terminal in
            terminal.type("\u{12}reme\r\r")
            try terminal.expect("remember this")
        }
    }

    @Test("os.exit ends the session with its code, SIGTERM with 143 and a terminal as it was")
    func ending() async throws {
        try await simulated { terminal in
            terminal.type("os.exit(9)\r")
            #expect(terminal.end().code == 9)
        }
        try await simulated { terminal in
            terminal.send(SIGTERM)
            #expect(terminal.end().code == 143)
            #expect(terminal.isCooked)
        }
    }

    @Test("whenever a signal ends the session, the terminal is as it was", arguments: [SIGTERM, SIGHUP])
    func terminalAfterwards(signal: Int32) async throws {
        for step in 0..<12 {
            try await atTerminal(vast, ["--simulator"]) { terminal in
                if step >= 3 { try terminal.expect("frozen: no") }
                if step >= 6 { terminal.type("for i = 1, 2e4 do math.sqrt(i) end\r") }
                terminal.send(signal)
                let end = terminal.end()
                #expect(end.code == 128 + signal, "\(end)")
                #expect(terminal.isCooked, "after signal \(signal), step \(step): \(end)")
            }
        }
    }

    @Test("-i runs the script first, and the prompt has its globals")
    func afterScript() async throws {
        try vast.write("a.lua", "from_script = 'set by ' .. arg[0]")
        try await atTerminal(vast, ["--simulator", "-i", "a.lua"]) { terminal in
            try terminal.expect("frozen: no")
            try terminal.expect("sim> ")
            try terminal.enter("from_script", shows: "set by a.lua")
        }
    }
}
