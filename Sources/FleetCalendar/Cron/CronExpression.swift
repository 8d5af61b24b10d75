/// A cron expression: a set of local wall-clock minutes, without a zone.
///
/// It has five fields, lists, ranges that may wrap (`fri-mon`, `22-2`), steps (`*/15`, `5/15`, `10-40/7`), English names,
/// `L`, `15W`, `fri#2`, `5L`, and the macros `@hourly` to `@yearly`.
package struct CronExpression: Sendable {
    /// As it was written.
    package let text: String
    /// Things that are allowed and often not meant, in plain words.
    package let warnings: [String]
    /// Whether the hour field is exactly `*`: such a job follows real hours through changes of the clock.
    package let isHourly: Bool
    let minutes: UInt64
    let hours: UInt64
    /// Bits 1 to 12.
    let months: UInt64
    let days: CronDays

    /// - Throws: ``CalendarError`` that names field and column.
    package init(_ text: String) throws(CalendarError) {
        do { try self.init(parsing: text) } catch { throw CalendarHint.better(than: error, for: text, .cron) }
    }

    private init(parsing text: String) throws(CalendarError) {
        let parts = try Self.fields(text)
        var sets: [CronSet] = []
        for (field, part) in zip(CronField.allCases, parts) {
            sets.append(try CronFieldParser.parse(field, part.text, column: part.column))
        }
        self.text = text
        (minutes, hours, months) = (sets[0].bits, sets[1].bits, sets[3].bits)
        isHourly = parts[1].text.elementsEqual("*".utf8)
        days = CronDays(ofMonth: sets[2], ofWeek: sets[4])
        warnings =
            days.isEither
            ? ["day of month and day of week are both restricted, so either is enough: it fires on each day that matches one of them"]
            : []
        guard days.exist(in: months) else {
            throw CalendarError(
                field: CronField.dayOfMonth.name, column: parts[2].column,
                "a date that never exists: no month of the schedule has such a day")
        }
    }

    // MARK: fields

    private typealias Part = (text: ArraySlice<UInt8>, column: Int)

    private static func fields(_ text: String) throws(CalendarError) -> [Part] {
        let parts = split(text)
        if let first = parts.first, first.text.first == UInt8(ascii: "@") { return try macro(parts) }
        guard parts.count >= CronField.allCases.count else {
            let missing = CronField.allCases[parts.count]
            throw CalendarError(
                field: missing.name, column: text.count + 1,
                "five fields are expected (minute, hour, day of month, month, day of week), got \(parts.count)")
        }
        guard parts.count == CronField.allCases.count else { throw surplus(parts[CronField.allCases.count], after: "the five fields") }
        return parts
    }

    private static func surplus(_ part: Part, after place: String) -> CalendarError {
        CalendarError(column: part.column, "text after \(place): '\(String(decoding: part.text, as: UTF8.self))'")
    }

    /// The words of a text and where they start, counted in characters from 1.
    private static func split(_ text: String) -> [Part] {
        let bytes = Array(text.utf8)
        var parts: [Part] = []
        var position = 0
        while position < bytes.count {
            if isSpace(bytes[position]) {
                position += 1
                continue
            }
            let end = bytes[position...].firstIndex(where: isSpace) ?? bytes.count
            let column =
                bytes[..<position].allSatisfy { $0 < 0x80 }
                ? position + 1 : String(decoding: bytes[..<position], as: UTF8.self).count + 1
            parts.append((bytes[position..<end], column))
            position = end
        }
        return parts
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 32 || (9...13).contains(byte) }

    // MARK: macros

    private static let macros: KeyValuePairs = [
        "@hourly": "0 * * * *", "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@weekly": "0 0 * * 0",
        "@monthly": "0 0 1 * *", "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *"
    ]

    private static func macro(_ parts: [Part]) throws(CalendarError) -> [Part] {
        let name = String(decoding: parts[0].text, as: UTF8.self).lowercased()
        guard let macro = macros.first(where: { $0.key == name }) else {
            let hint = NameSuggestion.closest(to: name, among: macros.map(\.key)).map { ", did you mean '\($0)'?" }
            throw CalendarError(
                column: parts[0].column, "unknown macro '\(name)'\(hint ?? "; there are \(macros.map(\.key).joined(separator: " "))")")
        }
        if parts.count > 1 { throw surplus(parts[1], after: "the macro") }
        return split(macro.value).map { ($0.text, parts[0].column) }
    }
}

extension CronExpression: CustomStringConvertible {
    package var description: String { text }
}
