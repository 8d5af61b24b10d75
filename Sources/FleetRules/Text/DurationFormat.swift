import FleetClock

/// The one grammar of lengths of time, in labels, options and scripts: numbers, each with a unit, from the largest unit to
/// the smallest: `"90s"`, `"45 min"`, `"1.5h"`, `"1d12h"`, `"2 days 4 hours"`, `"1w"`.
package enum DurationFormat {
    /// What a number without a unit means.
    package enum BareNumber: Sendable {
        /// Seconds, as in Lua and in options.
        case seconds
        /// Nothing: a person who writes `8` may have meant hours or days.
        case refused
    }

    /// Why a text is not a length.
    package struct ParseError: Error, Equatable, CustomStringConvertible {
        /// The text as it was given.
        package let text: String
        /// What is wrong with it; nil where nothing more can be said.
        package var reason: String?

        package var description: String {
            "\"\(text)\" is not a length; write it like \"90s\", \"45m\", \"2h\" or \"1d12h\"" + (reason.map { " (\($0))" } ?? "")
        }
    }

    private struct Unit {
        let suffix: Character
        let seconds: Double
        let words: [String]
    }

    private static let units = [
        Unit(suffix: "w", seconds: 604_800, words: ["w", "wk", "wks", "week", "weeks"]),
        Unit(suffix: "d", seconds: 86_400, words: ["d", "day", "days"]),
        Unit(suffix: "h", seconds: 3_600, words: ["h", "hr", "hrs", "hour", "hours"]),
        Unit(suffix: "m", seconds: 60, words: ["m", "min", "mins", "minute", "minutes"]),
        Unit(suffix: "s", seconds: 1, words: ["s", "sec", "secs", "second", "seconds"])
    ]

    /// Units of the calendar, whose lengths differ.
    private static let calendarUnits: Set = ["mo", "mon", "mth", "month", "months", "y", "yr", "yrs", "year", "years"]

    /// The longest length that is accepted, in seconds: a thousand years.
    package static let longest = 1_000 * 366 * 86_400.0

    /// Reads a length. Units stand in falling order, each at most once, and spaces may stand between the parts.
    ///
    /// - Returns: the length, zero or longer.
    /// - Throws: ``ParseError``.
    package static func parse(_ text: String, bareNumber: BareNumber = .seconds) throws(ParseError) -> Duration {
        var rest = text.trimmingSpaces()[...]
        guard let first = rest.first else { throw ParseError(text: text) }
        if first == "-" || first == "−" { throw ParseError(text: text, reason: "a length is never negative") }
        var total = 0.0
        var unitsLeft = units[...]
        while !rest.isEmpty {
            let digits = rest.prefix(while: isNumeric)
            guard let count = number(digits) else { throw failure(text, digits, before: rest) }
            rest = rest.dropFirst(digits.count).drop(while: \.isWhitespace)
            let word = rest.prefix(while: \.isLetter)
            if word.isEmpty {
                guard rest.isEmpty, unitsLeft.count == units.count, bareNumber == .seconds else { throw bare(text, digits, rest) }
                total = count
            } else {
                let unit = try unit(word, in: text)
                guard let place = unitsLeft.firstIndex(where: { $0.suffix == unit.suffix }) else {
                    throw ParseError(text: text, reason: "its units do not fall, from weeks to seconds, each once")
                }
                total += count * unit.seconds
                unitsLeft = unitsLeft[(place + 1)...]
            }
            rest = rest.dropFirst(word.count).drop(while: \.isWhitespace)
        }
        guard total <= longest else { throw ParseError(text: text, reason: "it is longer than a thousand years") }
        return .seconds(total)
    }

    /// Whether a word of a text may be meant as part of a length: numbers, units, or both in one.
    static func mayBePart(_ word: String) -> Bool {
        var rest = word[...]
        while !rest.isEmpty {
            rest = rest.drop { isNumeric($0) || "+-–".contains($0) }
            let unit = rest.prefix(while: \.isLetter)
            guard rest.isEmpty || isUnit(unit) else { return false }
            rest = rest.dropFirst(unit.count)
        }
        return !word.isEmpty
    }

    private static func isUnit(_ word: some StringProtocol) -> Bool {
        let word = word.lowercased()
        return calendarUnits.contains(word) || units.contains { $0.words.contains(word) }
    }

    private static func unit(_ word: Substring, in text: String) throws(ParseError) -> Unit {
        let known = word.lowercased()
        if calendarUnits.contains(known) || word == "M" {
            throw ParseError(text: text, reason: "'\(word)' is no unit; months and years have no fixed length, and minutes are 'm'")
        }
        guard let unit = units.first(where: { $0.words.contains(known) }) else {
            throw ParseError(text: text, reason: "'\(word)' is no unit; there are s, m or min, h, d and w")
        }
        return unit
    }

    private static func bare(_ text: String, _ digits: Substring, _ rest: Substring) -> ParseError {
        guard rest.isEmpty else { return ParseError(text: text, reason: "'\(rest.prefix(1))' cannot stand after a number") }
        return ParseError(text: text, reason: "\(digits) has no unit, such as \(digits)h or \(digits)d")
    }

    private static func failure(_ text: String, _ digits: Substring, before rest: Substring) -> ParseError {
        guard digits.isEmpty else {
            // More digits than a number has room for are a number all the same.
            let isLong = digits.allSatisfy { ("0"..."9").contains($0) }
            return ParseError(text: text, reason: isLong ? "it is longer than a thousand years" : "'\(digits)' is no number")
        }
        return ParseError(
            text: text, reason: rest.first == "-" ? "a length is never negative" : "a number is missing before '\(rest.prefix(12))'")
    }

    private static func isNumeric(_ character: Character) -> Bool {
        ("0"..."9").contains(character) || character == "."
    }

    private static func number(_ text: Substring) -> Double? {
        guard text.contains(where: { $0 != "." }), let value = Double(text), value <= longest else { return nil }
        return value
    }

    /// Writes a length with its two largest units of days and less: `2h10m`, `45m`, `12s`, `0s`.
    package static func format(_ length: Duration) -> String {
        let seconds = length.seconds
        if seconds < 0 { return "-" + format(.zero - length) }
        // What rounds to a second is one.
        if seconds > 0, seconds < 0.999_5 { return "\(Int((seconds * 1_000).rounded()))ms" }
        var left = Int64(min(seconds, longest).rounded())
        var parts: [String] = []
        for unit in units.dropFirst() where parts.count < 2 {
            let size = Int64(unit.seconds)
            let count = left / size
            left %= size
            if count > 0 { parts.append("\(count)\(unit.suffix)") } else if !parts.isEmpty { break }
        }
        return parts.isEmpty ? "0s" : parts.joined()
    }
}
