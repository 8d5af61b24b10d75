/// What somebody probably meant by a text that is no schedule, no hours and no date.
enum CalendarHint {
    enum Form {
        case cron
        case hours
        case date
    }

    /// The error that says more than the one that was found, where there is more to say.
    static func better(than error: CalendarError, for text: String, _ form: Form) -> CalendarError {
        let words = Word.all(in: text)
        if let dash = dash(in: text) { return dash }
        switch form {
        case .cron: return cron(words, text) ?? error
        case .hours: return hours(words) ?? error
        case .date: return date(words, text) ?? error
        }
    }

    private struct Word {
        /// In lower case.
        let text: String
        /// Counted from 1.
        let column: Int

        static func all(in text: String) -> [Word] {
            var words: [Word] = []
            var (current, start) = ("", 1)
            for (index, character) in text.enumerated() {
                if character.isWhitespace || ",;".contains(character) {
                    if !current.isEmpty { words.append(Word(text: current.lowercased(), column: start)) }
                    current = ""
                } else {
                    if current.isEmpty { start = index + 1 }
                    current.append(character)
                }
            }
            return current.isEmpty ? words : words + [Word(text: current.lowercased(), column: start)]
        }

        func error(_ message: String) -> CalendarError { CalendarError(column: column, message) }

        func error(_ field: String, _ message: String) -> CalendarError { CalendarError(field: field, column: column, message) }

        /// `18:00`, `8am` or `6pm`.
        var isTime: Bool { text.first?.isNumber == true && text.contains(":") && !isDate }

        /// Whether it ends in am or pm.
        var isTwelveHours: Bool {
            text.split { $0 == "-" }.contains { part in
                let rest = part.drop { $0.isNumber || $0 == ":" || $0 == "." }
                return ["am", "pm", "a.m.", "p.m.", "a.m", "p.m"].contains(String(rest))
            }
        }

        /// `2026-12-24`, with what may follow.
        var isDate: Bool {
            let parts = text.split(separator: "-", omittingEmptySubsequences: false)
            return parts.count >= 3 && parts[0].count == 4 && parts[0].allSatisfy(\.isNumber)
        }

        /// `Europe/Berlin`, `UTC` or `CET`.
        var isZone: Bool {
            let isPath = text.contains("/") && text.first?.isLetter == true
            return isPath || ["utc", "gmt", "cet", "cest", "est", "edt", "pst", "pdt", "cst", "ist", "bst", "jst", "z"].contains(text)
        }
    }

    /// Dashes that look like a hyphen, and come from text programs.
    private static let dashes: Set<Character> = ["–", "—", "−", "‐", "‑", "‒"]

    private static func dash(in text: String) -> CalendarError? {
        guard let place = text.firstIndex(where: dashes.contains) else { return nil }
        return CalendarError(
            column: text.distance(from: text.startIndex, to: place) + 1, "'\(text[place])' is a dash; write a hyphen, '-', in its place")
    }

    private static let zone = "a zone is given by the option tz, such as {tz = \"Europe/Berlin\"}"
    private static let twelve = "times of a day go from 00:00 to 24:00; 7pm is 19:00"

    // MARK: cron

    private static func cron(_ words: [Word], _ text: String) -> CalendarError? {
        guard let first = words.first else { return nil }
        if first.text.hasPrefix("tz=") || first.text.hasPrefix("cron_tz=") { return first.error(zone) }
        if first.text == "@every" || first.text == "every" || first.text.last?.isLetter == true && first.text.first?.isNumber == true {
            return first.error("a rate is no cron expression; write vast.every(\"5m\", fn)")
        }
        if first.text == "@reboot" { return first.error("there is no @reboot; what a script does at its start needs no schedule") }
        if ["hourly", "daily", "midnight", "weekly", "monthly", "yearly", "annually"].contains(first.text) {
            return first.error("did you mean '@\(first.text)'?")
        }
        if let time = words.first(where: \.isTime) {
            return time.error("a cron expression has minute and hour apart; 22:30 each day is '30 22 * * *'")
        }
        if let date = words.first(where: \.isDate) { return date.error("a cron expression repeats; for one date there is vast.at") }
        if let asked = words.first(where: { $0.text == "?" }) { return asked.error("'?' is not known here; write '*'") }
        let fields = text.split(whereSeparator: \.isWhitespace)
        guard fields.count > 5 else { return nil }
        if let place = words.dropFirst(5).first(where: \.isZone) { return place.error(zone) }
        guard fields.count <= 7, fields.allSatisfy({ $0.first?.isLetter != true || $0.count <= 9 }) else { return nil }
        return CalendarError(
            column: 1,
            "\(fields.count) fields, and there are five: minute, hour, day of month, month, day of week; seconds and years are left out")
    }

    // MARK: hours

    private static let dayWords = [
        "weekdays": "mon-fri", "weekday": "mon-fri", "workdays": "mon-fri", "weekend": "sat,sun", "weekends": "sat,sun"
    ]

    private static func hours(_ words: [Word]) -> CalendarError? {
        for word in words {
            if word.isDate { return word.error("hours repeat each week and have no dates; for one date there is vast.at") }
            if word.isTwelveHours { return word.error("time", twelve) }
            if let days = dayWords[word.text] { return word.error("day", "'\(word.text)' is no weekday; write \(days)") }
            if ["daily", "everyday", "every"].contains(word.text) {
                return word.error("day", "'\(word.text)' is no weekday; without days, a time is meant for every day")
            }
            if ["to", "until", "till", "bis", "through"].contains(word.text) {
                return word.error("'\(word.text)' is not known here; a range has a hyphen, such as mon-fri 08:00-19:00")
            }
            if word.isZone { return word.error(zone) }
        }
        return nil
    }

    // MARK: dates

    private static func date(_ words: [Word], _ text: String) -> CalendarError? {
        guard let first = words.first else { return nil }
        if let time = words.first(where: \.isTwelveHours) { return time.error("time", twelve) }
        if first.isTime, words.count == 1 { return first.error("date", "the date is missing, such as 2026-12-24 \(first.text)") }
        if first.text.contains("/") || first.text.split(separator: ".").count == 3, first.text.first?.isNumber == true {
            return first.error("date", "'\(first.text)' is no date; the year stands first, such as 2026-12-24")
        }
        if ["today", "tomorrow", "tonight", "now", "next", "in"].contains(first.text) {
            return first.error("date", "'\(first.text)' is no date; write one such as 2026-12-24 18:00, or a number of Unix seconds")
        }
        if let place = words.first(where: \.isZone) { return place.error(zone) }
        if let dot = text.firstIndex(of: "."), text[..<dot].count { $0 == ":" } == 2 {
            return CalendarError(field: "second", column: text.distance(from: text.startIndex, to: dot) + 1, "seconds have no fractions")
        }
        return nil
    }
}
