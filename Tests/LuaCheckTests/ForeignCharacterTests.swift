import FleetClock
import LuaEngine
import Testing

@testable import LuaCheck

@Suite("Characters that Lua has only in texts") struct ForeignCharacterTests {
    private func message(_ source: String) throws -> String? {
        let host = try LuaHost(clock: SystemClock())
        defer { host.close() }
        return try ScriptCheck(host).problems(in: Array(source.utf8), of: "a.lua").first { !$0.isWarning }?.text
    }

    @Test(
        "are named with their column, and with what to write",
        arguments: [
            ("x\u{A0}= 1", "a.lua:1: column 2: no-break space (U+00A0) is no Lua outside texts; write a plain space in its place"),
            (
                "x = 1\nprint(“a”)",
                "a.lua:2: column 7: left double quotation mark (“, U+201C) is no Lua outside texts; write \" in its place"
            ),
            ("print('é', ’a’)", "a.lua:1: column 12: right single quotation mark (’, U+2019)"),
            ("x = 5 – 3", "column 7: en dash (–, U+2013) is no Lua outside texts; write - in its place"),
            ("x = 2 × 3", "write * in its place"),
            ("x = a ≠ b", "write ~= in its place"), ("print（1）", "write ( in its place"),
            ("größe = 1", "names are made of the letters a-z"),
            ("x = 1\u{200B}", "zero width space (U+200B) is no Lua outside texts; take it out: it cannot be seen"),
            ("\u{202E}x = 1", "right-to-left override (U+202E)"), ("x = \\u{202E}1", "column 5: right-to-left override (U+202E)"),
            ("x = \\y", "column 5: '\\' has a meaning only in texts"), ("#!/bin/x\nx = “", "a.lua:2: column 5")
        ])
    func named(source: String, wanted: String) throws {
        let message = try #require(try message(source))
        #expect(message.contains(wanted), "\(message)")
    }

    @Test(
        "are fine in texts and comments, and errors of another kind stay as they are",
        arguments: [
            ("print('“a”', \"\u{A0}\", [[’]], [==[\u{202E}]==]) -- “comment”\n--[[ – ]] x = 1", String?.none), ("x x “a”", "near 'x'"),
            ("x = 'a\n“'", "unfinished string"), ("for “", "near '<\\226>'")
        ])
    func others(source: String, wanted: String?) throws {
        let message = try message(source)
        if let wanted, wanted.contains("226") {
            // The first wrong word is the character itself.
            #expect(message?.contains("left double quotation mark") == true)
        } else {
            #expect(wanted.map { message?.contains($0) == true } ?? (message == nil), "\(message ?? "nil")")
        }
    }

    @Test("wherever one is put between the words of a script, it is found there: 400 scripts")
    func law() throws {
        var generator = SeededGenerator(seed: 3)
        let words = ["local", "x", "=", "1", "+", "'“'", "y", "(", ")", "--[[’]]", "\n", "\"–\""]
        let characters = ["“", "”", "‘", "\u{A0}", "–", "\u{200B}", "…", "漢", "\u{2009}"]
        for _ in 0..<400 {
            let before = (0..<Int.random(in: 0...6, using: &generator)).map { _ in words[Int.random(in: words.indices, using: &generator)] }
            let character = characters[Int.random(in: characters.indices, using: &generator)]
            let head = before.joined(separator: " ")
            let found = LuaTokens.foreignCharacter(in: Array((head + " " + character + " x").utf8))
            #expect(found?.offset == head.utf8.count + 1 && found?.line == head.filter { $0 == "\n" }.count + 1, "\(head.debugDescription)")
        }
    }
}
