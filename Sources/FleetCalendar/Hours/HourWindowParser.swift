/// Reads windows: `mon-fri 08:00-19:00; sat,sun 10:00-24:00`.
///
/// A semicolon begins anew. Within a part, days come before times and hold for all times that follow; without days, a
/// time is meant for every day. Ranges of days may wrap, and times may cross midnight.
struct HourWindowParser {
    private let text: [UInt8]
    private var position = 0
    private var windows: [HourWindow] = []
    /// The days for the times that follow.
    private var days: UInt64?
    /// Where days were written for which no time has followed.
    private var openDays: Int?

    private init(_ text: String) {
        self.text = Array(text.utf8)
    }

    /// - Throws: ``CalendarError`` with field and column.
    static func parse(_ text: String) throws(CalendarError) -> [HourWindow] {
        var parser = HourWindowParser(text)
        try parser.parts()
        return parser.windows
    }

    private mutating func parts() throws(CalendarError) {
        var separator: UInt8?
        while true {
            skipSpaces()
            guard let next = peek else { break }
            if Self.isSeparator(next) {
                // A semicolon may stand last; a comma needs something on both sides.
                guard separator == nil, !windows.isEmpty || openDays != nil else { throw failure(nil, "days or times are missing here") }
                separator = next
                position += 1
                if next == UInt8(ascii: ";") { try endOfPart() }
                continue
            }
            if next.isLetter { try dayRange() } else { try timeRange() }
            separator = nil
        }
        if separator == UInt8(ascii: ",") { throw failure(nil, "a trailing comma: days or times are missing after it", at: text.count - 1) }
        try endOfPart()
        guard !windows.isEmpty else { throw failure(nil, "a window such as 'mon-fri 08:00-19:00' is expected") }
    }

    private mutating func endOfPart() throws(CalendarError) {
        if let openDays { throw failure("time", "these days have no time; write 'mon-fri 08:00-19:00'", at: openDays) }
        days = nil
    }

    // MARK: days

    private mutating func dayRange() throws(CalendarError) {
        let start = position
        let first = try weekday()
        skipSpaces()
        var last = first
        if take("-") {
            skipSpaces()
            last = try weekday()
        }
        // Days after a time begin a new list.
        var set = openDays == nil ? 0 : days ?? 0
        for offset in 0...(last - first).flooredRemainder(7) { set |= 1 << UInt64((first + offset) % 7) }
        days = set
        openDays = openDays ?? start
    }

    private mutating func weekday() throws(CalendarError) -> Int {
        let start = position
        while let next = peek, next.isLetter { position += 1 }
        let word = String(decoding: text[start..<position], as: UTF8.self).lowercased()
        if let weekday = CalendarNames.position(of: word, in: CalendarNames.weekdays) { return weekday }
        guard !word.isEmpty else { throw failure("day", "a weekday is missing here") }
        let names = CalendarNames.weekdays
        let hint =
            NameSuggestion.closest(to: word, among: names) ?? NameSuggestion.closest(to: word, among: names.map { String($0.prefix(3)) })
        throw failure("day", "'\(word)' is no weekday" + (hint.map { ", did you mean '\($0.prefix(3))'?" } ?? ""), at: start)
    }

    // MARK: times

    private mutating func timeRange() throws(CalendarError) {
        let start = position
        let opening = try time()
        guard opening < 1_440 else { throw failure("time", "24:00 can only end a window; write 00:00", at: start) }
        skipSpaces()
        guard take("-") else { throw failure("time", "a window has two times, such as 08:00-19:00") }
        skipSpaces()
        let place = position
        let closing = try time()
        guard opening != closing else {
            throw failure("time", "a window that ends as it begins is empty; write 00:00-24:00 for the whole day", at: place)
        }
        if let next = peek, !Self.isSeparator(next), !Self.isSpace(next) {
            throw failure("time", "'\(character)' cannot stand after a time")
        }
        windows.append(HourWindow(days: days ?? 0b111_1111, start: opening, end: closing))
        openDays = nil
    }

    /// `hh:mm` in minutes; up to 24:00.
    private mutating func time() throws(CalendarError) -> Int {
        let start = position
        let hour = digits()
        guard let hour else {
            throw failure("time", peek == nil ? "a time such as 19:00 is missing" : "'\(character)' is no time; write 08:00")
        }
        guard take(":") else { throw failure("time", "a time needs its minutes; write \(min(hour, 24).padded(2)):00", at: start) }
        let place = position
        guard let minute = digits(), position == place + 2 else { throw failure("time", "minutes have two digits", at: place) }
        guard hour <= 24, minute <= 59, hour < 24 || minute == 0 else {
            throw failure("time", "\(hour):\(minute.padded(2)) is out of range 00:00-24:00", at: start)
        }
        return hour * 60 + minute
    }

    /// One or two digits.
    private mutating func digits() -> Int? {
        let start = position
        while let next = peek, next.isDigit, position < start + 2 { position += 1 }
        return Int(String(decoding: text[start..<position], as: UTF8.self))
    }

    // MARK: characters

    private var peek: UInt8? { position < text.count ? text[position] : nil }

    private var character: String { String(decoding: text[position...], as: UTF8.self).first.map(String.init) ?? "" }

    private static func isSeparator(_ byte: UInt8) -> Bool { byte == UInt8(ascii: ";") || byte == UInt8(ascii: ",") }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 32 || (9...13).contains(byte) }

    private mutating func skipSpaces() {
        while let next = peek, Self.isSpace(next) { position += 1 }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard peek == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private func failure(_ field: String?, _ message: String, at position: Int? = nil) -> CalendarError {
        let before = String(decoding: text[..<(position ?? self.position)], as: UTF8.self)
        return CalendarError(field: field, column: before.count + 1, message)
    }
}
