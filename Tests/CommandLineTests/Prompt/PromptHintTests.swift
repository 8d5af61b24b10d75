import Testing

@testable import vast_lua

@Suite("Hints of the prompt") struct PromptHintTests {
    @Test("words that end other programs, or ask them for help, are understood where they stand alone and mean nothing of one's own")
    func words() {
        for word in ["exit", " quit ", ":q", "\\q", "exit()", "quit;", ":wq"] {
            #expect(PromptHints.word(Array(word.utf8)) { _ in true }?.contains("os.exit()") == true, "\(word)")
        }
        for word in ["help", "?", "\\?"] {
            #expect(PromptHints.word(Array(word.utf8)) { _ in true }?.contains("vast.help()") == true, "\(word)")
        }
        for word in ["exits", "x = exit", "help(vast.stop)", "", "print(exit)", "\\x", "os.exit()"] {
            #expect(PromptHints.word(Array(word.utf8)) { _ in true } == nil, "\(word)")
        }
        #expect(PromptHints.word(Array("exit".utf8)) { _ in false } == nil)
        #expect(PromptHints.word(Array(":q".utf8)) { _ in false } != nil)
    }

    @Test("statements that only make locals are told that these end with the line")
    func locals() {
        let known = ["return  1", "return  1, f()", "return function() return 1 end", "return  {}", "return 1"]
        func hint(_ text: String) -> String? { PromptHints.locals(Array(text.utf8)) { known.contains($0) } }
        #expect(hint("local x = 1")?.hasPrefix("x is gone") == true)
        #expect(hint("local x, y = 1, f()")?.hasPrefix("x, y are gone") == true)
        #expect(hint("local t <const> = {}")?.hasPrefix("t is gone") == true)
        #expect(hint("local x")?.hasPrefix("x is gone") == true)
        #expect(hint("local function f() return 1 end")?.hasPrefix("f is gone") == true)
        for text in ["local x = 1 print(x)", "x = 1", "local x = 1; x = 2", "locals = 1", "do local x = 1 end", "local x local y"] {
            #expect(hint(text) == nil, "\(text)")
        }
    }

    @Test("are given at the prompt, and the session goes on")
    func shown() async throws {
        try await atTerminal(try VastLua(), ["--simulator"]) { terminal in
            try terminal.expect("frozen: no")
            try terminal.expect("sim> ")
            for word in ["exit", "quit", ":q", "\\q"] { try terminal.enter(word, shows: "Ctrl-D or os.exit() ends the session") }
            try terminal.enter("help", shows: "vast.help() lists everything")
            try terminal.enter("local x = 1", shows: "x is gone: locals end with the line; without 'local' it stays")
            try terminal.enter("local function f() return 1 end", shows: "f is gone")
            try terminal.enter("local y = 2 z = y", shows: nil)
            try terminal.enter("exit = 5", shows: nil)
            try terminal.enter("exit", shows: "5")
        }
    }
}
