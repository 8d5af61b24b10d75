extension Zone {
    /// The instants, in Unix seconds, at which clocks show a local time.
    package enum Resolution: Equatable, Sendable {
        case once(Int64)
        /// Clocks leave it out; the first instant after the gap.
        case gap(Int64)
        /// Clocks are set back and show it twice.
        case overlap(first: Int64, last: Int64)

        /// The instant that counts without other wishes: the first one that has it, or the first after the gap.
        package var instant: Int64 {
            switch self {
            case .once(let instant), .gap(let instant), .overlap(let instant, _): instant
            }
        }
    }

    /// Offsets differ by less than this, in seconds: so far apart can two instants of one local time be.
    static let reach: Int64 = 2 * 93_600

    /// Finds the instants of a local time.
    ///
    /// - Parameter local: local seconds, as if they were Unix seconds; those outside of ``instants``, by more than an
    ///   offset can be, count as its ends.
    package func resolve(_ local: Int64) -> Resolution {
        let local = min(max(local, Self.instants.lowerBound - Self.reach / 2), Self.instants.upperBound + Self.reach / 2)
        var cursor = cursor(at: local - Self.reach / 2)
        var first: Int64?
        var last: Int64 = 0
        var gap: Int64?
        while true {
            let instant = local - cursor.offset
            if instant >= cursor.start, instant < cursor.end {
                first = first ?? instant
                last = instant
            }
            guard cursor.end <= local + Self.reach / 2 else { break }
            cursor.advance()
            if gap == nil, local >= cursor.start + cursor.offsetBefore, local < cursor.start + cursor.offset { gap = cursor.start }
        }
        guard let first else { return .gap(gap ?? local - cursor.offset) }
        return first == last ? .once(first) : .overlap(first: first, last: last)
    }

    /// Whether a local day, counted from 1970-01-01, does not exist at all.
    package func isMissing(day: Int) -> Bool {
        guard case .gap(let after) = resolve(Int64(day) * 86_400) else { return false }
        let cursor = cursor(at: after)
        return after + cursor.offset >= Int64(day + 1) * 86_400
    }
}
