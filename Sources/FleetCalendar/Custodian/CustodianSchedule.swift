/// The off-hours form of Cloud Custodian (c7n/filters/offhours.py), such as `off=[(M-F,21),(U,18)];on=(M-F,6);tz=pt`.
///
/// Days are M T W H F S U, hours 0 to 23. Unlike there, text that is not fully understood is an error, and what is not
/// given is not made up.
package struct CustodianSchedule: Equatable, Sendable {
    /// In the order in which they are written.
    package let switches: [HourSwitch]
    /// What `tz=` says, in lower case; nil when it is absent or blank.
    package let zoneName: String?

    /// Whether a text is meant in this form.
    static func looksLikeOne(_ text: String) -> Bool { text.utf8.contains(UInt8(ascii: "=")) }

    /// - Throws: ``CalendarError`` with field and column.
    package init(_ text: String) throws(CalendarError) {
        var switches: [HourSwitch] = []
        var zoneName: String?
        var seen: Set<String> = []
        for part in Self.parts(text) {
            let (key, value) = try Self.pair(part)
            guard seen.insert(key).inserted else { throw CalendarError(field: key, column: part.column, "'\(key)' is given twice") }
            if key == "tz" {
                zoneName = value.text.isEmpty ? nil : value.text
            } else {
                switches += try Self.entries(value, key)
            }
        }
        guard !switches.isEmpty else { throw CalendarError("'off=' or 'on=' is missing, such as in 'off=(M-F,19);on=(M-F,7);tz=pt'") }
        self.switches = switches
        self.zoneName = zoneName
    }

    /// A piece of the text in lower case, and where it starts, counted from 1.
    private struct Part {
        var text: String
        var column: Int

        /// What is between `separator`s.
        func split(_ separator: Character) -> [Part] {
            var column = column
            return text.split(separator: separator, omittingEmptySubsequences: false).map { piece in
                defer { column += piece.count + 1 }
                return Part(text: String(piece), column: column)
            }
        }

        func dropping(_ first: Int, _ last: Int) -> Part {
            Part(text: String(text.dropFirst(first).dropLast(last)), column: column + first)
        }
    }

    private static func parts(_ text: String) -> [Part] {
        let text = text.lowercased()
        let start = text.prefix { $0.isWhitespace }.count
        let end = text.reversed().prefix { $0.isWhitespace }.count
        let whole = Part(text: text, column: 1).dropping(start, min(end, text.count - start))
        return whole.split(";").filter { !$0.text.isEmpty }
    }

    private static func pair(_ part: Part) throws(CalendarError) -> (key: String, value: Part) {
        let pieces = part.split("=")
        let key = pieces[0].text
        guard ["on", "off", "tz"].contains(key) else {
            throw CalendarError(column: part.column, "'\(key)' is unknown; there are off, on and tz")
        }
        guard pieces.count == 2 else { throw CalendarError(field: key, column: part.column, "'\(key)=' and one value are expected") }
        return (key, pieces[1])
    }

    /// `(days,hour)`, or a list of them in square brackets.
    private static func entries(_ part: Part, _ key: String) throws(CalendarError) -> [HourSwitch] {
        var part = part
        if part.text.hasPrefix("["), part.text.hasSuffix("]") { part = part.dropping(1, 1) }
        guard part.text.hasPrefix("(") else { return [try entry(part, key)] }
        var switches: [HourSwitch] = []
        while true {
            guard part.text.hasPrefix("("), let end = part.text.firstIndex(of: ")") else {
                throw CalendarError(field: key, column: part.column, "(days,hour) is expected, such as (M-F,19)")
            }
            let length = part.text.distance(from: part.text.startIndex, to: end)
            switches.append(try entry(part.dropping(1, part.text.count - length), key))
            part = part.dropping(length + 1, 0)
            if part.text.isEmpty { return switches }
            guard part.text.hasPrefix(",") else {
                throw CalendarError(field: key, column: part.column, "a comma is expected between entries")
            }
            part = part.dropping(1, 0)
        }
    }

    private static func entry(_ part: Part, _ key: String) throws(CalendarError) -> HourSwitch {
        let pieces = part.split(",")
        guard pieces.count == 2 else {
            throw CalendarError(field: key, column: part.column, "days and an hour are expected, such as (M-F,19)")
        }
        let hour = pieces[1]
        guard !hour.text.isEmpty, hour.text.utf8.count <= 4, hour.text.utf8.allSatisfy(\.isDigit), let number = Int(hour.text), number < 24
        else { throw CalendarError(field: key, column: hour.column, "'\(hour.text)' is no hour from 0 to 23") }
        return HourSwitch(isOn: key == "on", days: try days(pieces[0], key), hour: number)
    }

    private static let letters: [Character: Int] = ["u": 0, "m": 1, "t": 2, "w": 3, "h": 4, "f": 5, "s": 6]

    private static func days(_ part: Part, _ key: String) throws(CalendarError) -> UInt64 {
        let ends = part.split("-").map { $0.text.count == 1 ? $0.text.first.flatMap { letters[$0] } : nil }
        guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1] else {
            throw CalendarError(
                field: key, column: part.column, "'\(part.text)' is no day or range of days; days are M T W H F S U")
        }
        return (0...(last - first).flooredRemainder(7)).reduce(0) { $0 | 1 << UInt64((first + $1) % 7) }
    }
}
