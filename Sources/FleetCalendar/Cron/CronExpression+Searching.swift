/// Searching in local seconds, as if they were Unix seconds; results are whole minutes.
extension CronExpression {
    /// The years in which is searched.
    private static let years = 1...9_999

    /// The first matching minute at or after `local`; nil after the year 9999.
    func next(atOrAfter local: Int64) -> Int64? {
        let minute = Int((local + 59).flooredQuotient(60))
        let day = minute.flooredQuotient(1_440)
        if let later = nextMinute(minute - day * 1_440), allows(day: day) { return Self.seconds(day, later) }
        guard let next = nextDay(day + 1), let first = nextMinute(0) else { return nil }
        return Self.seconds(next, first)
    }

    /// The last matching minute at or before `local`; nil before the year 1.
    func previous(atOrBefore local: Int64) -> Int64? {
        let minute = Int(local.flooredQuotient(60))
        let day = minute.flooredQuotient(1_440)
        if let earlier = previousMinute(minute - day * 1_440), allows(day: day) { return Self.seconds(day, earlier) }
        guard let previous = previousDay(day - 1), let last = previousMinute(1_439) else { return nil }
        return Self.seconds(previous, last)
    }

    private static func seconds(_ day: Int, _ minute: Int) -> Int64 { Int64(day) * 86_400 + Int64(minute) * 60 }

    // MARK: minutes of a day

    /// The first minute of the day, from 0, that is not before `minute`.
    private func nextMinute(_ minute: Int) -> Int? {
        let hour = minute / 60
        if hours >> UInt64(hour) & 1 == 1 {
            let rest = minutes >> UInt64(minute % 60)
            if rest != 0 { return minute + rest.trailingZeroBitCount }
        }
        let rest = hours >> UInt64(hour + 1)
        return rest == 0 ? nil : (hour + 1 + rest.trailingZeroBitCount) * 60 + minutes.trailingZeroBitCount
    }

    /// The last minute of the day that is not after `minute`.
    private func previousMinute(_ minute: Int) -> Int? {
        let hour = minute / 60
        if hours >> UInt64(hour) & 1 == 1 {
            let rest = minutes << UInt64(63 - minute % 60)
            if rest != 0 { return minute - rest.leadingZeroBitCount }
        }
        let rest = hours & (1 << UInt64(hour) - 1)
        return rest == 0 ? nil : (63 - rest.leadingZeroBitCount) * 60 + 63 - minutes.leadingZeroBitCount
    }

    // MARK: days

    private func allows(day: Int) -> Bool {
        let date = CivilDate(dayNumber: day)
        return mask(date, day) >> UInt32(date.day) & 1 == 1
    }

    /// The days of the month in which a day lies; none when the month is not allowed.
    private func mask(_ date: CivilDate, _ day: Int) -> UInt32 {
        guard months >> UInt64(date.month) & 1 == 1 else { return 0 }
        return days.mask(
            length: CivilDate.length(ofMonth: date.month, in: date.year), first: CivilDate.weekday(day - date.day + 1))
    }

    private func nextDay(_ day: Int) -> Int? {
        var day = day
        while true {
            let date = CivilDate(dayNumber: day)
            guard date.year <= Self.years.upperBound else { return nil }
            let rest = mask(date, day) >> UInt32(date.day)
            if rest != 0 { return day + rest.trailingZeroBitCount }
            day = firstDay(after: date)
        }
    }

    /// The first day of the next month that is allowed.
    private func firstDay(after date: CivilDate) -> Int {
        let rest = months >> UInt64(date.month + 1)
        let next =
            rest != 0
            ? CivilDate(year: date.year, month: date.month + 1 + rest.trailingZeroBitCount, day: 1)
            : CivilDate(year: date.year + 1, month: months.trailingZeroBitCount, day: 1)
        return next.dayNumber
    }

    private func previousDay(_ day: Int) -> Int? {
        var day = day
        while true {
            let date = CivilDate(dayNumber: day)
            guard date.year >= Self.years.lowerBound else { return nil }
            let rest = mask(date, day) << UInt32(31 - date.day)
            if rest != 0 { return day - rest.leadingZeroBitCount }
            day = lastDay(before: date)
        }
    }

    /// The last day of the month before that is allowed.
    private func lastDay(before date: CivilDate) -> Int {
        let rest = months & (1 << UInt64(date.month) - 1)
        let month = 63 - (rest != 0 ? rest : months).leadingZeroBitCount
        let year = rest != 0 ? date.year : date.year - 1
        return CivilDate(year: year, month: month, day: CivilDate.length(ofMonth: month, in: year)).dayNumber
    }
}
