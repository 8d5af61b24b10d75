/// A date and a time of day as people write them: `2026-12-24 18:00`, with seconds if wanted, and `T` in place of the
/// space; `Z` or an offset such as `+01:00` makes it an instant in any zone.
package struct WallTime: Equatable, Sendable {
    /// As it was written.
    package let text: String
    /// The day that was written.
    package let date: CivilDate
    /// Seconds after midnight.
    package let time: Int
    /// Seconds east of UTC; nil when the text says nothing.
    package let offset: Int64?

    /// - Throws: ``CalendarError`` with field and column.
    package init(_ text: String) throws(CalendarError) {
        do { try self.init(parsing: text) } catch { throw CalendarHint.better(than: error, for: text, .date) }
    }

    private init(parsing text: String) throws(CalendarError) {
        var reader = Reader(text)
        self.text = text
        date = try reader.date()
        time = try reader.time()
        offset = try reader.offset()
        try reader.end()
    }

    /// The instant in Unix seconds. A time that clocks leave out is the first instant after the gap, and one that comes
    /// twice is its first pass.
    ///
    /// - Parameter zone: counts unless the text has an offset.
    package func instant(in zone: Zone) -> Int64 { resolve(in: zone).instant }

    /// As ``instant(in:)``, and whether clocks leave the time out or show it twice.
    package func resolve(in zone: Zone) -> Zone.Resolution {
        let local = Int64(date.dayNumber) * 86_400 + Int64(time)
        return offset.map { .once(local - $0) } ?? zone.resolve(local)
    }

    private struct Reader {
        private let bytes: [UInt8]
        private var position = 0

        init(_ text: String) {
            bytes = Array(text.utf8)
            skipSpaces()
        }

        mutating func date() throws(CalendarError) -> CivilDate {
            let year = try number("year", digits: 4, 1...9_999)
            try expect("-", "date")
            let month = try number("month", digits: 2, 1...12)
            try expect("-", "date")
            let place = position
            let day = try number("day", digits: 2, 1...31)
            let length = CivilDate.length(ofMonth: month, in: year)
            guard day <= length else {
                let reason = month == 2 && day == 29 ? "\(year) is no leap year" : "that month has \(length) days"
                throw failure("day", "\(CivilDate(year: year, month: month, day: day)) does not exist: \(reason)", at: place)
            }
            return CivilDate(year: year, month: month, day: day)
        }

        /// In seconds after midnight.
        mutating func time() throws(CalendarError) -> Int {
            guard take(" ") || take("T") || take("t") else {
                throw failure(
                    "time", position == bytes.count ? "the time is missing, such as 18:00" : "a space or T stands before the time")
            }
            skipSpaces()
            let place = position
            let hour = try number("hour", digits: 2, 0...24)
            guard hour < 24 else { throw failure("hour", "24:00 is no time of a day; write 00:00 of the next day", at: place) }
            try expect(":", "time")
            let minute = try number("minute", digits: 2, 0...59)
            return hour * 3_600 + minute * 60 + (take(":") ? try number("second", digits: 2, 0...59) : 0)
        }

        mutating func offset() throws(CalendarError) -> Int64? {
            skipSpaces()
            if take("Z") || take("z") { return 0 }
            let isWest = take("-")
            guard isWest || take("+") else { return nil }
            let hour = try number("offset", digits: 2, 0...24)
            _ = take(":")
            let minute = position < bytes.count ? try number("offset", digits: 2, 0...59) : 0
            return Int64(hour * 3_600 + minute * 60) * (isWest ? -1 : 1)
        }

        mutating func end() throws(CalendarError) {
            skipSpaces()
            guard position == bytes.count else {
                let rest = String(decoding: bytes[position...], as: UTF8.self)
                throw failure(nil, "text after the time: '\(rest)'; a zone is given by the option tz")
            }
        }

        private mutating func number(_ field: String, digits: Int, _ range: ClosedRange<Int>) throws(CalendarError) -> Int {
            let start = position
            while position < bytes.count, bytes[position].isDigit { position += 1 }
            guard position > start else { throw failure(field, "a date and a time such as '2026-12-24 18:00' are expected", at: start) }
            guard position - start == digits, let value = Int(String(decoding: bytes[start..<position], as: UTF8.self)) else {
                throw failure(field, "it has \(digits) digits, as in '2026-12-24 18:00'", at: start)
            }
            guard range.contains(value) else {
                throw failure(field, "\(value) is out of range \(range.lowerBound)-\(range.upperBound)", at: start)
            }
            return value
        }

        private mutating func expect(_ character: Unicode.Scalar, _ field: String) throws(CalendarError) {
            guard take(character) else { throw failure(field, "'\(character)' is expected, as in '2026-12-24 18:00'") }
        }

        private mutating func take(_ character: Unicode.Scalar) -> Bool {
            guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
            position += 1
            return true
        }

        private mutating func skipSpaces() {
            while position < bytes.count, bytes[position] == 32 || bytes[position] == 9 { position += 1 }
        }

        private func failure(_ field: String?, _ message: String, at position: Int? = nil) -> CalendarError {
            let before = String(decoding: bytes[..<(position ?? self.position)], as: UTF8.self)
            return CalendarError(field: field, column: before.count + 1, message)
        }
    }
}

extension WallTime: CustomStringConvertible {
    package var description: String { text }
}
