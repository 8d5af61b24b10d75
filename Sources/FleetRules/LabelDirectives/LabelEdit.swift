package import FleetCalendar

/// Changes one wish in a label and leaves every other letter as it is.
package enum LabelEdit {
    package struct Refused: Error, CustomStringConvertible {
        package let description: String
    }

    private static let separators = " ,;\t"

    /// The label with a wish as asked for.
    ///
    /// - Parameters:
    ///   - key: one of ``LabelDirectives/keys``.
    ///   - value: nil takes the wish away; empty is a wish without a value, such as `keep`.
    /// - Throws: ``Refused`` where the result would not say what was asked for.
    package static func setting(_ key: String, to value: String?, in label: String, zone: Zone, zones: ZoneCatalog) throws -> String {
        guard LabelDirectives.keys.contains(key) else { throw Refused(description: LabelBracket.unknown(key)) }
        if let value, value.contains(where: { "[]=".contains($0) || separators.contains($0) || $0.isNewline }) {
            throw Refused(description: "the value of '\(key)' has no spaces, brackets, commas or equals signs")
        }
        let before = LabelDirectives(label, zone: zone, zones: zones)
        let result = try edited(label, key, value.map { $0.isEmpty ? key : "\(key)=\($0)" })
        let after = LabelDirectives(result, zone: zone, zones: zones)
        if let problem = after.problems.first(where: { !before.problems.map(\.description).contains($0.description) }) {
            throw Refused(description: "'\(result)' would not be understood: \(problem)")
        }
        return result
    }

    /// The word of a wish as it stands in a label; nil where it does not.
    package static func word(_ key: String, in label: String) -> String? {
        let all = brackets(of: label).flatMap { words(in: label, $0) }
        return all.last { name(label[$0]) == key }.map { String(label[$0]) }
    }

    private static func edited(_ label: String, _ key: String, _ word: String?) throws -> String {
        let ours = brackets(of: label)
        for bracket in ours where LabelBracket.isCustodian(label[bracket]) {
            throw Refused(description: "the label has the form of Cloud Custodian; change it by hand")
        }
        // The last one counts where a word stands twice.
        for bracket in ours.reversed() {
            guard let place = words(in: label, bracket).last(where: { name(label[$0]) == key }) else { continue }
            return replacing(label, bracket, place, with: word)
        }
        guard let word else { return label }
        guard let last = ours.last else { return label.isEmpty ? "[\(word)]" : "\(label) [\(word)]" }
        var result = label
        result.insert(contentsOf: words(in: label, last).isEmpty ? word : " \(word)", at: last.upperBound)
        return result
    }

    private static func replacing(_ label: String, _ bracket: Range<String.Index>, _ place: Range<String.Index>, with word: String?)
        -> String
    {
        var result = label
        if let word {
            result.replaceSubrange(place, with: word)
        } else if words(in: label, bracket).count == 1 {
            // The bracket goes, with the space before it.
            var start = label.index(before: bracket.lowerBound)
            if start > label.startIndex, label[label.index(before: start)] == " " { start = label.index(before: start) }
            result.removeSubrange(start..<label.index(after: bracket.upperBound))
        } else if place.lowerBound > bracket.lowerBound {
            let before = label[bracket.lowerBound..<place.lowerBound].lastIndex { !separators.contains($0) }
            result.removeSubrange((before.map(label.index(after:)) ?? bracket.lowerBound)..<place.upperBound)
        } else {
            let after = label[place.upperBound..<bracket.upperBound].firstIndex { !separators.contains($0) }
            result.removeSubrange(place.lowerBound..<(after ?? place.upperBound))
        }
        return result
    }

    /// What stands inside each bracket that is meant for us.
    private static func brackets(of label: String) -> [Range<String.Index>] {
        LabelBracket.places(in: label).filter { LabelBracket(label[$0]).looksLikeWishes }
    }

    private static func words(in label: String, _ bracket: Range<String.Index>) -> [Range<String.Index>] {
        label[bracket].split { separators.contains($0) }.map { $0.startIndex..<$0.endIndex }
    }

    private static func name(_ word: Substring) -> String { (word.split(separator: "=").first ?? "").lowercased() }
}
