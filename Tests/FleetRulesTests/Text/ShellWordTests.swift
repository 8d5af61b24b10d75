import FleetClock
import Foundation
import Testing

@testable import FleetRules

@Suite("A word of a command that is pasted") struct ShellWordTests {
    private static let pieces = [
        "a", "/", " ", "'", "\"", "$HOME", "`id`", "\\", "*", "?", "~", "!", "-rf", ";", "&", "|", "#", "ä", "😀", "\n", "\t", "\u{1B}", "=",
        "(", "{a,b}", "%s"
    ]

    @Test("is read by the shell as the text that it was: 400 texts")
    func law() throws {
        guard FileManager.default.isExecutableFile(atPath: "/bin/bash") else { return }
        var dice = SeededGenerator(seed: 5)
        let texts = (0..<400).map { _ in
            (0..<Int.random(in: 0...8, using: &dice)).compactMap { _ in Self.pieces.randomElement(using: &dice) }.joined()
        }
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        process.arguments = ["-c", "printf '%s\\0' \(texts.map(ShellWord.quoted).joined(separator: " "))"]
        process.standardOutput = output
        try process.run()
        let read = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        #expect(read.split(separator: 0, omittingEmptySubsequences: false).dropLast().map { String(decoding: $0, as: UTF8.self) } == texts)
    }

    @Test("stays as it is where it can, and holds nothing that acts on a terminal")
    func plain() {
        #expect(ShellWord.quoted("/home/me/.local/state/vast-lua") == "/home/me/.local/state/vast-lua")
        #expect(
            ShellWord.quoted("/my states/x") == "'/my states/x'" && ShellWord.quoted("it's") == #"'it'\''s'"#
                && ShellWord.quoted("") == "''")
        #expect(ShellWord.quoted("a\u{1B}[2J\u{202E}b").unicodeScalars.allSatisfy { (0x20..<0x7F).contains($0.value) })
    }
}
