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
        pieces = Self.pieces(of: text)
    }

    /// What stands between separators. A bracket holds together what is in it: `x=[1, 2]`, and one that is no value is a piece of
    /// its own.
    private static func pieces(of text: Substring) -> [Piece] {
        var result: [Piece] = []
        var (start, depth): (String.Index?, Int) = (nil, 0)
        for index in text.indices {
            let character = text[index]
            if depth == 0, isSeparator(character) {
                if let begun = start { result.append(begun..<index) }
                start = nil
                continue
            }
            let begun = start ?? index
            start = begun
            if character == "[" { depth += 1 }
            guard character == "]", depth > 0 else { continue }
            depth -= 1
            if depth == 0, text[begun] == "[" {
                result.append(begun..<text.index(after: index))
                start = nil
            }
        }
        if let start { result.append(start..<text.endIndex) }
        return result
    }

    private mutating func read() -> [LabelBracket.Word] {
        var words: [LabelBracket.Word] = []
        while position < pieces.count {
            // A bracket within is read for itself.
            if text[pieces[position]].first == "[" { position += 1 } else { words.append(word()) }
        }
        return words
    }

    private mutating func word() -> LabelBracket.Word {
        let first = pieces[position]
        position += 1
        var word = LabelBracket.Word(name: String(text[first]), value: nil, range: first)
        if let sign = sign(in: first), sign > first.lowerBound {
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

    /// The equals sign of a name and its value; one within brackets is none.
    private func sign(in piece: Piece) -> String.Index? { text[piece].prefix { $0 != "[" }.firstIndex(of: "=") }

    /// Whether a piece is a name with a value, or a word of ours. `=>` and `>=` are no names.
    private func beginsWord(_ index: Int) -> Bool {
        let piece = pieces[index]
        if LabelProtection(text[piece].lowercased()) != nil { return true }
        if let sign = sign(in: piece) { return text[piece.lowerBound..<sign].contains { $0.isLetter || $0.isNumber } }
        guard index + 1 < pieces.count else { return false }
        let next = text[pieces[index + 1]]
        return next.first == "=" && !["=", ">"].contains(next.dropFirst().first)
    }

    /// Takes what follows a value and may be meant as part of it.
    private mutating func takeRest(of word: inout LabelBracket.Word) {
        guard let value = word.value, !value.isEmpty, !value.hasPrefix("("), !value.hasPrefix("[(") else { return }
        let end = LabelRest.keys.contains(word.key) ? endOfLengthOrDate(word.key, value) : endOfHours(word.key)
        guard end > position else { return }
        word.value = ([value] + pieces[position..<end].map { String(text[$0]) }).joined(separator: " ")
        word.range = word.range.lowerBound..<pieces[end - 1].upperBound
        position = end
    }

    private func endOfHours(_ key: String) -> Int {
        let rest = pieces[position...].indices
        let end = rest.first { beginsWord($0) || !Self.mayContinue(key, text[pieces[$0]]) && !isBetween($0) } ?? pieces.count
        return (position..<end).last { Self.mayContinue(key, text[pieces[$0]]) }.map { $0 + 1 } ?? position
    }

    /// Up to the last piece before the next name that may be more of it: `1h, extended: 2 days` is not one hour.
    private func endOfLengthOrDate(_ key: String, _ value: String) -> Int {
        let rest = pieces[position...].indices
        // `12h=` is no name of anybody's.
        let next = rest.first { beginsWord($0) && text[pieces[$0]].first?.isNumber != true } ?? pieces.count
        let end = (position..<next).reduce(position) { end, index in
            LabelRest.mayContinue(key, text[pieces[index]], isNext: index == end) ? index + 1 : end
        }
        // A number takes the word behind it, which is its unit, perhaps a misspelt one.
        let isNumber = (end == position ? value[...] : text[pieces[end - 1]]).allSatisfy { $0.isNumber || $0 == "." }
        return key == "lease" && isNumber && end < next && text[pieces[end]].allSatisfy(\.isLetter) ? end + 1 : end
    }

    // MARK: what may be part of a value

    private static let between: Set = [
        "and", "to", "until", "bis", "then", "except", "not", "without", "per", "a", "an", "each", "every", "x", "of",
        "times", "&", "-", "–"
    ]

    private func isBetween(_ index: Int) -> Bool { Self.between.contains(text[pieces[index]].lowercased()) }

    private static let days: Set = ["weekday", "weekdays", "weekend", "weekends", "daily", "workdays"]
    private static let dayNames = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

    private static func mayContinue(_ key: String, _ piece: Substring) -> Bool {
        let word = piece.lowercased().trimmingPunctuation
        switch key {
        case "days": return isDay(word) || days.contains(word)
        case "tz": return word.first.map { "+-–".contains($0) } ?? false
        default: return isTime(word)
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
