package import FleetCalendar

/// Changes one wish in a label and leaves every other letter as it is.
package enum LabelEdit {
    package struct Refused: Error, CustomStringConvertible {
        package let description: String
    }

    /// The label with a wish as asked for.
    ///
    /// - Parameters:
    ///   - key: one of ``LabelDirectives/keys``.
    ///   - value: nil takes the wish away; empty is a wish without a value, such as `keep`.
    /// - Throws: ``Refused`` where the result would not say what was asked for.
    package static func setting(_ key: String, to value: String?, in label: String, zone: Zone, zones: ZoneCatalog) throws -> String {
        guard LabelDirectives.keys.contains(key) else { throw Refused(description: unknown(key)) }
        if let value {
            if value.contains(where: { "[]=".contains($0) || LabelWords.isSeparator($0) }) {
                throw Refused(description: "the value of '\(key)' has no spaces, brackets, commas or equals signs")
            }
            if let problem = LabelText.problem(with: value) { throw Refused(description: "the value of '\(key)' \(problem)") }
            if value.isEmpty, !["keep", "freeze"].contains(key) {
                throw Refused(description: "'\(key)' needs a value; without one it would be a tag")
            }
        }
        let before = LabelDirectives(label, zone: zone, zones: zones)
        let result = try edited(label, key, value.map { $0.isEmpty ? key : "\(key)=\($0)" })
        let after = LabelDirectives(result, zone: zone, zones: zones)
        let known = Set(before.problems.map(\.message))
        if let problem = after.problems.first(where: { !known.contains($0.message) }) {
            throw Refused(description: "'\(PrintableText.safe(result))' would not be understood: \(problem)")
        }
        return result
    }

    /// The word of a wish as it stands in a label; nil where it does not.
    package static func word(_ key: String, in label: String) -> String? {
        ours(in: label).flatMap(\.words).last { says($0, key) }.map { String(label[$0.range]) }
    }

    /// What is said about a word that does not exist.
    static func unknown(_ key: String) -> String {
        "there is no '\(key)'"
            + (LabelProtection(key).map { ", did you mean '\($0.word)'?" } ?? "; there are \(LabelDirectives.keys.joined(separator: ", "))")
    }

    private static func edited(_ label: String, _ key: String, _ word: String?) throws -> String {
        let ours = ours(in: label)
        if ours.contains(where: \.isCustodian) {
            throw Refused(description: "the label has the form of Cloud Custodian; change it by hand")
        }
        // The last one counts where a word stands twice.
        for bracket in ours.reversed() {
            guard let place = bracket.words.last(where: { says($0, key) }) else { continue }
            return replacing(label, bracket, place.range, with: word)
        }
        guard let word else { return label }
        guard let last = ours.last else { return label.isEmpty ? "[\(word)]" : "\(label) [\(word)]" }
        var result = label
        result.insert(contentsOf: " \(word)", at: last.inner.endIndex)
        return result
    }

    private static func replacing(_ label: String, _ bracket: LabelBracket, _ place: Range<String.Index>, with word: String?) -> String {
        var result = label
        let inner = bracket.inner
        if let word {
            result.replaceSubrange(place, with: word)
        } else if bracket.words.count == 1 {
            // The bracket goes, with the space before it.
            var start = label.index(before: inner.startIndex)
            if start > label.startIndex, label[label.index(before: start)] == " " { start = label.index(before: start) }
            result.removeSubrange(start..<label.index(after: inner.endIndex))
        } else if place.lowerBound > inner.startIndex {
            let before = inner[..<place.lowerBound].lastIndex { !LabelWords.isSeparator($0) }
            result.removeSubrange((before.map(label.index(after:)) ?? inner.startIndex)..<place.upperBound)
        } else {
            let after = inner[place.upperBound...].firstIndex { !LabelWords.isSeparator($0) }
            result.removeSubrange(place.lowerBound..<(after ?? place.upperBound))
        }
        return result
    }

    /// The brackets that are meant for us.
    private static func ours(in label: String) -> [LabelBracket] { LabelBracket.all(in: label).filter(\.isOurs) }

    /// Whether a word says what a key does; a slip from it does, too.
    private static func says(_ word: LabelBracket.Word, _ key: String) -> Bool {
        word.protection.map { $0.word == key } ?? (word.isWish && word.key == key)
    }
}
