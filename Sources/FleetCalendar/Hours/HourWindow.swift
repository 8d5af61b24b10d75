/// A window of local time that opens on some weekdays.
struct HourWindow: Equatable, Sendable {
    /// One bit for each weekday from Sunday.
    let days: UInt64
    /// Minutes after midnight.
    let start: Int
    /// Minutes after the midnight before ``start``; more than 1,440 when it ends on the next day.
    let end: Int

    init(days: UInt64, start: Int, end: Int) {
        self.days = days
        self.start = start
        self.end = end > start ? end : end + 1_440
    }

    func opens(on day: Int) -> Bool { days >> UInt64(CivilDate.weekday(day)) & 1 == 1 }
}

/// Windows as instants in a zone.
///
/// Both ends of a window become instants once for each local day: one that clocks leave out is the first instant after
/// the gap, one that comes twice is its first pass. What is empty then does not open, and what overlaps or touches is one.
struct Timetable {
    private let windows: [HourWindow]
    private let zone: Zone

    init(_ windows: [HourWindow], _ zone: Zone) {
        self.windows = windows
        self.zone = zone
    }

    func contains(_ instant: Int64) -> Bool {
        let today = Int((instant + zone.offset(at: instant)).flooredQuotient(86_400))
        // A window may have begun the day before, and a change of the clock may be as long as a day.
        return (today - 3...today + 1).contains { day in
            windows.contains { window in
                guard let span = span(window, day) else { return false }
                return span.contains(instant)
            }
        }
    }

    /// The openings and closings whose local time is on a day, in order.
    func edges(of day: Int) -> [Hours.Edge] {
        var edges: [Hours.Edge] = []
        for window in windows {
            if let span = span(window, day), !contains(span.lowerBound - 1) {
                edges.append(Hours.Edge(instant: span.lowerBound, isOn: true))
            }
            let opening = day - window.end / 1_440
            if let span = span(window, opening), !contains(span.upperBound) {
                edges.append(Hours.Edge(instant: span.upperBound, isOn: false))
            }
        }
        return edges.sorted { $0.instant < $1.instant }
    }

    /// When a window that belongs to a day is open; nil when it does not open that day.
    private func span(_ window: HourWindow, _ day: Int) -> Range<Int64>? {
        guard window.opens(on: day) else { return nil }
        let start = instant(day, window.start)
        let end = instant(day, window.end)
        return start < end ? start..<end : nil
    }

    private func instant(_ day: Int, _ minute: Int) -> Int64 {
        zone.resolve(Int64(day) * 86_400 + Int64(minute) * 60).instant
    }
}
