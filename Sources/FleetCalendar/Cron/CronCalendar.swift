/// A cron expression in a zone: instants, in Unix seconds.
///
/// Minutes that clocks leave out or show twice follow a ``DSTRule``, except when the hour is exactly `*`: then the job
/// follows real hours, with nothing made up for a gap and both passes of an overlap. Days that a zone leaves out
/// altogether, as Apia did with 2011-12-30, have no firings.
package struct CronCalendar: Sendable {
    /// Which local minutes fire.
    package let expression: CronExpression
    /// Whose clock the expression is read by.
    package let zone: Zone
    /// What becomes of minutes that a change of the clock leaves out or repeats.
    package let dst: DSTRule

    /// - Parameter dst: has no effect when the hour of the expression is exactly `*`.
    package init(_ expression: CronExpression, zone: Zone, dst: DSTRule = DSTRule()) {
        self.expression = expression
        self.zone = zone
        self.dst = dst
    }

    private var fillsGaps: Bool { !expression.isHourly && dst.gap == .next }

    /// The first firing after an instant, which is itself excluded; nil after the year 9999.
    package func next(after instant: Int64) -> Int64? {
        guard instant < Zone.instants.upperBound else { return nil }
        let from = max(instant + 1, Zone.instants.lowerBound)
        var cursor = zone.cursor(at: from - 1)
        guard var local = expression.next(atOrAfter: from + cursor.offset) else { return nil }
        while true {
            // A minute of this segment.
            if cursor.end == .max || local < cursor.end + cursor.offset {
                if counts(local, cursor) { return bounded(local - cursor.offset) }
                guard let next = expression.next(atOrAfter: local + 60) else { return nil }
                local = next
                continue
            }
            cursor.advance()
            if cursor.offset > cursor.offsetBefore {
                if missing(before: cursor, from: local) != nil { return bounded(cursor.start) }
                guard let next = expression.next(atOrAfter: max(local, cursor.start + cursor.offset)) else { return nil }
                local = next
            } else if cursor.offset < cursor.offsetBefore {
                guard let next = expression.next(atOrAfter: cursor.start + cursor.offset) else { return nil }
                local = next
            }
        }
    }

    /// The last firing at or before an instant; nil before the year 1.
    package func previous(atOrBefore instant: Int64) -> Int64? {
        guard instant >= Zone.instants.lowerBound else { return nil }
        let from = min(instant, Zone.instants.upperBound)
        var cursor = zone.cursor(at: from)
        guard var local = expression.previous(atOrBefore: from + cursor.offset) else { return nil }
        while true {
            if cursor.isFirst || local >= cursor.start + cursor.offset {
                if counts(local, cursor) { return bounded(local - cursor.offset) }
                guard let previous = expression.previous(atOrBefore: local - 60) else { return nil }
                local = previous
                continue
            }
            if missing(before: cursor) != nil { return bounded(cursor.start) }
            let start = cursor.start
            cursor.retreat()
            guard let previous = expression.previous(atOrBefore: start - 1 + cursor.offset) else { return nil }
            local = previous
        }
    }

    /// The last firing before an instant, which is itself excluded.
    package func previous(before instant: Int64) -> Int64? {
        instant > .min ? previous(atOrBefore: instant - 1) : nil
    }

    /// The next firings after an instant, at most `count`.
    package func next(after instant: Int64, count: Int) -> [Int64] {
        var firings: [Int64] = []
        var last = instant
        while firings.count < count, let next = next(after: last) {
            firings.append(next)
            last = next
        }
        return firings
    }

    /// Whether it fires in the minute that begins at an instant or contains it.
    package func matches(_ instant: Int64) -> Bool {
        guard let last = previous(atOrBefore: instant) else { return false }
        return instant - last < 60
    }

    /// How many firings there are after `start` and up to `end`, the latter included.
    ///
    /// - Parameter limit: the counting ends there, so that it is bounded.
    package func count(after start: Int64, through end: Int64, limit: Int = 1_000_000) -> Int {
        var count = 0
        var last = start
        while count < limit, let next = next(after: last), next <= end {
            count += 1
            last = next
        }
        return count
    }

    // MARK: changes of the clock

    /// Whether a matching minute of a segment fires, or leaves that to the minute's other pass.
    private func counts(_ local: Int64, _ cursor: ZoneCursor) -> Bool {
        if expression.isHourly { return true }
        let instant = local - cursor.offset
        switch dst.overlap {
        case .both: return true
        case .first:
            guard !cursor.isFirst, instant - cursor.start < Zone.reach else { return true }
            guard case .overlap(let first, _) = zone.resolve(local) else { return true }
            return first == instant
        case .last:
            guard cursor.end != .max, cursor.end - instant <= Zone.reach else { return true }
            guard case .overlap(_, let last) = zone.resolve(local) else { return true }
            return last == instant
        }
    }

    /// The first matching minute that the gap before a segment leaves out, on a day of which something exists.
    ///
    /// - Parameter local: the first matching minute at or after the gap's start, where it is known.
    func missing(before cursor: ZoneCursor, from local: Int64? = nil) -> Int64? {
        guard fillsGaps, cursor.offset > cursor.offsetBefore else { return nil }
        let (start, end) = (cursor.start + cursor.offsetBefore, cursor.start + cursor.offset)
        var missing = local ?? expression.next(atOrAfter: start)
        while let local = missing, local < end {
            let day = local.flooredQuotient(86_400) * 86_400
            guard start <= day, day + 86_400 <= end else { return local }
            missing = expression.next(atOrAfter: day + 86_400)
        }
        return nil
    }

    private func bounded(_ instant: Int64) -> Int64? { Zone.instants.contains(instant) ? instant : nil }
}
