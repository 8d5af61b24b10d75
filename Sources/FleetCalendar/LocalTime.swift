/// What clock and calendar on the wall show at an instant.
package struct LocalTime: Equatable, Sendable {
    /// The day on the wall calendar, which may be another one than in UTC.
    package let date: CivilDate
    /// 0 to 23.
    package let hour: Int
    /// 0 to 59.
    package let minute: Int
    /// 0 to 59; Unix time has no leap seconds.
    package let second: Int
    /// From Sunday, which is 0.
    package let weekday: Int
    /// Seconds east of UTC.
    package let offset: Int64
    /// What the zone calls its time just then: `CEST`, or `+03` where people have no name for it.
    package let abbreviation: String
    /// Whether the zone's own data call this summer time.
    package let isDaylightSaving: Bool

    /// - Parameter seconds: local seconds, as if they were Unix seconds.
    init(seconds: Int64, kind: ZoneTable.Kind) {
        let day = seconds.flooredQuotient(86_400)
        let rest = Int(seconds - day * 86_400)
        date = CivilDate(dayNumber: Int(day))
        (hour, minute, second) = (rest / 3_600, rest / 60 % 60, rest % 60)
        weekday = CivilDate.weekday(Int(day))
        (offset, abbreviation, isDaylightSaving) = (kind.offset, kind.abbreviation, kind.isDaylightSaving)
    }

    /// `03:00`, with seconds where there are any.
    package var clock: String {
        "\(hour.padded(2)):\(minute.padded(2))" + (second == 0 ? "" : ":\(second.padded(2))")
    }

    /// `+02:00`
    package var offsetText: String {
        let minutes = offset.magnitude / 60
        return (offset < 0 ? "-" : "+") + "\((minutes / 60).padded(2)):\((minutes % 60).padded(2))"
    }
}

extension LocalTime: CustomStringConvertible {
    /// `Sun 2026-03-08 03:00 EDT`
    package var description: String { "\(CalendarNames.shortWeekdays[weekday]) \(date) \(clock) \(abbreviation)" }
}
