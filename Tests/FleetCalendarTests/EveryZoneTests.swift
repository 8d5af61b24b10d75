import FleetCalendar
import Testing

/// What must be true in every zone of the system, around every change of its clock in ten years.
@Suite("In every zone", .serialized) struct EveryZoneTests {
    /// 2020-01-01 to 2030-01-01 UTC.
    private static let decade: Range<Int64> = 1_577_836_800..<1_893_456_000
    private static let day: Int64 = 86_400

    /// One zone of each set of changes.
    private static let zones: [Zone] = {
        let catalog = ZoneCatalog()
        var seen = Set<[Int64]>()
        return catalog.names().compactMap { try? catalog.zone($0) }.filter { zone in
            seen.insert(zone.changes(in: decade).flatMap { [$0, zone.offset(at: $0)] } + [zone.offset(at: decade.lowerBound)]).inserted
        }
    }()

    /// Spans of six days around the changes of a zone; a quiet week where it has none.
    private static func spans(_ zone: Zone) -> [ClosedRange<Int64>] {
        let changes = zone.changes(in: decade)
        return (changes.isEmpty ? [1_700_000_000] : changes).map { ($0 - 3 * day)...($0 + 3 * day) }
    }

    private static func firings(_ text: String, _ zone: Zone, _ span: ClosedRange<Int64>) throws -> [Int64] {
        let calendar = CronCalendar(try CronExpression(text), zone: zone)
        var firings: [Int64] = []
        var last = span.lowerBound
        while let next = calendar.next(after: last), next <= span.upperBound {
            try #require(next > last, "\(text) in \(zone) goes back at \(next)")
            firings.append(next)
            last = next
        }
        return firings
    }

    @Test("the system has hundreds of zones, with many sets of changes")
    func zones() {
        #expect(ZoneCatalog().names().count > 400)
        #expect(Self.zones.count > 50)
    }

    @Test("a daily job fires exactly once per local day", arguments: ["0 0 * * *", "30 1 * * *", "15 2 * * *"])
    func daily(text: String) throws {
        for zone in Self.zones {
            for span in Self.spans(zone) {
                let days = try Self.firings(text, zone, span).map { zone.localTime(at: $0).date.description }
                // A gap may move a firing to the next minute that exists, never a second time. Only one at the very end of
                // a day could leave it that way, as where the clocks of Nuuk go from 23:00 to midnight.
                let wanted = Self.days(zone, span).dropFirst().dropLast()
                for day in wanted { #expect(days.filter { $0 == day }.count == 1, "\(text) in \(zone) on \(day)") }
            }
        }
    }

    /// The local days of a span, found minute by minute of their noon and without arithmetic of days.
    private static func days(_ zone: Zone, _ span: ClosedRange<Int64>) -> [String] {
        var days: [String] = []
        for instant in stride(from: span.lowerBound, through: span.upperBound, by: 1_800) {
            let day = zone.localTime(at: instant).date.description
            if days.last != day { days.append(day) }
        }
        return days
    }

    @Test("an hourly job fires exactly once per real hour")
    func hourly() throws {
        for zone in Self.zones {
            for span in Self.spans(zone) {
                let firings = try Self.firings("0 * * * *", zone, span)
                for firing in firings { #expect(zone.localTime(at: firing).minute == 0, "\(zone) at \(firing)") }
                let gaps = zip(firings, firings.dropFirst()).map { $1 - $0 }
                // Changes of half an hour move the full hour; everything else is an hour apart.
                let changesByHours = zone.changes(in: span.lowerBound..<span.upperBound).allSatisfy {
                    (zone.offset(at: $0) - zone.offset(at: $0 - 1)) % 3_600 == 0
                }
                if changesByHours { #expect(gaps.allSatisfy { $0 == 3_600 }, "\(zone): \(gaps)") }
            }
        }
    }

    @Test("every minute of a calendar agrees with a search minute by minute", arguments: ["*/7 * * * *", "5,35 1-3 * * *", "0 */2 * * *"])
    func bruteForce(text: String) throws {
        let expression = try CronExpression(text)
        for zone in Self.zones.prefix(40) {
            for span in Self.spans(zone).prefix(2) {
                let calendar = CronCalendar(expression, zone: zone)
                let firings = Set(try Self.firings(text, zone, span))
                for minute in stride(from: span.lowerBound / 60 * 60 + 60, through: span.upperBound, by: 60) where calendar.matches(minute)
                {
                    #expect(firings.contains(minute) || firings.contains { $0 / 60 == minute / 60 }, "\(text) in \(zone) at \(minute)")
                }
            }
        }
    }

    @Test(
        "a window opens at most once per local day, and is open between its edges",
        arguments: ["08:00-19:00", "00:30-01:45", "02:15-02:45", "22:00-06:00"])
    func windows(text: String) throws {
        let catalog = ZoneCatalog()
        for zone in Self.zones {
            let hours = try Hours(text, zone: zone, zones: catalog)
            for span in Self.spans(zone) {
                var opened: [String] = []
                var instant = span.lowerBound
                while let on = hours.nextOn(after: instant), on <= span.upperBound {
                    opened.append(zone.localTime(at: on).date.description)
                    #expect(hours.contains(on) && !hours.contains(on - 1), "\(text) in \(zone) at \(on)")
                    let off = try #require(hours.nextOff(after: on))
                    #expect(hours.contains(off - 1) && !hours.contains(off), "\(text) in \(zone) at \(off)")
                    instant = off
                }
                #expect(Set(opened).count == opened.count, "\(text) in \(zone): \(opened)")
            }
        }
    }

    @Test(
        "days that begin in a gap, half hours and a day that never was",
        arguments: [
            // Midnight does not exist: the job runs at the first instant after it.
            ("Asia/Beirut", "0 0 * * *", 1_616_709_600 as Int64, "2021-03-28 01:00"),
            ("America/Havana", "0 0 * * *", 1_615_652_000, "2021-03-14 01:00"),
            ("America/Santiago", "0 0 * * *", 1_630_730_000, "2021-09-05 01:00"),
            ("Australia/Lord_Howe", "15 2 * * *", 1_633_150_000, "2021-10-03 02:30"),
            // 2011-12-30 was left out altogether.
            ("Pacific/Apia", "0 12 * * *", 1_325_200_000, "2011-12-31 12:00")
        ])
    func special(name: String, text: String, after: Int64, local: String) throws {
        let zone = try ZoneCatalog().zone(name)
        let calendar = CronCalendar(try CronExpression(text), zone: zone)
        let firings = calendar.next(after: after, count: 4).map { instant in
            let time = zone.localTime(at: instant)
            return "\(time.date) \(time.clock)"
        }
        #expect(firings.contains(local), "\(firings)")
    }

    @Test("the weekday is that of the zone, not of UTC")
    func weekday() throws {
        // 2026-01-05 11:30 UTC is Tuesday in Auckland and Monday in Los Angeles.
        let instant: Int64 = 1_767_612_600
        let catalog = ZoneCatalog()
        #expect(try catalog.zone("Pacific/Auckland").localTime(at: instant).weekday == 2)
        #expect(try catalog.zone("America/Los_Angeles").localTime(at: instant).weekday == 1)
    }

    @Test("every pair of weekdays is a range, also one that wraps")
    func weekdayRanges() throws {
        let names = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
        for from in 0..<7 {
            for to in 0..<7 {
                let calendar = CronCalendar(try CronExpression("0 12 * * \(names[from])-\(names[to])"), zone: .utc)
                // 2026-01-04 is a Sunday.
                let days = (0..<7).filter { calendar.matches(1_767_528_000 + Int64($0) * Self.day) }
                let expected = (0..<7).filter { (($0 - from) + 7) % 7 <= ((to - from) + 7) % 7 }
                #expect(days == expected, "\(names[from])-\(names[to])")
            }
        }
    }
}
