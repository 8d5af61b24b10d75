import FleetClock
import Foundation

@testable import LuaCheck
@testable import VastLua

/// Where a script has names that are ours, Lua's or its own variables, and words of a fixed vocabulary.
struct MisspellingPlaces {
    enum Kind: String, CaseIterable {
        case variable, member, key, word
    }

    struct Place {
        let range: Range<String.Index>
        let kind: Kind
        let name: String
    }

    let text: String
    private(set) var places: [Place] = []
    /// Every name in it, which no misspelling may hit.
    private(set) var names: Set<String> = []

    private static let reserved = Set(
        "and break do else elseif end false for function goto if in local nil not or repeat return then true until while".split(
            separator: " "
        )
        .map(String.init))
    /// What stands behind a dot or a colon that is ours or Lua's.
    private static let members: Set<String> = {
        var names = StandardLibrary.ofFiles
        for name in Declaration.names { names.formUnion(name.split(separator: ".").map(String.init)) }
        for object in ObjectDeclaration.all { names.formUnion(object.names) }
        for table in StandardLibrary.tables.values { names.formUnion(table) }
        return names.union(FieldDeclaration.module.map(\.name))
    }()
    private static let parameters: [Parameter] = {
        let methods = ObjectDeclaration.all.flatMap(\.methods)
        return (Declaration.all + methods).flatMap(\.parameters)
    }()
    private static let options: [Parameter] = parameters.flatMap(\.everything)
    private static let keys = Set(options.map(\.name)).union(FieldDeclaration.instanceNames)
    /// The words that stand in one place or another.
    private static let words: Set<String> = {
        var words = Set(WordSet.all.flatMap(\.words))
        for parameter in parameters + options { words.formUnion(parameter.type.words ?? []) }
        return words
    }()
    private static let wordedKeys: Set<String> = {
        let worded = options.filter { $0.type.words != nil || $0.type.annotation.contains("\"") }
        return Set(worded.map(\.name)).union(["state", "billing"])
    }()
    private static let wordedCalls: Set<String> = ["on", "wait", "try", "set_wish", "sum", "sort_by", "group"]

    init(_ text: String) {
        self.text = text
        let tokens = Self.tokens(text)
        for (index, token) in tokens.enumerated() {
            let (before, after) = (index > 0 ? tokens[index - 1].text : "", index + 1 < tokens.count ? tokens[index + 1].text : "")
            guard token.text.first.map({ $0.isLetter || $0 == "_" }) ?? false else {
                addWord(token, tokens, index, before, after)
                continue
            }
            names.insert(String(token.text))
            add(token, before, after, index + 2 < tokens.count ? String(tokens[index + 2].text) : "")
        }
    }

    private typealias Token = (text: Substring, range: Range<String.Index>)

    /// Names, texts and signs, without comments and long texts.
    private static func tokens(_ text: String) -> [Token] {
        let pattern =
            /--\[\[.*?\]\]|--[^\n]*|\[\[.*?\]\]|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|[A-Za-z_][A-Za-z_0-9]*|[0-9][0-9A-Za-z.]*|\.\.\.?|[=~<>]=|[^\s]/
            .dotMatchesNewlines()
        return text.matches(of: pattern).map { ($0.output, $0.range) }.filter { !$0.0.hasPrefix("--") && !$0.0.hasPrefix("[[") }
    }

    private mutating func add(_ token: Token, _ before: Substring, _ after: Substring, _ second: String) {
        let name = String(token.text)
        guard !Self.reserved.contains(name), name != "_", name != "self", before != "goto", before != "::" else { return }
        if before == "." || before == ":" {
            if Self.members.contains(name) { places.append(Place(range: token.range, kind: .member, name: name)) }
        } else if after == "=", before == "{" || before == "," {
            if Self.keys.contains(name) { places.append(Place(range: token.range, kind: .key, name: name)) }
        } else if before != "<" || after != ">" {
            places.append(Place(range: token.range, kind: .variable, name: name))
        }
    }

    /// A text that is compared, that stands in an option or a query, or with which a function is called that takes only some.
    private mutating func addWord(_ token: Token, _ tokens: [Token], _ index: Int, _ before: Substring, _ after: Substring) {
        guard let quote = token.text.first, quote == "\"" || quote == "'", token.text.count > 3 else { return }
        let name = String(token.text.dropFirst().dropLast())
        let isField = ["sum", "sort_by", "group"].contains(index > 1 ? String(tokens[index - 2].text) : "")
        guard isField ? FieldDeclaration.instanceNames.contains(name) : Self.words.contains(name) else { return }
        let second = index > 1 ? String(tokens[index - 2].text) : ""
        let third = index > 2 ? String(tokens[index - 3].text) : ""
        let isWorded =
            ["==", "~="].contains(before) || ["==", "~="].contains(after) || before == "=" && Self.wordedKeys.contains(second)
            || before == "(" && Self.wordedCalls.contains(second) || before == "{" && second == "(" && Self.wordedCalls.contains(third)
            || before == "{" && second == "=" && Self.wordedKeys.contains(third)
        guard isWorded else { return }
        let range = text.index(after: token.range.lowerBound)..<text.index(before: token.range.upperBound)
        places.append(Place(range: range, kind: .word, name: name))
    }

    /// The text with a wrong name in one place; nil where no wrong one was found that is not another right one.
    func misspelt(at place: Place, _ generator: inout SeededGenerator) -> (text: String, wrong: String)? {
        for _ in 0..<20 {
            var letters = Array(place.name)
            let index = Int.random(in: letters.indices, using: &generator)
            let letter = "abcdefghijklmnopqrstuvwxyz_".randomElement(using: &generator) ?? "q"
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: letters[index] = letter
            case 1: letters.insert(letter, at: index)
            case 2: letters.remove(at: index)
            default: letters.swapAt(index, max(0, index - 1))
            }
            let wrong = String(letters)
            guard letters.first.map({ $0.isLetter }) ?? false, !names.contains(wrong), !Self.reserved.contains(wrong),
                !Self.members.contains(wrong), !Self.keys.contains(wrong), !Self.words.contains(wrong),
                !StandardLibrary.globals.contains(wrong)
            else { continue }
            return (text.replacingCharacters(in: place.range, with: wrong), wrong)
        }
        return nil
    }
}

extension Parameter {
    /// The options in its tables, and in theirs.
    fileprivate var everything: [Parameter] {
        let own: [Parameter]
        switch tables {
        case .options(let options, _): own = options
        case .parts(let parts): own = parts
        case .query(let options): own = options
        default: own = []
        }
        return own + own.flatMap(\.everything)
    }
}
