/// What people are told about words that ask for nothing and are perhaps meant to: `leese=8h`, `lease: 8h`, `keep-anna`.
extension LabelTags {
    /// One line for each; the words are tags all the same.
    package static func hints(in label: String) -> [String] {
        var hints: [String] = []
        for bracket in LabelBracket.all(in: label) where !bracket.isCustodian {
            for (index, word) in bracket.words.enumerated() where word.isTag {
                let hint = hint(word, bracket.words[(index + 1)...].first) ?? keepHint(word)
                if let hint, !hints.contains(hint) { hints.append(hint) }
            }
        }
        return hints + unclosed(in: label)
    }

    private static func hint(_ word: LabelBracket.Word, _ next: LabelBracket.Word?) -> String? {
        let name = word.key.drop { !$0.isLetter }
        let head = String(name.prefix { $0.isLetter || $0 == "-" || $0 == "_" }.reversed().drop { !$0.isLetter }.reversed())
        guard let meant = meant(head) else { return nil }
        let rest = trimmed(name.dropFirst(head.count))
        if let value = word.value {
            return rest.isEmpty && isValue(value, of: meant, hasSign: true) ? text("\(word.name)=\(value)", meant) : nil
        }
        if !rest.isEmpty { return isValue(rest, of: meant, hasSign: false) ? text(word.name, meant) : nil }
        guard let next, next.value == nil, isValue(next.name, of: meant, hasSign: false) else { return nil }
        return text("\(word.name) \(next.name)", meant)
    }

    private static func meant(_ head: String) -> String? {
        if ["off", "on", "lease", "lease-until"].contains(head) { return head }
        return head == "please" ? nil : LabelProtection.slip(head, from: ["lease", "lease-until"])
    }

    private static func text(_ written: String, _ meant: String) -> String {
        "'\(written)' is a tag and \(meant.hasPrefix("lease") ? "ends" : "switches") nothing, did you mean '\(meant)='?"
    }

    private static func isValue(_ text: String, of word: String, hasSign: Bool) -> Bool {
        let value = trimmed(text[...])
        switch word {
        case "lease-until": return hasSign || value.first?.isNumber == true
        case "lease" where hasSign: return (try? DurationFormat.parse(value, bareNumber: .refused)) != nil
        case "lease": return value.first?.isNumber == true
        default: return value.first?.isNumber == true && value.contains(":")
        }
    }

    /// Without punctuation around it.
    private static func trimmed(_ text: Substring) -> String {
        let isOuter: (Character) -> Bool = { !$0.isLetter && !$0.isNumber }
        return String(text.drop(while: isOuter).reversed().drop(while: isOuter).reversed())
    }

    private static func keepHint(_ word: LabelBracket.Word) -> String? {
        let key = word.key
        guard word.value == nil, key != "keep-alive" else { return nil }
        guard key.hasPrefix("keep-") || key.split(whereSeparator: { "/|+&".contains($0) }).contains("keep") else { return nil }
        return "'\(word.name)' is a tag and protects nothing, did you mean 'keep'?"
    }

    /// A bracket that never closes is no bracket.
    private static func unclosed(in label: String) -> [String] {
        guard label.contains("[") else { return [] }
        let starts = LabelBracket.places(in: label[...]).unclosed
        return starts.compactMap { start in
            let inner = label[start...].prefix { $0 != "[" && $0 != "]" }
            return LabelBracket(inner).isOurs ? "the bracket '[\(inner)' is not closed, and what it says does not count" : nil
        }
    }
}
