extension PosixRule {
    /// Reads a rule; nil when the text is none.
    init?(_ text: some StringProtocol) {
        var reader = Reader(rest: Array(text.utf8)[...])
        guard let name = reader.name(), let offset = reader.offset() else { return nil }
        standard = ZoneTable.Kind(offset: -offset, isDaylightSaving: false, abbreviation: name)
        if reader.rest.isEmpty {
            daylight = nil
            return
        }
        guard let other = reader.name() else { return nil }
        let otherOffset: Int64
        if reader.rest.isEmpty || reader.rest.first == UInt8(ascii: ",") {
            otherOffset = offset - 3_600
        } else {
            guard let read = reader.offset() else { return nil }
            otherOffset = read
        }
        // Without dates, the C library takes those of the United States.
        if reader.rest.isEmpty { reader.rest = Array(",M3.2.0,M11.1.0".utf8)[...] }
        guard let start = reader.change(), let end = reader.change(), reader.rest.isEmpty else { return nil }
        let kind = ZoneTable.Kind(offset: -otherOffset, isDaylightSaving: true, abbreviation: other)
        daylight = Daylight(kind: kind, start: start, end: end)
    }

    private struct Reader {
        var rest: ArraySlice<UInt8>

        mutating func take(_ character: Character) -> Bool {
            guard let wanted = character.asciiValue, rest.first == wanted else { return false }
            rest.removeFirst()
            return true
        }

        /// At least three letters, or anything of letters, digits and signs in angle brackets.
        mutating func name() -> String? {
            if take("<") {
                guard let end = rest.firstIndex(of: UInt8(ascii: ">")) else { return nil }
                let name = rest[..<end]
                rest = rest[(end + 1)...]
                let isValid = name.count >= 3 && name.allSatisfy { $0.isLetter || $0.isDigit || "+-".utf8.contains($0) }
                return isValid ? String(decoding: name, as: UTF8.self) : nil
            }
            let name = rest.prefix { $0.isLetter }
            rest = rest.dropFirst(name.count)
            return name.count >= 3 ? String(decoding: name, as: UTF8.self) : nil
        }

        mutating func number(_ range: ClosedRange<Int>) -> Int? {
            let digits = rest.prefix { $0.isDigit }
            guard (1...3).contains(digits.count) else { return nil }
            rest = rest.dropFirst(digits.count)
            let value = digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
            return range.contains(value) ? value : nil
        }

        /// `[+-]hh[:mm[:ss]]` in seconds.
        mutating func time(hours: Int) -> Int64? {
            let isNegative = take("-")
            if !isNegative { _ = take("+") }
            guard let hour = number(0...hours) else { return nil }
            var seconds = hour * 3_600
            if take(":") {
                guard let minute = number(0...59) else { return nil }
                seconds += minute * 60
                if take(":") {
                    guard let second = number(0...59) else { return nil }
                    seconds += second
                }
            }
            return Int64(isNegative ? -seconds : seconds)
        }

        mutating func offset() -> Int64? { time(hours: 24) }

        /// `,date[/time]`
        mutating func change() -> Change? {
            guard take(","), let day = day() else { return nil }
            guard take("/") else { return Change(day: day, time: 7_200) }
            guard let time = time(hours: 167) else { return nil }
            return Change(day: day, time: time)
        }

        mutating func day() -> Day? {
            if take("J") { return number(1...365).map { .julian($0) } }
            guard take("M") else { return number(0...365).map { .zeroBased($0) } }
            guard let month = number(1...12), take("."), let week = number(1...5), take("."), let weekday = number(0...6)
            else { return nil }
            return .month(month, week: week, weekday: weekday)
        }
    }
}

extension UInt8 {
    var isDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }
    var isLetter: Bool { (self | 0x20) >= UInt8(ascii: "a") && (self | 0x20) <= UInt8(ascii: "z") }
}
