/// A bracket of a label and the words in it.
struct LabelBracket {
    /// `keep`, or `off=22:00`.
    struct Word {
        var key: String
        var value: String?

        /// - Throws: ``Problem`` when there is none.
        func needed() throws -> String {
            guard let value, !value.isEmpty else { throw Problem(description: "a value is missing: \(key)=…") }
            return value
        }
    }

    struct Problem: Error, CustomStringConvertible {
        let description: String
    }

    /// With the brackets themselves.
    let text: String
    let inner: String
    let words: [Word]

    init(_ inner: Substring) {
        self.inner = inner.trimmingSpaces()
        text = "[\(inner)]"
        words = inner.split { " ,;\t".contains($0) }.map { word in
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return Word(key: parts[0].lowercased(), value: parts.count > 1 ? String(parts[1]) : nil)
        }
    }

    /// All brackets that close, the inner one where there are several openings.
    static func all(in label: String) -> [LabelBracket] { places(in: label).map { LabelBracket(label[$0]) } }

    /// Where the inside of each of them stands.
    static func places(in label: String) -> [Range<String.Index>] {
        var result: [Range<String.Index>] = []
        var rest = label[...]
        while let open = rest.firstIndex(of: "[") {
            rest = rest[rest.index(after: open)...]
            guard let close = rest.firstIndex(of: "]") else { break }
            let start = rest[..<close].lastIndex(of: "[").map(rest.index(after:)) ?? rest.startIndex
            result.append(start..<close)
            rest = rest[rest.index(after: close)...]
        }
        return result
    }

    /// Whether it is in the off-hours form of Cloud Custodian.
    var isCustodian: Bool { Self.isCustodian(inner[...]) }

    static func isCustodian(_ inner: Substring) -> Bool {
        inner.lowercased().contains("off=(") || inner.lowercased().contains("on=(")
    }

    func has(_ key: String) -> Bool { words.contains { $0.key == key } }

    func value(of key: String) -> String? { words.last { $0.key == key }?.value }

    /// `[v2]` and `[day]` are somebody's own; what has a word of ours, an equals sign, or almost a word of ours is meant
    /// for us.
    var looksLikeWishes: Bool {
        words.contains { word in
            word.value != nil || LabelDirectives.keys.contains(word.key) || Self.near(word.key) != nil
        }
    }

    /// What is said about a word that does not exist.
    static func unknown(_ key: String) -> String {
        "there is no '\(key)'"
            + (near(key).map { ", did you mean '\($0)'?" } ?? "; there are \(LabelDirectives.keys.joined(separator: ", "))")
    }

    /// The flag that a word misses by one letter.
    private static func near(_ word: String) -> String? {
        ["keep", "freeze", "keep-until", "lease", "lease-until"].first { isOneEdit(Array($0), Array(word)) }
    }

    /// Whether one letter too many, too few, or another makes one of the other.
    private static func isOneEdit(_ wanted: [Character], _ given: [Character]) -> Bool {
        guard wanted != given, abs(wanted.count - given.count) <= 1 else { return false }
        let same = zip(wanted, given).prefix { $0 == $1 }.count
        let (restOfWanted, restOfGiven) = (wanted[same...], given[same...])
        return restOfWanted.dropFirst().elementsEqual(restOfGiven.dropFirst())
            || restOfWanted.dropFirst().elementsEqual(restOfGiven) || restOfWanted.elementsEqual(restOfGiven.dropFirst())
    }
}
