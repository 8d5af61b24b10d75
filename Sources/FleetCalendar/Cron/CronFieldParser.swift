/// Reads one field of a cron expression: a list of values, ranges and steps.
struct CronFieldParser {
    private let field: CronField
    private let text: [UInt8]
    /// Where the field starts in the expression, counted from 1.
    private let column: Int
    private var position = 0
    private var set = CronSet()

    private init(_ field: CronField, _ text: ArraySlice<UInt8>, column: Int) {
        self.field = field
        self.text = Array(text)
        self.column = column
    }

    /// - Parameters:
    ///   - text: the field, without spaces.
    ///   - column: where it starts, counted from 1.
    /// - Throws: ``CalendarError`` with field and column.
    static func parse(_ field: CronField, _ text: ArraySlice<UInt8>, column: Int) throws(CalendarError) -> CronSet {
        var parser = CronFieldParser(field, text, column: column)
        repeat { try parser.item() } while try parser.takeComma()
        return parser.set
    }

    // MARK: items

    private mutating func item() throws(CalendarError) {
        guard let next = peek, next != UInt8(ascii: ",") else { throw failure("a value is missing here") }
        if take("*") { return try steps(first: field.range.lowerBound, last: field.range.upperBound) }
        if field == .dayOfMonth, isLetter("l"), !isDigitOrLetter(position + 1) {
            position += 1
            set.hasLastDay = true
            return try endOfItem("after L, the last day of the month")
        }
        let first = try value()
        if field == .dayOfMonth, takeLetter("w") {
            set.nearestWeekdays |= 1 << UInt64(first)
            return try endOfItem("after W, the nearest weekday")
        }
        if field == .dayOfWeek, takeLetter("l") {
            set.lastOccurrences |= 1 << UInt64(first % 7)
            return try endOfItem("after L, the last one of the month")
        }
        if field == .dayOfWeek, take("#") { return try occurrence(of: first % 7) }
        try range(from: first)
    }

    private mutating func occurrence(of weekday: Int) throws(CalendarError) {
        let start = position
        guard let number = number() else { throw failure("a number from 1 to 5 is missing after #") }
        guard (1...5).contains(number) else { throw failure("#\(Self.shown(number)) is out of range 1-5", at: start) }
        set.occurrences[number - 1] |= 1 << UInt64(weekday)
        try endOfItem("after # and its number")
    }

    /// What may follow a first value: `-last`, `/step` or both; nothing, when it stands alone.
    private mutating func range(from first: Int) throws(CalendarError) {
        if take("-") {
            guard peek != nil else { throw failure("the end of the range is missing") }
            let last = try value()
            return try steps(first: first, last: last)
        }
        guard peek != UInt8(ascii: "/") else { return try steps(first: first, last: field.range.upperBound) }
        set.bits |= 1 << UInt64(field == .dayOfWeek ? first % 7 : first)
        try endOfItem("after a value")
    }

    /// Adds a range, which may wrap around, with the step that may follow.
    private mutating func steps(first: Int, last: Int) throws(CalendarError) {
        let size = field.range.count
        // 7 ends a range after Saturday, and begins one before Monday.
        let isSunday = field == .dayOfWeek && first == 7
        let first = isSunday ? 0 : first
        let last = isSunday && last == 7 ? 0 : last
        let count = last >= first ? last - first + 1 : size - first + last + 1
        let step = try step(longest: count)
        for offset in stride(from: 0, to: count, by: step) {
            let lowest = field.range.lowerBound
            set.bits |= 1 << UInt64((first - lowest + offset) % size + lowest)
        }
    }

    private mutating func step(longest: Int) throws(CalendarError) -> Int {
        guard take("/") else {
            try endOfItem("after a range")
            return 1
        }
        let start = position
        guard let step = number() else { throw failure("the step is a number") }
        guard step > 0 else { throw failure("step 0 never gets on", at: start) }
        guard step <= longest else {
            throw failure("step \(Self.shown(step)) is longer than the range of \(longest) value\(longest == 1 ? "" : "s")", at: start)
        }
        try endOfItem("after a step")
        return step
    }

    // MARK: values

    /// A number or a name, within the field's range.
    private mutating func value() throws(CalendarError) -> Int {
        let start = position
        if let number = number() {
            guard number >= field.range.lowerBound, number <= field.largest else {
                throw failure("\(Self.shown(number)) is out of range \(field.range.lowerBound)-\(field.largest)", at: start)
            }
            return number
        }
        let word = word()
        guard !word.isEmpty else {
            if take("-") { throw failure("a value is never negative", at: start) }
            throw failure("'\(character(at: start))' is no value", at: start)
        }
        if let place = place(of: word) { return place }
        // The last L of "friL" belongs to the syntax.
        if field == .dayOfWeek, word.hasSuffix("l"), let place = place(of: String(word.dropLast())) {
            position -= 1
            return place
        }
        throw failure(unknown(word), at: start)
    }

    private func place(of word: String) -> Int? {
        CalendarNames.position(of: word, in: field.names).map { $0 + field.range.lowerBound }
    }

    private func unknown(_ word: String) -> String {
        if let best = NameSuggestion.closest(to: word, among: field.names) {
            return "'\(word)' is no \(field.name), did you mean '\(best.prefix(3))'?"
        }
        return field.names.isEmpty
            ? "'\(word)' is no value; a number from \(field.range.lowerBound) to \(field.range.upperBound) is"
            : "'\(word)' is no value; a number or a name such as '\(field.names[0].prefix(3))' is"
    }

    /// Digits; numbers of more than nine are as good as infinite.
    private mutating func number() -> Int? {
        let start = position
        var value = 0
        while let byte = peek, byte.isDigit {
            value = min(value * 10 + Int(byte - UInt8(ascii: "0")), 1_000_000_000)
            position += 1
        }
        return position > start ? value : nil
    }

    private static func shown(_ number: Int) -> String { number >= 1_000_000_000 ? "the number" : String(number) }

    /// Letters, in lower case.
    private mutating func word() -> String {
        let start = position
        while let byte = peek, byte.isLetter { position += 1 }
        return String(decoding: text[start..<position], as: UTF8.self).lowercased()
    }

    // MARK: characters

    private var peek: UInt8? { position < text.count ? text[position] : nil }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard peek == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private func isLetter(_ letter: Unicode.Scalar) -> Bool { peek.map { $0 | 0x20 == UInt8(ascii: letter) } ?? false }

    private func isDigitOrLetter(_ position: Int) -> Bool {
        position < text.count && (text[position].isDigit || text[position].isLetter)
    }

    private mutating func takeLetter(_ letter: Unicode.Scalar) -> Bool {
        guard isLetter(letter) else { return false }
        position += 1
        return true
    }

    private mutating func takeComma() throws(CalendarError) -> Bool {
        guard take(",") else { return false }
        guard peek != nil else { throw failure("a trailing comma: a value is missing after it", at: position - 1) }
        return true
    }

    private func endOfItem(_ place: String) throws(CalendarError) {
        guard let next = peek, next != UInt8(ascii: ",") else { return }
        throw failure("'\(character(at: position))' cannot stand \(place)")
    }

    private func character(at position: Int) -> String {
        String(decoding: text[position...], as: UTF8.self).first.map(String.init) ?? ""
    }

    private func failure(_ message: String, at position: Int? = nil) -> CalendarError {
        let before = String(decoding: text[..<(position ?? self.position)], as: UTF8.self)
        return CalendarError(field: field.name, column: column + before.count, message)
    }
}
