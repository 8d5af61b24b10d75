package import FleetCalendar

/// Changes one wish in a label and leaves every other letter as it is.
package enum LabelEdit {
    /// Why a label is not edited: the result would not say what was asked for.
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
            if value.contains(where: { "[]=".contains($0) || !listed.contains(key) && LabelWords.isSeparator($0) }) {
                throw Refused(description: "the value of '\(key)' has no spaces, brackets, commas or equals signs\(unspaced(key, value))")
            }
            if let problem = LabelText.problem(with: value) { throw Refused(description: "the value of '\(key)' \(problem)") }
            if value.isEmpty, !["keep", "freeze"].contains(key) {
                throw Refused(description: "'\(key)' needs a value; without one it would be a tag")
            }
        }
        let before = LabelDirectives(label, zone: zone, zones: zones)
        let word = value.map { $0.isEmpty ? key : "\(key)=\($0)" }
        let result = try edited(withoutRepeated(key, in: label), key, word)
        let after = LabelDirectives(result, zone: zone, zones: zones)
        let known = Set(before.problems.map(\.message))
        if let problem = after.problems.first(where: { !known.contains($0.message) }) {
            throw Refused(description: "'\(PrintableText.safe(result))' would not be understood: \(problem)")
        }
        if value != nil, key == "lease", after.lease == nil {
            throw Refused(
                description: "'\(PrintableText.safe(result))' would be no lease beside what else it says of one; change it by hand")
        }
        if let word, Self.word(key, in: result) != word {
            throw Refused(description: "'\(PrintableText.safe(result))' would not say '\(word)'; change it by hand")
        }
        return result
    }

    /// The word of a wish as it stands in a label, the last one where it stands twice; nil where it does not.
    package static func word(_ key: String, in label: String) -> String? { words(key, in: label).last }

    /// All words of a wish as they stand in a label.
    package static func words(_ key: String, in label: String) -> [String] {
        ours(in: label).flatMap(\.words).filter { says($0, key) }.map { String(label[$0.range]) }
    }

    /// Values that may have several parts, which is seen to when the whole label is read.
    private static let listed: Set = ["off", "on", "days"]

    /// A length or a time that people write with blanks, as labels may have it, in the form of one word; anything else as it is.
    package static func oneWord(_ key: String, _ value: String) -> String {
        let parts = value.split(whereSeparator: \.isWhitespace)
        let text = parts.joined(separator: key.hasSuffix("-until") ? "T" : "")
        let isLength = key == "lease" && (try? DurationFormat.parse(text, bareNumber: .refused)) != nil
        let isTime = key.hasSuffix("-until") && (try? WallTime(text)) != nil
        return isLength || isTime ? text : parts.joined(separator: " ")
    }

    /// How a value with spaces is written without them, as part of a message.
    private static func unspaced(_ key: String, _ value: String) -> String {
        let text = oneWord(key, value)
        return text.contains(where: \.isWhitespace) ? "" : "; write it as '\(text)'"
    }

    /// The label with the last one only of a wish that stands several times and counts once. Hours and zones belong to their
    /// brackets.
    private static func withoutRepeated(_ key: String, in label: String) -> String {
        guard LabelProtection.words.contains(key) || LabelRest.keys.contains(key) else { return label }
        var result = label
        while words(key, in: result).count > 1, !ours(in: result).contains(where: \.isCustodian) {
            guard let bracket = ours(in: result).first(where: { $0.words.contains { says($0, key) } }),
                let word = bracket.words.first(where: { says($0, key) })
            else { break }
            result = replacing(result, bracket, word.range, with: nil)
        }
        return result
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
        } else if (inner[..<place.lowerBound] + inner[place.upperBound...]).allSatisfy(LabelWords.isSeparator) {
            // The bracket goes, with the space before it, or behind it at the beginning.
            var (start, end) = (label.index(before: inner.startIndex), label.index(after: inner.endIndex))
            if start > label.startIndex {
                if label[label.index(before: start)] == " " { start = label.index(before: start) }
            } else if end < label.endIndex, label[end] == " " {
                end = label.index(after: end)
            }
            result.removeSubrange(start..<end)
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
