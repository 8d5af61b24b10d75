import FleetClock
import Foundation
import Testing

/// What is pasted at a prompt that sends changes: texts of others, from terminals that pass on every byte.
@Suite("A paste at the live prompt") struct PasteSafetyTests {
    private static let seeds = UInt64(ProcessInfo.processInfo.environment["VAST_LUA_SEEDS"] ?? "") ?? 8
    private static let begin = Array("\u{1B}[200~".utf8)
    private static let end = Array("\u{1B}[201~".utf8)
    /// Prints `RAN`, which does not stand in its own text.
    private static let dangerous = "\rprint('RA'..'N') vast.stop(40112233)\r"

    /// Bytes that keys send, in any order: signals, ends, flow control, sequences, halves of characters.
    private static func random(_ generator: inout SeededGenerator, _ count: ClosedRange<Int>) -> [UInt8] {
        let parts: [[UInt8]] =
            (0..<0x20).map { [$0] } + [[0x7F], [0xFF], [0x9B], [0xC3], [0xE2, 0x80], [0x9D], [0xC2, 0x9D], [3], [26], [28], [4]]
            + [
                "\u{1B}[200~", "\u{1B}[201", "\u{1B}[A", "\u{1B}[31m", "\u{1B}]0;x\u{7}", "\u{1B}", "\u{202E}", "é", "漢", "word", "-- ",
                "'", "[[",
                dangerous, dangerous, "\r\n"
            ].map { Array($0.utf8) }
        return (0..<Int.random(in: count, using: &generator)).flatMap { _ in parts[Int.random(in: parts.indices, using: &generator)] }
    }

    /// A session whose changes are sent; returns the changes that were.
    private func live(_ environment: [String: String] = [:], _ body: @escaping @Sendable (Terminal) throws -> Void) async throws -> [String]
    {
        let vast = try VastLua(["VAST_API_KEY": "simulator"].merging(environment) { $1 })
        let simulator = try await RunningSimulator(vast)
        try await atTerminal(vast, ["--url", simulator.url, "--pacing", "none", "--live"]) { terminal in
            try terminal.expect("frozen: no")
            try terminal.expect("live> ")
            try body(terminal)
        }
        return try await simulator.changes()
    }

    /// Gives the line up, and looks at what has run until then.
    private static func giveUp(_ terminal: Terminal, _ about: String) throws {
        terminal.type("\u{3}")
        try terminal.expect("live> ")
        try terminal.enter("'ali' .. 've'", shows: "alive", until: "live> ")
        terminal.type("\u{4}")
        let code = terminal.end().code
        let text = String(decoding: terminal.bytes, as: UTF8.self)
        #expect(code == 0 && !text.contains("RAN") && !text.contains("accepted"), "\(about): \(code) \(text.debugDescription)")
    }

    @Test("runs nothing and sends nothing before Enter, whatever bytes are in it and whatever pieces they come in: random bytes")
    func law() async throws {
        for seed in 1...Self.seeds {
            var generator = SeededGenerator(seed: seed &* 6_700_417)
            let paste =
                Self.random(&generator, 0...12) + Array(Self.dangerous.utf8) + Self.random(&generator, 0...12) + Array(Self.dangerous.utf8)
            let whole = Self.begin + paste + Array("the last words".utf8) + Self.end
            let cuts = [Int.random(in: 0...whole.count, using: &generator), Int.random(in: 0...whole.count, using: &generator)].sorted()
            // A search and an argument may be going on.
            let before = ["", "x = ", "\u{12}", "\u{13}st", "\u{1B}", "\u{1B}4", "\u{16}"].randomElement(using: &generator) ?? ""
            let sent = try await live { terminal in
                terminal.type(before)
                terminal.type(bytes: Array(whole[..<cuts[0]]))
                terminal.type(bytes: Array(whole[cuts[0]..<cuts[1]]))
                terminal.type(bytes: Array(whole[cuts[1]...]))
                try terminal.expect("the last words")
                try Self.giveUp(terminal, "\(seed): \(before.debugDescription) \(String(decoding: whole, as: UTF8.self).debugDescription)")
            }
            #expect(sent == [], "\(seed)")
        }
    }

    @Test("stands in the line as what it is: each byte means itself in a text, and what cannot be seen is written as its escape")
    func content() async throws {
        for seed in 1...Self.seeds {
            var generator = SeededGenerator(seed: seed &* 15_485_863)
            let text = Self.random(&generator, 1...20).filter { ![0x0A, 0x0D, 0x22, 0x5C].contains($0) }
            let wanted = text.map { String(256 + Int($0), radix: 16).suffix(2) }.joined()
            let sent = try await live { terminal in
                terminal.type(
                    bytes: Self.begin + Array("hex = \"".utf8) + text
                        + Array("\"\rprint('is', (hex:gsub('.', function(c) return ('%02x'):format(c:byte()) end)))".utf8) + Self.end)
                try terminal.expect("end)))")
                try terminal.enter("", shows: "is\t\(wanted)\n", until: "live> ")
                let shown = String(decoding: terminal.bytes, as: UTF8.self)
                #expect(!shown.contains("\u{1B}[31mx") && !shown.contains("\u{1B}]0;") && !shown.contains("\u{202E}"), "\(seed)")
            }
            #expect(sent == [], "\(seed)")
        }
    }

    @Test("is one also for those whose keys are those of vi", arguments: ["", "\u{1B}", "\u{1B}/", "\u{1B}r", "\u{1B}d"])
    func otherKeys(before: String) async throws {
        let settings = try VastLua()
        let path = try settings.write("editrc", "bind -v\nsetty -d +isig\n")
        let sent = try await live(["EDITRC": path]) { terminal in
            terminal.type(before)
            terminal.type(bytes: Self.begin + Array("\u{3}\u{1A}\(Self.dangerous)\(Self.dangerous)".utf8) + Self.end)
            _ = terminal.isQuiet(for: 1)
            terminal.type("\u{3}")
            try terminal.expect("live> ")
            #expect(!String(decoding: terminal.bytes, as: UTF8.self).contains("RAN"))
        }
        withExtendedLifetime(settings) {}
        #expect(sent == [])
    }

    @Test("whose end never comes takes Enter as its own; a Ctrl-C that is typed alone ends it, and nothing of it was run")
    func endless() async throws {
        let sent = try await live { terminal in
            terminal.type(bytes: Self.begin + Array("\(Self.dangerous)\u{3}\u{3}\(Self.dangerous)".utf8))
            terminal.type("\r")
            #expect(terminal.isQuiet(for: 1))
            try Self.giveUp(terminal, "endless")
        }
        #expect(sent == [])
    }

    @Test("that is longer than any that is read before Enter is left out as a whole, and what was typed stays")
    func tooLong() async throws {
        let sent = try await live { terminal in
            terminal.type("'ty' .. ")
            let lines = Array(String(repeating: "-- words\r", count: 130_000).utf8)
            terminal.type(bytes: Self.begin + Array(Self.dangerous.utf8) + lines + Array(Self.dangerous.utf8) + Self.end)
            try terminal.enter("'ped'", shows: "typed\n", until: "live> ")
            #expect(!String(decoding: terminal.bytes, as: UTF8.self).contains("RAN"))
        }
        #expect(sent == [])
    }

    @Test("that the end of the session cuts is not run", arguments: [SIGHUP, SIGTERM])
    func cut(signal: Int32) async throws {
        let sent = try await live { terminal in
            terminal.type(bytes: Self.begin + Array("\(Self.dangerous)\(Self.dangerous)".utf8))
            terminal.send(signal)
            _ = terminal.end()
            #expect(!String(decoding: terminal.bytes, as: UTF8.self).contains("RAN"))
        }
        #expect(sent == [])
    }

    @Test("and keys: Ctrl-C drops the line also with Enter right behind it, Ctrl-Z loses nothing, Ctrl-\\ ends the session")
    func keys() async throws {
        let sent = try await live { terminal in
            terminal.type("vast.stop(40112233)\u{3}")
            try terminal.expect("live> ")
            terminal.type("print('still')\u{1A}")
            // The line is shown again behind the pause.
            try terminal.expect("live> print('still')")
            try terminal.enter("", shows: "still\n", until: "live> ")
            terminal.type("vast.stop(40112234)\u{1C}\r")
            #expect(terminal.end().code == 131)
        }
        #expect(sent == [])
    }
}
