/// One firing of a calendar, with what a person wants to see of it.
package struct Firing: Equatable, Sendable {
    /// What a change of the clock did to a firing.
    package enum ClockChange: Equatable, Sendable {
        /// Clocks leave out the minute that was meant, the first of them if there are several; local, `02:30`.
        case moved(from: LocalTime)
        /// Clocks show the minute twice; this is its first pass, or its second.
        case repeated(isFirst: Bool)
    }

    /// Unix seconds.
    package let instant: Int64
    /// The same instant by the clock of the calendar's zone.
    package let local: LocalTime
    /// `2026-03-08 07:00 UTC`
    package let utc: String
    /// What a change of the clock did to it; nil when none was near.
    package let change: ClockChange?

    /// What the change of the clock did, in words; nil without one.
    package var note: String? {
        switch change {
        case nil: nil
        case .moved(let wanted): "\(wanted.clock) does not exist on \(wanted.date)"
        case .repeated(true): "\(local.clock) comes twice, first pass"
        case .repeated(false): "\(local.clock) comes twice, second pass"
        }
    }
}

extension Firing: CustomStringConvertible {
    /// `Sun 2026-03-08 03:00 EDT  2026-03-08 07:00 UTC  02:30 does not exist on 2026-03-08`
    package var description: String { [local.description, utc, note].compactMap(\.self).joined(separator: "  ") }
}

extension Zone {
    /// An instant as a firing that no change of the clock touches.
    package func firing(at instant: Int64) -> Firing {
        let utc = Zone.utc.localTime(at: instant)
        return Firing(instant: instant, local: localTime(at: instant), utc: "\(utc.date) \(utc.clock) UTC", change: nil)
    }
}

extension CronCalendar {
    /// The next firings after an instant, at most `count`, as ``next(after:count:)`` gives them.
    package func preview(after instant: Int64, count: Int) -> [Firing] {
        next(after: instant, count: count).map(firing)
    }

    private func firing(_ instant: Int64) -> Firing {
        let utc = Zone.utc.localTime(at: instant)
        return Firing(
            instant: instant, local: zone.localTime(at: instant), utc: "\(utc.date) \(utc.clock) UTC", change: change(instant))
    }

    private func change(_ instant: Int64) -> Firing.ClockChange? {
        let cursor = zone.cursor(at: instant)
        if cursor.start == instant, let missing = missing(before: cursor) {
            return .moved(from: LocalTime(seconds: missing, kind: cursor.kind))
        }
        guard case .overlap(let first, _) = zone.resolve(instant + cursor.offset) else { return nil }
        return .repeated(isFirst: first == instant)
    }
}
