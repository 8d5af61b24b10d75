import FleetClock
import Foundation
import Testing

/// What is pasted at the prompt, as terminals send it: between marks, with carriage returns for line breaks.
@Suite("What is pasted at the prompt") struct PasteTests {
    let vast: VastLua
    init() throws { vast = try VastLua() }

    private func simulated(_ body: @escaping @Sendable (Terminal) throws -> Void) async throws {
        try await atTerminal(vast, ["--simulator"]) { terminal in
            try terminal.expect("frozen: no")
            try terminal.expect("sim> ")
            try body(terminal)
        }
    }

    private static func marked(_ text: String) -> String {
        "\u{1B}[200~" + text.replacing("\n", with: "\r") + "\u{1B}[201~"
    }

    @Test("is inserted as it is: a Tab completes nothing, and nothing runs before Enter")
    func literal() async throws {
        try await simulated { terminal in
            terminal.type(Self.marked("print('one')\nif true then\n\tprint(#'a\tb', vast.i\t== nil)\nend\nprint('tw' .. 'o')"))
            try terminal.expect("'o')")
            #expect(!String(decoding: terminal.bytes, as: UTF8.self).contains("two"))
            let answer = try terminal.enter("")
            #expect(answer.contains("one\n") && answer.contains("stdin:3: unknown field of vast 'i'"), "\(answer)")
        }
        try await simulated { terminal in
            terminal.type(Self.marked("x = 20\nx = x + 1\n\tprint(#'a\tb', x)\nx * 2\n"))
            try terminal.expect("x * 2")
            let answer = try terminal.enter("")
            #expect(answer.contains("3\t21\n") && answer.contains("\n42\n"), "\(answer)")
            // The whole comes back as one entry.
            terminal.type("\u{1B}[A")
            try terminal.enter("", shows: "3\t21\n")
        }
    }

    @Test("goes where the cursor is, several times, and what was typed around it stays")
    func between() async throws {
        try await simulated { terminal in
            terminal.type("'<' .. ")
            terminal.type(Self.marked("'a'"))
            terminal.type(" .. ")
            terminal.type(Self.marked("'b'"))
            try terminal.enter(" .. '>'", shows: "<ab>")
        }
    }

    @Test("with line ends of any kind is the same", arguments: ["\r", "\n", "\r\n"])
    func lineEnds(end: String) async throws {
        try await simulated { terminal in
            terminal.type("\u{1B}[200~a = 1\(end)b = 2\(end)print(a + b, 'done')\u{1B}[201~")
            try terminal.expect("'done')")
            try terminal.enter("", shows: "3\tdone")
        }
    }

    @Test("may be long, and have characters of all kinds; those that cannot be seen stand there as escapes of the same meaning")
    func long() async throws {
        try await simulated { terminal in
            let lines = (1...400).map { "t[\($0)] = 'é漢😀 \($0)'" }.joined(separator: "\n")
            terminal.type(Self.marked("t = {}\n\(lines)\nprint(#t, t[400], #'a\u{202E}b', 'o' .. 'k')"))
            try terminal.expect("'k')")
            #expect(!String(decoding: terminal.bytes, as: UTF8.self).contains("\u{202E}"))
            try terminal.enter("", shows: "400\té漢😀 400\t5\tok")
        }
    }

    @Test(
        "is marked by the terminal while a line is read, and no longer, however the session ends",
        arguments: ["\u{4}", "os.exit(3)\r", "", "hup"])
    func mode(end: String) async throws {
        try await atTerminal(vast, ["--simulator"]) { terminal in
            try terminal.expect("frozen: no")
            try terminal.expect("sim> ")
            if end.isEmpty || end == "hup" { terminal.send(end.isEmpty ? SIGTERM : SIGHUP) } else { terminal.type(end) }
            _ = terminal.end()
            let text = String(decoding: terminal.bytes, as: UTF8.self)
            let last = [text.range(of: "\u{1B}[?2004h", options: .backwards), text.range(of: "\u{1B}[?2004l", options: .backwards)]
            let (on, off) = (try #require(last[0]), try #require(last[1]))
            #expect(on.lowerBound < off.lowerBound, "\(text.debugDescription)")
            #expect(terminal.isCooked)
        }
    }

    @Test("without marks has its Tabs too: what comes with a Tab at once was not typed")
    func unmarked() async throws {
        try await simulated { terminal in
            terminal.type("if true then\r\tprint(#'x\ty', 'vast.i\tx')\rend\r")
            try terminal.expect("3\tvast.i\tx")
            try terminal.expect("sim> ")
        }
    }

    @Test("and holds what word processors put in, is told with character, column and what to write")
    func foreign() async throws {
        try await simulated { terminal in
            for (text, message) in [
                ("x\u{A0}= 1", "stdin:1: column 2: no-break space (U+00A0) is no Lua outside texts; write a plain space in its place"),
                ("print(“hi”)", "stdin:1: column 7: left double quotation mark (“, U+201C) is no Lua outside texts; write \" in its place"),
                ("y = 'é' .. ‘z’", "stdin:1: column 12: left single quotation mark (‘, U+2018)"),
                ("\u{202E}x = 1", "stdin:1: column 1: right-to-left override (U+202E) is no Lua outside texts; take it out")
            ] {
                terminal.type(Self.marked(text))
                let answer = try terminal.enter("").replacing("\n", with: "")
                #expect(answer.contains(message), "\(answer)")
            }
            terminal.type(Self.marked("a = 1\nb = “x”"))
            let answer = try terminal.enter("")
            #expect(answer.contains("stdin:2: column 5:"), "\(answer)")
        }
    }

    @Test("runs as it would from a file, whatever pieces it comes in: random programs")
    func law() async throws {
        let seeds = UInt64(ProcessInfo.processInfo.environment["VAST_LUA_SEEDS"] ?? "") ?? 6
        let vast = vast
        for seed in 1...seeds {
            var generator = SeededGenerator(seed: seed &* 31)
            let pieces = [
                "n = n + 1", "if n > 0 then\n\tn = n * 2\nend", "for i = 1, 3 do\n\t\tn = n + i -- \tcomment\nend", "s = s .. 'a\tb'",
                "s = s .. [[\nlong\n\ttext]]", "local k = 5\nn = n + k", "", "  ", "s = s .. 'é“漢”'"
            ]
            let body = (0..<Int.random(in: 1...8, using: &generator)).map { _ in pieces[Int.random(in: pieces.indices, using: &generator)] }
            let program = "n, s = 0, ''\n" + body.joined(separator: "\n") + "\nprint('sum', n, #s, 'end')"
            let wanted = try await vast.run("-e", program).output
            let cut = Int.random(in: 0...program.count, using: &generator)
            try await simulated { terminal in
                let marked = Self.marked(program)
                terminal.type(String(marked.prefix(cut)))
                terminal.type(String(marked.dropFirst(cut)))
                try terminal.expect("'end')")
                let answer = try terminal.enter("")
                #expect(answer.contains("\n" + wanted) || answer.hasPrefix(wanted), "\(seed): \(program): \(answer)")
            }
        }
    }
}
