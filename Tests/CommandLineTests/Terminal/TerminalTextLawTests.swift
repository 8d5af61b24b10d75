import FleetClock
import FleetRules
import Foundation
import Testing
import VastJSON

@testable import vast_lua

/// Texts of others, with everything that a terminal obeys, on the way through every command to a real terminal.
@Suite("What reaches a terminal") struct TerminalTextLawTests {
    private static let seeds = 1...(UInt64(ProcessInfo.processInfo.environment["VAST_LUA_SEEDS"] ?? "") ?? 2)

    /// A text that wants to do something, with a letter in front so that it is never empty.
    private static func hostile(_ generator: inout SeededGenerator) -> String {
        let parts = [
            "\u{1B}[2J", "\u{1B}]0;owned\u{7}", "\u{9B}31m", "\u{1B}[31m", "\u{202E}", "\u{2066}", "\u{2069}", "\u{200E}", "\u{200F}",
            "\u{202A}", "\u{1B}c", "\u{8}\u{8}", "\u{7F}", "\u{85}", "\u{1B}[6n", "\r", "\u{1B}P1$q\u{1B}\\", "word", "é", " "
        ]
        let count = Int.random(in: 2...7, using: &generator)
        return "x" + (0..<count).map { _ in parts[Int.random(in: parts.indices, using: &generator)] }.joined()
    }

    /// What is on a terminal and is no text: everything but line ends, tabs and our colours.
    private static func acting(_ bytes: [UInt8]) -> String {
        let own = String(decoding: bytes, as: UTF8.self).replacing("\r\n", with: "\n").replacing(/\u{1B}\[[0-9;]*m/, with: "")
        return String(String.UnicodeScalarView(own.unicodeScalars.filter { $0 != "\n" && $0 != "\t" && HiddenCharacter.contains($0) }))
    }

    private func shown(_ vast: VastLua, _ words: [String]) async throws -> [UInt8] {
        try await atTerminal(vast, words) { terminal in
            _ = terminal.end()
            return terminal.bytes
        }
    }

    private func world(_ generator: inout SeededGenerator) async throws -> (vast: VastLua, url: [String], simulator: RunningSimulator) {
        let vast = try VastLua(["VAST_API_KEY": "simulator"])
        let rows = (101...104).map { id in
            [
                "id": id, "label": Self.hostile(&generator), "status_msg": Self.hostile(&generator), "gpu_name": Self.hostile(&generator),
                "image_uuid": Self.hostile(&generator), "simulator": ["workload": "idle"]
            ] as [String: Any]
        }
        let fleet = try JSONSerialization.data(withJSONObject: ["fleet": 1, "instances": rows])
        try vast.write("fleet.json", String(decoding: fleet, as: UTF8.self))
        let simulator = try await RunningSimulator(vast, options: ["--fleet", vast.folder.path + "/fleet.json"])
        return (vast, ["--url", simulator.url, "--pacing", "none"], simulator)
    }

    private static let script = """
        local reason = ...
        warn("@on") warn("a ", reason or vast.instance(101).label)
        for _, inst in ipairs(vast.instances()) do
          print(inst, inst.label, inst.status_msg)
          print(vast.inspect(inst:table()), vast.json.encode{[inst.label] = inst.status_msg})
          vast.log.warn(inst.label, {text = inst.status_msg})
        end
        print(vast.instances())
        print(vast.stop(101, {reason = reason or vast.instance(101).label}))
        print(vast.label(102, "quiet", {reason = vast.instance(102).status_msg}))
        print(vast.try("any", function() return vast.stop(103):wait("1s") end))
        local ok, message = pcall(error, vast.instance(104).label)
        print(message)
        vast.policy{name = "p", all = true, when = function() return false end, action = "stop", grace = "0s", max = 9}
        error(vast.instance(104).label)
        """

    @Test("nothing that acts on it but our own colours, whatever labels, messages, reasons and freezes say", arguments: seeds)
    func commands(seed: UInt64) async throws {
        var generator = SeededGenerator(seed: seed &* 7_919)
        let (vast, url, simulator) = try await world(&generator)
        defer { withExtendedLifetime(simulator) {} }
        let script = try vast.write("s.lua", Self.script)
        let reason = Self.hostile(&generator)
        let steps: [[String]] = [
            ["ls", "--url", simulator.url], ["ls", "--json", "--url", simulator.url], ["plan"] + url + [script, reason],
            ["plan", "-o", "p.json"] + url + [script], ["plan", "--json"] + url + [script],
            ["apply", "p.json", "--url", simulator.url, "--unpaced"],
            url + ["--once", script, reason], url + ["--once", "--log-format", "json", script], ["history"], ["history", "--json"],
            ["explain", "101", "--url", simulator.url], ["explain", "102", script, "--url", simulator.url], ["history", "--savings"],
            ["undo", "--last", "-n", "--url", simulator.url, "--unpaced"], url + ["--restricted", "--once", script],
            ["freeze", reason], url + ["-e", "vast.stop(104)"], ["doctor", "--url", simulator.url], ["thaw"], ["check", script],
            url + ["-e", "error(arg[0] .. vast.instance(101).label)"], ["next", script], ["ls", reason, "--url", simulator.url], [reason],
            ["history", reason], ["plan", "--simulator=" + reason, script], ["apply", reason]
        ]
        for words in steps {
            let bytes = try await shown(vast, words)
            let acting = Self.acting(bytes)
            #expect(
                acting.isEmpty,
                "\(words.joined(separator: " ").debugDescription): \(acting.debugDescription) in \(String(decoding: bytes, as: UTF8.self).debugDescription)"
            )
            #expect(!bytes.isEmpty || words == ["thaw"] || words.first == "check" || words.first == "next", "\(words)")
        }
    }

    private static let loud = """
        local name = ...
        warn("@on") warn(name)
        vast.log.warn("m", {["k" .. name] = name, [name] = 1})
        vast.log.error(name)
        vast.every("1m", function() end, {name = name})
        print(vast.instances(), vast.instance(101))
        vast.stop(101, {reason = name})
        error(name)
        """

    /// A name that files can have.
    private static func fileName(_ generator: inout SeededGenerator) -> String {
        hostile(&generator).replacing("/", with: "") + "\u{1B}[31m.lua"
    }

    @Test("without colours of ours not even a sequence of colours, on every way that is not a script's own print", arguments: seeds)
    func colors(seed: UInt64) async throws {
        var generator = SeededGenerator(seed: seed &* 49_999)
        let (base, url, simulator) = try await world(&generator)
        defer { withExtendedLifetime(simulator) {} }
        var vast = base
        vast.environment["NO_COLOR"] = "1"
        let file = Self.fileName(&generator)
        try vast.write(file, Self.loud)
        let broken = Self.fileName(&generator)
        try vast.write(broken, "x = = 1\nvast.stopp(1)\n")
        let word = "\u{1B}[31m" + Self.hostile(&generator)
        let steps: [[String]] = [
            url + ["--once", file, word], url + ["--once", "--restricted", file, word],
            url + ["--log-format", "json", "--once", file, word], ["plan"] + url + [file, word], ["next", file, word],
            ["next", file, word, "--json"], ["check", file], ["check", broken], ["check", "gone" + word], [broken],
            ["ls", "--bogus" + word], ["ls", word, "--url", simulator.url], ["ls", "--url", simulator.url], ["plan", "--bogus" + word],
            ["apply", "--bogus" + word], ["apply", word], ["history", "--bogus" + word], ["history", word], ["explain", word],
            ["undo", word], ["doctor", "--" + word], ["simulator", "--port", word], ["state", word], ["freeze", word],
            ["freeze", "--for", word], ["thaw", word], ["history"], ["explain", "101", "--url", simulator.url], ["--bogus" + word],
            ["--log-file", "no/" + word, "-e", "x"], ["-e", "warn('@on') warn(arg[0], ...) error(...)", word],
            ["types", word + "/no/where"], ["doctor", "--url", simulator.url]
        ]
        for words in steps {
            let shown = String(decoding: try await shown(vast, words), as: UTF8.self).replacing("\r\n", with: "\n")
            let acting = shown.unicodeScalars.filter { $0 != "\n" && $0 != "\t" && HiddenCharacter.contains($0) }
            #expect(acting.isEmpty, "\(words.joined(separator: " ").debugDescription): \(shown.debugDescription)")
        }
    }

    @Test("at the prompt neither: answers, tables with labels in them, completion, errors", arguments: seeds)
    func prompt(seed: UInt64) async throws {
        var generator = SeededGenerator(seed: seed &* 104_729)
        let (vast, url, simulator) = try await world(&generator)
        defer { withExtendedLifetime(simulator) {} }
        let statements = [
            "vast.instances()", "vast.instance(101)", "{vast.instance(102).label, [vast.instance(102).label] = 1}",
            "vast.instance(103).label",
            "print(vast.instance(104).label, vast.instance(104))", "error(vast.instance(101).label)", "vast.stop(101)",
            "setmetatable({}, {__tostring = function() return vast.instance(101).label end})", "warn('@on') warn(vast.instance(101).label)",
            "select(2, pcall(vast.instances, {label = vast.instance(101).label, state = vast.instance(101).label}))"
        ]
        let bytes = try await atTerminal(vast, url) { terminal in
            try terminal.expect("frozen: no")
            try terminal.expect("dry> ")
            for statement in statements { try terminal.enter(statement, until: "dry> ") }
            terminal.type("vast.instances{label = \"x\t")
            try terminal.expect("x")
            terminal.type("\u{3}")
            try terminal.expect("dry> ")
            terminal.type("\u{4}")
            _ = terminal.end()
            return terminal.bytes
        }
        let text = String(decoding: bytes, as: UTF8.self)
        for wanted in ["\u{1B}]", "\u{1B}c", "\u{1B}P", "\u{1B}[6n", "\u{1B}[2J"] {
            #expect(!text.contains(wanted), "\(wanted.debugDescription)")
        }
        // What the editor of lines itself writes is ASCII.
        let acting = text.unicodeScalars.filter { $0.value >= 0x7F && HiddenCharacter.contains($0) }
        #expect(acting.isEmpty, "\(text.debugDescription)")
    }

    @Test("a script's own colours do, and all that it writes with io.write; in a pipe print writes what lua does")
    func own() async throws {
        let vast = try VastLua()
        let words = ["--simulator", "-e", #"print("\27[1mbold\27[0m", "\27[2J") io.write("\27[2K")"#]
        let terminal = String(decoding: try await shown(vast, words), as: UTF8.self)
        #expect(terminal.contains("\u{1B}[1mbold\u{1B}[0m\t?[2J\r\n") && terminal.contains("\u{1B}[2K"), "\(terminal.debugDescription)")
        #expect(try await vast.run(words).output == "\u{1B}[1mbold\u{1B}[0m\t\u{1B}[2J\n\u{1B}[2K")
    }

    @Test("of a restricted script nothing at all, also where a character comes in two pieces")
    func restricted() async throws {
        let vast = try VastLua()
        try vast.write("r.lua", #"print("\27[1mbold") print("caf\xC3\xA9 \xE2\x80\xAE|\xFF|\r") warn("@on") warn("w\27c") error("\27e")"#)
        let terminal = String(decoding: try await shown(vast, ["--simulator", "--restricted", "r.lua"]), as: UTF8.self)
        for text in ["?[1mbold", "café ?|\u{FFFD}|?", "w?c", "?e"] { #expect(terminal.contains(text), "\(terminal.debugDescription)") }
        #expect(Self.acting(Array(terminal.utf8)).isEmpty, "\(terminal.debugDescription)")
    }

    @Test("also where a character comes in pieces: what is put together again is what came, random pieces")
    func pieces() {
        var generator = SeededGenerator(seed: 4)
        let parts = ["é", "漢", "😀", "a", "\n", "\u{202E}", "\u{1B}", "\u{9B}", "\u{200D}"]
        for _ in 0..<500 {
            let text = (0..<Int.random(in: 0...20, using: &generator)).map { _ in parts[Int.random(in: parts.indices, using: &generator)] }
                .joined()
            var (screen, rest, shown) = (ScreenBytes(), Array(text.utf8)[...], [UInt8]())
            while !rest.isEmpty {
                let count = Int.random(in: 1...3, using: &generator)
                shown += screen.take(rest.prefix(count))
                rest = rest.dropFirst(count)
            }
            shown += screen.finish()
            #expect(String(decoding: shown, as: UTF8.self) == PrintableText.lines(text), "\(text.debugDescription)")
        }
    }
}
