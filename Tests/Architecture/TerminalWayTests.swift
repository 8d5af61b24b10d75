import Foundation
import Testing

/// Where the program writes.
@Suite("Ways to the terminal") struct TerminalWayTests {
    /// Each way, with the files that may use it.
    private static let ways: [(word: String, homes: Set<String>)] = [
        (#"(?:^|[^.\w])print\("#, ["StandardOutput.swift"]), (#"\b(?:fputs|puts|printf|fwrite)\("#, []),
        (#"vast_terminal_put\("#, ["PromptScreen.swift", "Prompt.swift"]), (#"FileHandle\.standard(?:Output|Error)"#, []),
        (#"write\(STD(?:OUT|ERR)_FILENO"#, [])
    ]

    @Test("of the program there is one each, on which texts of others are made harmless")
    func ways() throws {
        for file in SourceTree.files(of: "vast-lua") {
            let text = try String(contentsOf: SourceTree.root.appendingPathComponent(file), encoding: .utf8)
            let lines = text.split(separator: "\n").filter { !$0.contains("\"") && !$0.contains("function ") && !$0.contains("///") }
            for (word, homes) in Self.ways where !homes.contains((file as NSString).lastPathComponent) {
                let pattern = try Regex(word)
                for line in lines { #expect(line.firstMatch(of: pattern) == nil, "\(file): \(line)") }
            }
        }
    }
}
