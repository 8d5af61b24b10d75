import FleetClock
import Foundation
import Testing

@testable import LuaCheck
@testable import VastLua

/// What holds for `check` whatever the script is.
@Suite struct TypeCheckLawTests {
    private func misuses(_ source: String) -> [VastNames.Misuse] { VastNames(Declaration.names).misuses(in: Array(source.utf8)) }

    @Test("a script that uses everything as declared gives no finding", arguments: 0..<300 as Range<UInt64>)
    func right(seed: UInt64) {
        let script = RandomCheckedScript(seed: seed).text
        #expect(misuses(script) == [], "\(script)")
    }

    @Test("most of these scripts have names to get wrong")
    func members() {
        let counts = (0..<300 as Range<UInt64>).map { RandomCheckedScript(seed: $0).members.count }
        #expect(counts.count { $0 > 0 } > 250)
        #expect((0..<300 as Range<UInt64>).count { !RandomCheckedScript(seed: $0).words.isEmpty } > 200)
        #expect((0..<300 as Range<UInt64>).count { !RandomCheckedScript(seed: $0).bareCalls.isEmpty } > 50)
    }

    @Test("a wrong letter in the name of a field or method gives one finding", arguments: 0..<300 as Range<UInt64>)
    func wrongLetter(seed: UInt64) {
        let script = RandomCheckedScript(seed: seed)
        var generator = SeededGenerator(seed: seed)
        guard let position = script.members.randomElement(using: &generator),
            case .member(let name, let object) = script.parts[position],
            let wrong = Self.misspelt(name, object.names, &generator)
        else { return }
        let text = script.text(replacing: position, by: wrong)
        let found = misuses(text)
        #expect(found.count == 1, "\(wrong)\n\(found)\n\(text)")
        #expect(found.allSatisfy { !$0.isWarning && $0.message.contains("'\(wrong)'") }, "\(wrong)\n\(found)")
    }

    @Test(
        "a wrong letter in an option, a queried field, a field's name or a word of a closed set gives one finding",
        arguments: 0..<300 as Range<UInt64>)
    func wrongWord(seed: UInt64) {
        let script = RandomCheckedScript(seed: seed)
        var generator = SeededGenerator(seed: seed)
        guard let position = script.words.randomElement(using: &generator), case .word(let word, let words) = script.parts[position],
            let wrong = Self.misspelt(word, words, &generator)
        else { return }
        let text = script.text(replacing: position, by: wrong)
        let found = misuses(text)
        #expect(found.count == 1, "\(wrong)\n\(found)\n\(text)")
        #expect(found.allSatisfy { !$0.isWarning && $0.message.contains("'\(wrong)'") }, "\(wrong)\n\(found)")
    }

    @Test("a dot before a method that is called without arguments gives one finding", arguments: 0..<300 as Range<UInt64>)
    func dot(seed: UInt64) {
        let script = RandomCheckedScript(seed: seed)
        for position in script.bareCalls {
            let text = script.text(withDotBefore: position)
            let found = misuses(text)
            #expect(found.count == 1 && found[0].message.contains("is a method: write 'v"), "\(found)\n\(text)")
        }
    }

    @Test("a wrong letter in one vast gives one finding", arguments: 0..<300 as Range<UInt64>)
    func wrongModule(seed: UInt64) {
        let script = RandomCheckedScript(seed: seed).text
        var generator = SeededGenerator(seed: seed)
        guard let place = script.ranges(of: "vast.").randomElement(using: &generator),
            let wrong = Self.misspelt("vast", ["vast"], &generator)
        else { return }
        let text = script.replacingCharacters(in: place, with: "\(wrong).")
        let found = misuses(text)
        #expect(found.count == 1 && found[0].message == "unknown global '\(wrong)', did you mean 'vast'?", "\(found)\n\(text)")
    }

    private static let reserved = ["if", "in", "or", "do", "end", "for", "not", "and", "nil", "goto"]

    /// A name with one letter more, less, changed or exchanged with its neighbour, which is no other name.
    private static func misspelt(_ name: String, _ names: [String], _ generator: inout SeededGenerator) -> String? {
        for _ in 0..<20 {
            var letters = Array(name)
            let index = Int.random(in: letters.indices, using: &generator)
            let letter = "abcdefghijklmnopqrstuvwxyz_".randomElement(using: &generator) ?? "q"
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: letters[index] = letter
            case 1: letters.insert(letter, at: index)
            case 2: letters.remove(at: index)
            default: letters.swapAt(index, max(0, index - 1))
            }
            let wrong = String(letters)
            if letters.first?.isLetter == true, !names.contains(wrong), !reserved.contains(wrong) { return wrong }
        }
        return nil
    }

    @Test("a part of a script is read to its end", arguments: 0..<60 as Range<UInt64>)
    func parts(seed: UInt64) {
        let bytes = Array(RandomCheckedScript(seed: seed).text.utf8)
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<20 {
            var part = bytes[Int.random(in: 0...bytes.count, using: &generator)...]
            part = part.prefix(Int.random(in: 0...bytes.count, using: &generator))
            _ = VastNames(Declaration.names).misuses(in: Array(part))
        }
    }
}
