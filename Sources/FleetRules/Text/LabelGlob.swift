/// A label pattern: only `*` and `?` are special, case does not matter, and a leading `!` negates.
///
/// Brackets are literal, since labels carry bracketed wishes such as `[keep]`.
package struct LabelGlob: Sendable, Equatable {
    /// The pattern as it was written.
    package let pattern: String
    /// Whether the pattern began with `!`: it then matches what the rest does not, the unlabelled included.
    package let isNegated: Bool
    private let characters: [Character]

    package init(_ pattern: String) {
        self.pattern = pattern
        var text = pattern.trimmingSpaces()
        isNegated = text.hasPrefix("!")
        if isNegated { text = String(text.dropFirst()).trimmingSpaces() }
        characters = Array(text.lowercased())
    }

    /// Whether the label fits, the negation taken into account.
    package func matches(_ label: String) -> Bool {
        matchesIgnoringNegation(label) != isNegated
    }

    private func matchesIgnoringNegation(_ label: String) -> Bool {
        Self.match(characters, Array(label.trimmingSpaces().lowercased()))
    }

    /// The classic two-pointer wildcard match: linear but for the last `*`, never exponential.
    private static func match(_ pattern: [Character], _ text: [Character]) -> Bool {
        var (patternIndex, textIndex) = (0, 0)
        var star: (pattern: Int, text: Int)?
        while textIndex < text.count {
            if patternIndex < pattern.count, pattern[patternIndex] == "*" {
                star = (patternIndex, textIndex)
                patternIndex += 1
            } else if patternIndex < pattern.count,
                pattern[patternIndex] == "?" || pattern[patternIndex] == text[textIndex]
            {
                patternIndex += 1
                textIndex += 1
            } else if let last = star {
                star = (last.pattern, last.text + 1)
                patternIndex = last.pattern + 1
                textIndex = last.text + 1
            } else {
                return false
            }
        }
        return pattern[patternIndex...].allSatisfy { $0 == "*" }
    }

    /// Whether a label fits a list of patterns: any of the positive ones (or none is given), and none of the
    /// negated ones.
    package static func matches(_ label: String, anyOf globs: [LabelGlob]) -> Bool {
        let positive = globs.filter { !$0.isNegated }
        return (positive.isEmpty || positive.contains { $0.matches(label) })
            && globs.filter(\.isNegated).allSatisfy { $0.matches(label) }
    }
}
