/// A label pattern: only `*` and `?` are special, case does not matter, and a leading `!` negates. After a backslash `*`, `?`, `!`
/// and the backslash itself are letters.
///
/// Brackets are literal, since labels carry bracketed wishes such as `[keep]`.
package struct LabelGlob: Sendable, Equatable {
    private enum Piece: Equatable {
        case anything
        case anyCharacter
        case character(Character)
    }

    /// The pattern as it was written.
    package let pattern: String
    /// Whether the pattern began with `!`: it then matches what the rest does not, the unlabelled included.
    package let isNegated: Bool
    private let pieces: [Piece]

    /// Every text is a pattern; white space around it, and behind a leading `!`, does not count.
    package init(_ pattern: String) {
        self.pattern = pattern
        var text = pattern.trimmingSpaces()
        isNegated = text.hasPrefix("!")
        if isNegated { text = String(text.dropFirst()).trimmingSpaces() }
        pieces = Self.pieces(text.lowercased())
    }

    private static func pieces(_ text: String) -> [Piece] {
        var pieces: [Piece] = []
        var isEscaped = false
        for character in text {
            if isEscaped {
                if !"*?!\\".contains(character) { pieces.append(.character("\\")) }
                pieces.append(.character(character))
                isEscaped = false
            } else {
                switch character {
                case "\\": isEscaped = true
                case "*": pieces.append(.anything)
                case "?": pieces.append(.anyCharacter)
                default: pieces.append(.character(character))
                }
            }
        }
        return isEscaped ? pieces + [.character("\\")] : pieces
    }

    /// What is said when a pattern matches nothing and is perhaps not meant as it is read; nil when there is nothing to say.
    package var hint: String? {
        guard let open = pattern.firstIndex(of: "["), let close = pattern[open...].firstIndex(of: "]") else { return nil }
        let inner = pattern[pattern.index(after: open)..<close]
        let isRange =
            inner.count <= 12
            && zip(inner, zip(inner.dropFirst(), inner.dropFirst(2))).contains { first, rest in
                rest.0 == "-" && first.isLetter == rest.1.isLetter && first < rest.1
            }
        let begins = pattern.drop { "! ".contains($0) }.startIndex == open
        guard !inner.isEmpty, !inner.contains("="), inner.first == "^" || inner.first == "!" || isRange || begins else { return nil }
        return
            "'\(pattern)' matches no label; brackets are letters in a pattern, not a set of them. Alternatives stand in a list: {\"a*\", \"b*\"}"
    }

    /// Whether the label fits, the negation taken into account.
    package func matches(_ label: String) -> Bool {
        matchesIgnoringNegation(label) != isNegated
    }

    private func matchesIgnoringNegation(_ label: String) -> Bool {
        Self.match(pieces, Array(label.trimmingSpaces().lowercased()))
    }

    /// The classic two-pointer wildcard match: linear but for the last `*`, never exponential.
    private static func match(_ pattern: [Piece], _ text: [Character]) -> Bool {
        var (patternIndex, textIndex) = (0, 0)
        var star: (pattern: Int, text: Int)?
        while textIndex < text.count {
            let piece = patternIndex < pattern.count ? pattern[patternIndex] : nil
            if piece == .anything {
                star = (patternIndex, textIndex)
                patternIndex += 1
            } else if piece == .anyCharacter || piece == .character(text[textIndex]) {
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
        return pattern[patternIndex...].allSatisfy { $0 == .anything }
    }

    /// Whether a label fits a list of patterns: any of the positive ones (or none is given), and none of the
    /// negated ones.
    package static func matches(_ label: String, anyOf globs: [LabelGlob]) -> Bool {
        let positive = globs.filter { !$0.isNegated }
        return (positive.isEmpty || positive.contains { $0.matches(label) })
            && globs.filter(\.isNegated).allSatisfy { $0.matches(label) }
    }
}
