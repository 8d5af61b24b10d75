/// A rule for a zone's clock in POSIX's form, such as `CET-1CEST,M3.5.0,M10.5.0/3`, with the extension of RFC 9636 that
/// times may be from -167 to 167 hours. It stands in the footer of zone files and in the variable `TZ`.
struct PosixRule: Equatable, Sendable {
    /// The day on which a change happens.
    enum Day: Equatable, Sendable {
        /// From 1 to 365; 29 February is never counted.
        case julian(Int)
        /// From 0 to 365; 29 February is counted.
        case zeroBased(Int)
        /// The weekday's nth occurrence in the month; 5 is the last.
        case month(Int, week: Int, weekday: Int)
    }

    struct Change: Equatable, Sendable {
        let day: Day
        /// Seconds after local midnight.
        let time: Int64
    }

    struct Daylight: Equatable, Sendable {
        let kind: ZoneTable.Kind
        let start: Change
        let end: Change
    }

    let standard: ZoneTable.Kind
    let daylight: Daylight?

    /// The changes of a year, in the order in which they are written.
    func changes(in year: Int, _ daylight: Daylight) -> [(start: Int64, kind: ZoneTable.Kind)] {
        [
            // At the same instant the start of daylight saving counts: such a rule means the whole year.
            (Self.local(daylight.end, year) - daylight.kind.offset, standard),
            (Self.local(daylight.start, year) - standard.offset, daylight.kind)
        ]
    }

    /// The local time of a change in seconds, as if it were UTC.
    private static func local(_ change: Change, _ year: Int) -> Int64 {
        Int64(dayNumber(change.day, year)) * 86_400 + change.time
    }

    private static func dayNumber(_ day: Day, _ year: Int) -> Int {
        let newYear = CivilDate(year: year, month: 1, day: 1).dayNumber
        switch day {
        case .julian(let day): return newYear + day - 1 + (CivilDate.isLeap(year) && day > 59 ? 1 : 0)
        case .zeroBased(let day): return newYear + day
        case .month(let month, let week, let weekday):
            let first = CivilDate(year: year, month: month, day: 1).dayNumber
            let length = CivilDate.length(ofMonth: month, in: year)
            var offset = (weekday - CivilDate.weekday(first)).flooredRemainder(7) + (week - 1) * 7
            while offset >= length { offset -= 7 }
            return first + offset
        }
    }
}
