import FleetCalendar

/// The real minutes of a few days in a zone, one after the other, with what its clock shows: the calendar rules read
/// off a clock, without a search.
struct MinuteWalk {
    struct Minute {
        let instant: Int64
        /// Local seconds, as if they were Unix seconds.
        let local: Int64
        /// Whether the clock has not shown this before, and will not show it again.
        var isFirst = true
        var isLast = true
        /// Local minutes that the clock has just left out, on days of which it shows something.
        var leftOut: [Int64] = []
    }

    let zone: Zone
    let minutes: [Minute]
    private let instants: [Int64: Int64]

    /// - Parameters:
    ///   - middle: Unix seconds, a full minute.
    ///   - hours: how far it goes to both sides.
    init(_ zone: Zone, around middle: Int64, hours: Int64) {
        self.zone = zone
        var minutes = stride(from: middle - hours * 3_600, through: middle + hours * 3_600, by: 60).map {
            Minute(instant: $0, local: $0 + zone.offset(at: $0))
        }
        var seen: [Int64: Int] = [:]
        var days = Set<Int64>()
        for index in minutes.indices {
            days.insert(minutes[index].local.flooredDay)
            if let earlier = seen.updateValue(index, forKey: minutes[index].local) {
                minutes[index].isFirst = false
                minutes[earlier].isLast = false
            }
        }
        for index in minutes.indices.dropFirst() where minutes[index].local > minutes[index - 1].local + 60 {
            minutes[index].leftOut = stride(from: minutes[index - 1].local + 60, to: minutes[index].local, by: 60).filter {
                days.contains($0.flooredDay)
            }
        }
        self.minutes = minutes
        instants = seen.mapValues { minutes[$0].instant }.merging(
            minutes.filter { $0.isFirst && !$0.isLast }.map { ($0.local, $0.instant) }, uniquingKeysWith: { $1 })
    }

    /// The firings of a set of local minutes.
    func firings(isHourly: Bool, dst: DSTRule, _ matches: (Int64) -> Bool) -> [Int64] {
        minutes.filter { minute in
            if isHourly { return matches(minute.local) }
            if dst.gap == .next, minute.leftOut.contains(where: matches) { return true }
            let isMeant = dst.overlap == .both || (dst.overlap == .first ? minute.isFirst : minute.isLast)
            return isMeant && matches(minute.local)
        }.map(\.instant)
    }

    /// The first instant at which the clock shows a local time, or the first one after it was left out; nil outside.
    func instant(ofLocal local: Int64) -> Int64? {
        if let instant = instants[local] { return instant }
        guard let first = minutes.first, local >= first.local else { return nil }
        return minutes.first { $0.local > local }?.instant
    }
}

extension Int64 {
    /// Days since 1970-01-01 of a count of seconds.
    var flooredDay: Int64 { self >= 0 ? self / 86_400 : -((86_399 - self) / 86_400) }
}
