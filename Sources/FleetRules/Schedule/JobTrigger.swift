package import FleetCalendar

/// When a job is due.
package enum JobTrigger: Sendable {
    /// At a fixed rate from its first due time, whatever the wall clock does.
    case every(Duration)
    /// By the calendar of a zone.
    case calendar(CronCalendar)
    /// Once, at this Unix second.
    case once(Int64)

    /// Whether the wall clock decides.
    package var followsWallClock: Bool {
        if case .every = self { false } else { true }
    }

    /// The first instant after `instant`, in Unix seconds; nil when there is none, and for fixed rates.
    package func next(after instant: Int64) -> Int64? {
        switch self {
        case .every: nil
        case .calendar(let calendar): calendar.next(after: instant)
        case .once(let due): due > instant ? due : nil
        }
    }

    /// The instants in `(earlier, later]`: how many, and the last. Counting ends at `limit`, and the last is right all
    /// the same.
    package func due(after earlier: Int64, upTo later: Int64, limit: Int = 10_000) -> DueInstants {
        var result = DueInstants()
        var instant = earlier
        while let next = next(after: instant), next <= later {
            guard result.count < limit else {
                result.isComplete = false
                result.last = last(upTo: later) ?? next
                break
            }
            result.count += 1
            result.last = next
            instant = next
        }
        return result
    }

    private func last(upTo instant: Int64) -> Int64? {
        if case .calendar(let calendar) = self { calendar.previous(before: instant + 1) } else { nil }
    }
}

/// Instants at which a job was due.
package struct DueInstants: Sendable, Equatable {
    /// How many there were; where counting ended before the last one, how many were counted.
    package var count = 0
    /// The latest of them, in Unix seconds, also of those that were not counted; nil when there was none.
    package var last: Int64?
    /// Whether all were counted.
    package var isComplete = true

    /// Nothing was due.
    package init() {}
}
