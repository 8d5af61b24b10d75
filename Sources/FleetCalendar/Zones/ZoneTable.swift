/// The changes of a zone's clock, ready for searching.
///
/// It is made once for each zone and never changed. What recurs every year by the footer rule is written out for one
/// cycle of the Gregorian calendar, 400 years, which is a whole number of weeks; later instants are looked up there.
final class ZoneTable: Sendable {
    /// What the clock shows for a while.
    struct Kind: Equatable, Sendable {
        /// Seconds east of UTC.
        let offset: Int64
        let isDaylightSaving: Bool
        let abbreviation: String
    }

    /// A time without a change of the clock, up to the next segment's start.
    struct Segment: Sendable {
        /// Unix seconds.
        let start: Int64
        /// Seconds east of UTC.
        let offset: Int64
        /// Index into ``ZoneTable/kinds``.
        let kind: Int
    }

    static let cycle: Int64 = 146_097 * 86_400

    let kinds: [Kind]
    /// Rising; the first starts at `Int64.min`.
    let segments: [Segment]
    /// From here on the segments repeat after each ``cycle``; nil when nothing recurs.
    let recurrence: Int64?

    /// - Parameters:
    ///   - initial: what the clock shows before the first change.
    ///   - changes: rising instants, in Unix seconds, and what the clock shows from then on.
    ///   - rule: what comes after the last change; nil when the last one lasts.
    init(initial: Kind, changes: [(start: Int64, kind: Kind)], rule: PosixRule?) {
        var builder = Builder(initial)
        for change in changes { builder.add(change.start, change.kind) }
        guard let rule, let daylight = rule.daylight else {
            recurrence = nil
            (kinds, segments) = (builder.kinds, builder.segments)
            return
        }
        let last = changes.last?.start
        let lastYear = max(1_900, last.map { CivilDate(dayNumber: Int($0.flooredQuotient(86_400))).year } ?? 1_900)
        for change in (lastYear - 1...lastYear + 404).flatMap({ rule.changes(in: $0, daylight) }).sorted(by: { $0.start < $1.start })
        where last.map({ change.start > $0 }) ?? true { builder.add(change.start, change.kind) }
        recurrence = Int64(CivilDate(year: lastYear + 2, month: 1, day: 1).dayNumber) * 86_400
        (kinds, segments) = (builder.kinds, builder.segments)
    }

    private struct Builder {
        var kinds: [Kind]
        var segments: [Segment]

        init(_ initial: Kind) {
            kinds = [initial]
            segments = [Segment(start: .min, offset: initial.offset, kind: 0)]
        }

        mutating func add(_ start: Int64, _ kind: Kind) {
            let place = kinds.firstIndex(of: kind) ?? kinds.count
            if place == kinds.count { kinds.append(kind) }
            if let last = segments.last, last.start == start { segments.removeLast() }
            guard segments.last?.kind != place else { return }
            segments.append(Segment(start: start, offset: kind.offset, kind: place))
        }
    }

    /// The index of the last segment that starts at or before `instant`.
    func index(at instant: Int64) -> Int {
        segments.withUnsafeBufferPointer { segments in
            var (low, high) = (0, segments.count)
            while high - low > 1 {
                let middle = (low + high) / 2
                if segments[middle].start <= instant { low = middle } else { high = middle }
            }
            return low
        }
    }
}
