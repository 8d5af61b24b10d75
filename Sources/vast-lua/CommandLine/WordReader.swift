/// Walks over the words of a command line.
struct WordReader {
    let words: CommandWords
    private let text: [String]
    private(set) var index = 1

    init(words: CommandWords) {
        self.words = words
        text = words.text
    }

    /// The next word as text.
    var peek: String? { index < text.count ? text[index] : nil }
    /// Every word that is left.
    var rest: [[UInt8]] { Array(words.raw[min(index, text.count)...]) }
    /// The word before the next one.
    var previous: String? { index >= 1 && index <= text.count ? text[index - 1] : nil }

    mutating func next() -> String? {
        guard index < text.count else { return nil }
        defer { index += 1 }
        return text[index]
    }

    /// The next word as it is.
    mutating func nextBytes() -> [UInt8]? {
        guard next() != nil else { return nil }
        return words.raw[index - 1]
    }

    /// The value of the one-letter option that was just read: the rest of its word, or the next word, which may not begin
    /// with a hyphen.
    mutating func shortValue(of option: String) throws(UsageError) -> [UInt8] {
        let joined = words.raw[index - 1].dropFirst(2)
        if !joined.isEmpty { return Array(joined) }
        guard let word = peek, !word.hasPrefix("-"), let value = nextBytes() else {
            throw UsageError("'\(option)' needs an argument")
        }
        return value
    }
}
