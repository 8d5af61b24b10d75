/// A bracket of a label and the words in it.
struct LabelBracket {
    /// `keep`, `lease=2 days` or `rank=0/8`.
    struct Word {
        /// As it is written, without the value.
        var name: String
        var value: String?
        /// Where it stands in the label, its value included.
        var range: Range<String.Index>

        var key: String { name.lowercased() }

        /// What it protects from, whatever its value is.
        var protection: LabelProtection? { LabelProtection(key) }

        /// Whether it says when or for how long: such a word has an equals sign.
        var isWish: Bool { value != nil && protection == nil && LabelDirectives.valuedKeys.contains(key) }

        /// Whether it is none of ours: somebody's own word.
        var isTag: Bool { protection == nil && !isWish }

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
    let inner: Substring
    let words: [Word]
    /// Whether it is in the off-hours form of Cloud Custodian.
    let isCustodian: Bool

    init(_ inner: Substring) {
        self.inner = inner
        text = "[\(inner)]"
        words = LabelWords.all(in: inner)
        isCustodian = words.contains { word in
            guard ["off", "on"].contains(word.key), let value = word.value else { return false }
            return value.hasPrefix("(") || value.hasPrefix("[(")
        }
    }

    /// All brackets that close, and those within them, in the order in which they open.
    ///
    /// A bracket within a value of somebody's own, such as `x=[1,2]`, belongs to that value, unless something in it is meant for us.
    static func all(in label: String) -> [LabelBracket] {
        guard label.contains("[") else { return [] }
        var result: [LabelBracket] = []
        var open = places(in: label[...]).pairs
        while let place = open.popLast() {
            let bracket = LabelBracket(label[place])
            result.append(bracket)
            open += places(in: bracket.inner).pairs.filter { inside in
                !bracket.words.contains { $0.range.overlaps(inside) } || LabelBracket(label[inside]).isOurs
            }
        }
        return result.sorted { $0.inner.startIndex < $1.inner.startIndex }
    }

    /// Where the inside of each outermost bracket stands, and where those begin that never close.
    static func places(in text: Substring) -> (pairs: [Range<String.Index>], unclosed: [String.Index]) {
        var pairs: [Range<String.Index>] = []
        var open: [String.Index] = []
        for index in text.indices {
            if text[index] == "[" { open.append(text.index(after: index)) }
            guard text[index] == "]", let start = open.popLast() else { continue }
            while let last = pairs.last, last.lowerBound > start { pairs.removeLast() }
            pairs.append(start..<index)
        }
        return (pairs, open)
    }

    func has(_ key: String) -> Bool { words.contains { $0.isWish && $0.key == key } }

    func value(of key: String) -> String? { words.last { $0.isWish && $0.key == key }?.value }

    /// Whether anything in it is meant for us.
    var isOurs: Bool { isCustodian || words.contains { !$0.isTag } }
}
