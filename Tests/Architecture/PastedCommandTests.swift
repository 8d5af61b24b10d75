import Foundation
import Testing

@Suite("Commands in advice") struct PastedCommandTests {
    @Test("quote every path for the shell that they are pasted into")
    func quoted() throws {
        let command = #/(?:\brm(?: -r)?|\bmv|\bcp|\bcat|\bfuser|\brmdir|chmod [0-7a-z+-]+|chown \S+) \\\((?!ShellWord\.quoted)/#
        for file in Set(SourceTree.folders().values.joined()).sorted() {
            let text = try String(contentsOf: SourceTree.root.appendingPathComponent("Sources/\(file)"), encoding: .utf8)
            for line in text.split(separator: "\n") where line.contains(command) {
                Issue.record("Sources/\(file): \(line.trimmingCharacters(in: .whitespaces)): see ShellWord")
            }
        }
    }
}
