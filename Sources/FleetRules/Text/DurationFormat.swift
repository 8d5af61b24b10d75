import FleetClock

/// Lengths of time as people write them: `"90s"`, `"45m"`, `"2h"`, `"1d12h"`.
package enum DurationFormat {
    private static let units: [(suffix: Character, seconds: Double)] = [("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)]

    /// Why a text is not a length.
    package struct ParseError: Error, Equatable, CustomStringConvertible {
        /// The text as it was given.
        package let text: String
        package var description: String { "\"\(text)\" is not a length; write it like \"90s\", \"45m\", \"2h\" or \"1d12h\"" }
    }

    /// Reads a length; units stand in falling order, each at most once, and a bare number is seconds.
    ///
    /// - Returns: the length, zero or longer.
    /// - Throws: ``ParseError``.
    package static func parse(_ text: String) throws(ParseError) -> Duration {
        let failure = ParseError(text: text)
        let trimmed = text.trimmingSpaces()
        if let plain = number(trimmed[...]) { return .seconds(plain) }
        var rest = trimmed[...]
        var unitsLeft = units[...]
        var total = 0.0
        guard !rest.isEmpty else { throw failure }
        while !rest.isEmpty {
            guard let end = rest.firstIndex(where: { !isNumeric($0) }), let count = number(rest[..<end]),
                let unit = unitsLeft.firstIndex(where: { $0.suffix == rest[end] })
            else { throw failure }
            total += count * units[unit].seconds
            unitsLeft = unitsLeft[(unit + 1)...]
            rest = rest[rest.index(after: end)...]
        }
        guard total <= longest else { throw failure }
        return .seconds(total)
    }

    /// The longest length that is accepted: a thousand years.
    private static let longest = 1_000 * 366 * 86_400.0

    private static func isNumeric(_ character: Character) -> Bool {
        ("0"..."9").contains(character) || character == "."
    }

    private static func number(_ text: Substring) -> Double? {
        guard !text.isEmpty, text.allSatisfy(isNumeric), let value = Double(text), value <= longest else { return nil }
        return value
    }

    /// Writes a length with its two largest units: `2h10m`, `45m`, `12s`, `0s`.
    package static func format(_ length: Duration) -> String {
        let seconds = length.seconds
        if seconds < 0 { return "-" + format(.zero - length) }
        if seconds > 0, seconds < 1 { return "\(Int((seconds * 1_000).rounded()))ms" }
        var left = Int64(min(seconds, longest).rounded())
        var parts: [String] = []
        for unit in units where parts.count < 2 {
            let size = Int64(unit.seconds)
            let count = left / size
            left %= size
            if count > 0 { parts.append("\(count)\(unit.suffix)") } else if !parts.isEmpty { break }
        }
        return parts.isEmpty ? "0s" : parts.joined()
    }
}
