/// The days that a cron expression allows, by the shape of a month: its length and the weekday of its first.
struct CronDays: Sendable {
    /// One bit for each day from 1; the place is ``place(_:_:)``.
    private let masks: [UInt32]
    /// Whether both the day of month and the day of week are restricted, which means: either.
    let isEither: Bool

    init(ofMonth: CronSet, ofWeek: CronSet) {
        let isMonthRestricted = !ofMonth.isFull(.dayOfMonth)
        let isWeekRestricted = !ofWeek.isFull(.dayOfWeek)
        isEither = isMonthRestricted && isWeekRestricted
        masks = (28...31).flatMap { length in
            (0...6).map { first in
                let all: UInt32 = (~0 >> UInt32(31 - length)) & ~1
                let month = isMonthRestricted ? Self.days(ofMonth, length, first) & all : 0
                let week = isWeekRestricted ? Self.weekdays(ofWeek, length, first) : 0
                return isMonthRestricted || isWeekRestricted ? month | week : all
            }
        }
    }

    /// The days of a month.
    ///
    /// - Parameters:
    ///   - length: 28 to 31.
    ///   - first: the weekday of its first, from Sunday, which is 0.
    func mask(length: Int, first: Int) -> UInt32 { masks[(length - 28) * 7 + first] }

    /// Whether any of some months ever has such a day; every month begins on every weekday, and leap Februaries do.
    func exist(in months: UInt64) -> Bool {
        (1...12).contains { month in
            months >> UInt64(month) & 1 == 1
                && (month == 2 ? [28, 29] : [CivilDate.length(ofMonth: month, in: 1)]).contains { length in
                    (0...6).contains { mask(length: length, first: $0) != 0 }
                }
        }
    }

    private static func days(_ set: CronSet, _ length: Int, _ first: Int) -> UInt32 {
        var days = UInt32(truncatingIfNeeded: set.bits)
        if set.hasLastDay { days |= 1 << UInt32(length) }
        for day in 1...31 where set.nearestWeekdays >> UInt64(day) & 1 == 1 {
            days |= 1 << UInt32(nearestWeekday(min(day, length), length, first))
        }
        return days
    }

    /// The day from Monday to Friday that is nearest, in the same month.
    private static func nearestWeekday(_ day: Int, _ length: Int, _ first: Int) -> Int {
        switch (first + day - 1) % 7 {
        case 6: day > 1 ? day - 1 : day + 2
        case 0: day < length ? day + 1 : day - 2
        default: day
        }
    }

    private static func weekdays(_ set: CronSet, _ length: Int, _ first: Int) -> UInt32 {
        var days: UInt32 = 0
        for day in 1...length {
            let weekday = UInt64((first + day - 1) % 7)
            let isIn = (set.bits | set.occurrences[(day - 1) / 7]) >> weekday & 1 == 1
            let isLast = day + 7 > length && set.lastOccurrences >> weekday & 1 == 1
            if isIn || isLast { days |= 1 << UInt32(day) }
        }
        return days
    }
}
