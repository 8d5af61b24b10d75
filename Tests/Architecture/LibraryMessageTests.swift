import Foundation
import Testing

@Suite("Messages of the libraries") struct LibraryMessageTests {
    /// What speaks of the program: an option, its command line, or a command of it.
    private static func words(in line: Substring) -> Substring? {
        guard !line.drop(while: { $0 == " " }).hasPrefix("//"), line.contains("\"") else { return nil }
        return line.firstMatch(of: /"[^"]*(--[a-z]|[Cc]ommand line|vast-lua (?:run|apply|undo|check|ls|history|types|thaw|freeze)\b)/)?
            .output.1
    }

    @Test(
        "whoever uses a library has no command line: no text in it speaks of one",
        arguments: ["VastAPI", "VastModels", "VastJSON", "FleetClock", "LuaEngine"])
    func texts(target: String) throws {
        let files = SourceTree.files(of: target)
        #expect(!files.isEmpty)
        for file in files {
            let text = try String(contentsOf: SourceTree.root.appendingPathComponent(file), encoding: .utf8)
            for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
                if let words = Self.words(in: line) { Issue.record("\(file):\(number + 1) speaks of '\(words)'") }
            }
        }
    }

    @Test(
        "the check finds what it looks for",
        arguments: [
            (#"throw VastError(.guard, "say --max-stops 3")"#, true), (#"hint: "on the command line""#, true),
            (#""run vast-lua thaw""#, true), (#"// "say --max-stops 3""#, false), (#"i -= 1; print("-- x")"#, false),
            (#"userAgent = "vast-lua/0.1""#, false)
        ])
    func check(line: String, isFound: Bool) {
        #expect((Self.words(in: line[...]) != nil) == isFound)
    }
}
