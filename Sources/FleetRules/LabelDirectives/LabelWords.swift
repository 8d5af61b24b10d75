/// Divides the inside of a bracket into words.
///
/// Spaces, commas and semicolons stand between words, and spaces may stand around an equals sign. What follows a value and may
/// be meant as part of it belongs to it: `lease=2 days`, `days=mon, wed, fri`, `off=10:00 pm`. So nothing is read as less than
/// it says; a value that cannot be read as a whole is reported.
struct LabelWords {
    private typealias Piece = Range<String.Index>

    static let separators: Set<Character> = [",", ";"]

    static func isSeparator(_ character: Character) -> Bool { character.isWhitespace || separators.contains(character) }

    static func all(in inner: Substring) -> [LabelBracket.Word] {
        var words = LabelWords(inner)
        return words.read()
    }

    private let text: Substring
    private let pieces: [Piece]
    private var position = 0

    private init(_ text: Substring) {
        self.text = text
        pieces = text.split(whereSeparator: Self.isSeparator).map { $0.startIndex..<$0.endIndex }
    }

    private mutating func read() -> [LabelBracket.Word] {
        var words: [LabelBracket.Word] = []
        while position < pieces.count { words.append(word()) }
        return words
    }

    private mutating func word() -> LabelBracket.Word {
        let first = pieces[position]
        position += 1
        var word = LabelBracket.Word(name: String(text[first]), value: nil, range: first)
        if let sign = text[first].firstIndex(of: "="), sign > first.lowerBound {
            word.name = String(text[first.lowerBound..<sign])
            word.value = String(text[text.index(after: sign)..<first.upperBound])
        } else if position < pieces.count, text[pieces[position]].first == "=", !text[first].hasPrefix("="), followsDirectly(position) {
            word.value = String(text[pieces[position]].dropFirst())
            word.range = first.lowerBound..<pieces[position].upperBound
            position += 1
        }
        // `off= 22:00`: the value stands behind a space.
        if word.value == "", position < pieces.count, followsDirectly(position), !beginsWord(position) {
            word.value = String(text[pieces[position]])
            word.range = word.range.lowerBound..<pieces[position].upperBound
            position += 1
        }
        if word.isWish || word.protection == .keepUntil(isExact: true) { takeRest(of: &word) }
        return word
    }

    /// Whether nothing but spaces stands before a piece.
    private func followsDirectly(_ index: Int) -> Bool {
        text[pieces[index - 1].upperBound..<pieces[index].lowerBound].allSatisfy(\.isWhitespace)
    }

    /// Whether a piece is a name with a value, or a word of ours.
    private func beginsWord(_ index: Int) -> Bool {
        let piece = text[pieces[index]]
        return piece.contains("=") || LabelProtection(piece.lowercased()) != nil
            || index + 1 < pieces.count && text[pieces[index + 1]].first == "="
    }

    /// Takes what follows a value and may be meant as part of it.
    private mutating func takeRest(of word: inout LabelBracket.Word) {
        guard let value = word.value, !value.isEmpty, !value.hasPrefix("("), !value.hasPrefix("[(") else { return }
        let key = word.key
        let end = pieces[position...].indices.first { beginsWord($0) || !Self.mayContinue(key, text[pieces[$0]]) && !isBetween($0) }
        guard let last = (position..<(end ?? pieces.count)).last(where: { Self.mayContinue(key, text[pieces[$0]]) }) else { return }
        word.value = ([value] + pieces[position...last].map { String(text[$0]) }).joined(separator: " ")
        word.range = word.range.lowerBound..<pieces[last].upperBound
        position = last + 1
    }

    // MARK: what may be part of a value

    private static let between: Set = [
        "and", "to", "until", "bis", "then", "except", "not", "without", "per", "a", "an", "each", "every", "x", "of",
        "times", "&", "-", "–"
    ]

    private func isBetween(_ index: Int) -> Bool { Self.between.contains(text[pieces[index]].lowercased()) }

    private static let zones: Set = [
        "utc", "gmt", "z", "cet", "cest", "bst", "ist", "jst", "est", "edt", "cst", "cdt", "mst", "mdt", "pst", "pdt", "et", "ct", "mt",
        "pt"
    ]
    private static let more: Set = ["or", "plus", "more", "longer", "extra", "max", "about"]
    private static let days: Set = ["weekday", "weekdays", "weekend", "weekends", "daily", "workdays"]
    private static let dayNames = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

    private static func mayContinue(_ key: String, _ piece: Substring) -> Bool {
        let word = piece.lowercased().trimmingPunctuation
        switch key {
        case "lease": return DurationFormat.mayBePart(word) || more.contains(word)
        case "days": return isDay(word) || days.contains(word)
        case "tz": return word.first.map { "+-–".contains($0) } ?? false
        case "off", "on": return isTime(word)
        default: return isTime(word) || zones.contains(word) || word.first.map { "+-".contains($0) } ?? false
        }
    }

    /// `mon`, `monday` or `mon-fri`.
    private static func isDay(_ word: String) -> Bool {
        let ends = word.split { $0 == "-" || $0 == "–" }
        return !ends.isEmpty && ends.allSatisfy { end in end.count >= 2 && dayNames.contains { $0.hasPrefix(end) } }
    }

    /// `18:00`, `6pm` or `pm`.
    private static func isTime(_ word: String) -> Bool {
        let rest = word.drop { $0.isNumber || $0 == ":" || $0 == "." }
        return word.contains(":") && word.first?.isNumber == true || ["am", "pm", "a.m.", "p.m.", "uhr"].contains(String(rest))
    }
}

extension String {
    /// `(+2h)` is meant as `+2h`.
    fileprivate var trimmingPunctuation: String {
        let isOuter: (Character) -> Bool = { "()\"'!?".contains($0) }
        return String(drop(while: isOuter).reversed().drop(while: isOuter).reversed())
    }
}
