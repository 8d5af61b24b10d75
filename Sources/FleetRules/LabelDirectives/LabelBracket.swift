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

    /// All brackets that close, the inner one where there are several openings.
    static func all(in label: String) -> [LabelBracket] { places(in: label).map { LabelBracket(label[$0]) } }

    /// Where the inside of each of them stands. A list of the form of Cloud Custodian, `off=[(M-F,21),(U,18)]`, stands within
    /// its bracket.
    static func places(in label: String) -> [Range<String.Index>] {
        var result: [Range<String.Index>] = []
        var rest = label[...]
        while let open = rest.firstIndex(of: "[") {
            rest = rest[rest.index(after: open)...]
            guard let close = rest.firstIndex(of: "]") else { break }
            if let end = endWithList(rest) {
                result.append(rest.startIndex..<end)
                rest = rest[rest.index(after: end)...]
                continue
            }
            let start = rest[..<close].lastIndex(of: "[").map(rest.index(after:)) ?? rest.startIndex
            result.append(start..<close)
            rest = rest[rest.index(after: close)...]
        }
        return result
    }

    /// Where a bracket closes that has a list within; nil for any other bracket.
    private static func endWithList(_ text: Substring) -> Substring.Index? {
        var isList = false
        var before: Character?
        for index in text.indices {
            switch text[index] {
            case "[":
                guard !isList, before == "=", text[text.index(after: index)...].first == "(" else { return nil }
                isList = true
            case "]":
                if !isList { return text[..<index].contains("[") ? index : nil }
                isList = false
            default: break
            }
            before = text[index]
        }
        return nil
    }

    func has(_ key: String) -> Bool { words.contains { $0.isWish && $0.key == key } }

    func value(of key: String) -> String? { words.last { $0.isWish && $0.key == key }?.value }

    /// Whether anything in it is meant for us.
    var isOurs: Bool { isCustodian || words.contains { !$0.isTag } }
}
