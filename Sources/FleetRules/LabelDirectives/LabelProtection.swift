/// What a word of a label protects an instance from.
enum LabelProtection: Equatable {
    /// From policies; `isExact` is false for a slip.
    case keep(isExact: Bool)
    /// From policies until a date.
    case keepUntil(isExact: Bool)
    /// From every change.
    case freeze(isExact: Bool)

    static let words = ["keep", "keep-until", "freeze"]

    /// Words of others that are one letter from one of ours.
    private static let others: Set = ["deep"]

    /// - Parameter key: a word in lower case, without its value. What stands behind a colon, and punctuation around it, does not
    ///   count: `[keep!]` and `[keep: until monday]` are meant as they sound.
    init?(_ key: String) {
        guard let word = Self.words.first(where: { Self.mayBe($0, key) }) ?? Self.slip(key, from: Self.words) else { return nil }
        let isExact = word == key
        switch word {
        case "keep": self = .keep(isExact: isExact)
        case "keep-until": self = .keepUntil(isExact: isExact)
        default: self = .freeze(isExact: isExact)
        }
    }

    /// The word that is meant.
    var word: String {
        switch self {
        case .keep: "keep"
        case .keepUntil: "keep-until"
        case .freeze: "freeze"
        }
    }

    var isExact: Bool {
        switch self {
        case .keep(let isExact), .keepUntil(let isExact), .freeze(let isExact): isExact
        }
    }

    private static func mayBe(_ word: String, _ key: String) -> Bool {
        // Most words are of others, and decided by their first letters.
        guard key.contains(word) else { return false }
        // `keep/anna` keeps; `freeze/thaw` and the like are of others.
        let ends = word == "freeze" ? ":([{<\u{FF1D}" : ":([{<\u{FF1D}/|"
        let head = key.drop { !$0.isLetter }.prefix { !ends.contains($0) }
        return head.reversed().drop { !$0.isLetter }.reversed().elementsEqual(word)
    }

    /// What is said about a word that protects without end and has something behind it that sounds like an end or a value; nil
    /// where there is no such thing.
    func surplus(_ word: LabelBracket.Word, before next: LabelBracket.Word?) -> String? {
        if case .keepUntil = self { return nil }
        let end = self == .keep(isExact: true) ? "; with a date it is keep-until=2026-12-01" : ""
        if word.value?.isEmpty == false { return "\(self.word) has no value and no end\(end)" }
        let until = next.map { String($0.key.drop { !$0.isLetter }.prefix(while: \.isLetter)) } ?? ""
        return Self.untils.contains(until) ? "\(self.word) has no end, and '\(until)' behind it is not understood\(end)" : nil
    }

    private static let untils: Set = ["until", "untill", "til", "till", "bis", "through"]

    /// The word that is meant by one with a slip in it: a letter too many, too few, another one, or two that have changed places.
    static func slip(_ key: String, from words: [String]) -> String? {
        guard !others.contains(key), (3...12).contains(key.count) else { return nil }
        return words.first { isOneEdit(Array($0), Array(key)) }
    }

    private static func isOneEdit(_ wanted: [Character], _ given: [Character]) -> Bool {
        guard wanted != given, abs(wanted.count - given.count) <= 1 else { return false }
        let same = zip(wanted, given).prefix { $0 == $1 }.count
        let (restOfWanted, restOfGiven) = (wanted[same...], given[same...])
        if restOfWanted.dropFirst().elementsEqual(restOfGiven.dropFirst()) || restOfWanted.dropFirst().elementsEqual(restOfGiven)
            || restOfWanted.elementsEqual(restOfGiven.dropFirst())
        {
            return true
        }
        return restOfWanted.count >= 2 && restOfWanted.prefix(2).elementsEqual(restOfGiven.prefix(2).reversed())
            && restOfWanted.dropFirst(2).elementsEqual(restOfGiven.dropFirst(2))
    }
}
