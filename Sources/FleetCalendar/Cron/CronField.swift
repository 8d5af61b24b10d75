/// The five fields of a cron expression, in the order in which they are written.
enum CronField: Int, CaseIterable {
    case minute, hour, dayOfMonth, month, dayOfWeek

    var name: String {
        switch self {
        case .minute: "minute"
        case .hour: "hour"
        case .dayOfMonth: "day of month"
        case .month: "month"
        case .dayOfWeek: "day of week"
        }
    }

    /// The values of `*`; a day of week may also be written as 7, which is Sunday.
    var range: ClosedRange<Int> {
        switch self {
        case .minute: 0...59
        case .hour: 0...23
        case .dayOfMonth: 1...31
        case .month: 1...12
        case .dayOfWeek: 0...6
        }
    }

    var largest: Int { self == .dayOfWeek ? 7 : range.upperBound }

    /// What values may be called; the first name is that of the smallest value.
    var names: [String] {
        switch self {
        case .month: CalendarNames.months
        case .dayOfWeek: CalendarNames.weekdays
        default: []
        }
    }
}

/// What one field of a cron expression allows.
struct CronSet: Equatable {
    /// One bit for each value.
    var bits: UInt64 = 0
    /// `L` in the day of month: the last day.
    var hasLastDay = false
    /// One bit for each day `d` of `dW`: the weekday, Monday to Friday, that is nearest to it.
    var nearestWeekdays: UInt64 = 0
    /// One bit for each weekday, for each of its five occurrences in a month: `fri#2`.
    var occurrences: [UInt64] = [0, 0, 0, 0, 0]
    /// One bit for each weekday of which the last in the month is meant: `5L`.
    var lastOccurrences: UInt64 = 0

    func contains(_ value: Int) -> Bool { bits >> UInt64(value) & 1 == 1 }

    /// Whether every value is in it, however that is written.
    func isFull(_ field: CronField) -> Bool { bits.nonzeroBitCount == field.range.count }
}
