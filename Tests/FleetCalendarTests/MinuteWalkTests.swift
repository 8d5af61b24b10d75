import FleetCalendar
import Foundation
import Testing

/// Calendars and hours against a clock that is read minute by minute.
@Suite("Minute by minute", .serialized) struct MinuteWalkTests {
    private static let catalog = ZoneCatalog()
    private static let names = [
        "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/St_Johns", "Africa/Casablanca", "Pacific/Apia", "UTC",
        "Asia/Kathmandu", "America/Havana", "Asia/Beirut", "America/Nuuk", "Antarctica/Troll"
    ]
    /// The changes of 2011 (Apia's missing day), and of 2025 to 2030.
    private static let spans: [Range<Int64>] = [1_293_840_000..<1_325_462_400, 1_735_689_600..<1_893_456_000]
    private static let reach: Int64 = 36

    /// Around up to three changes of each zone, or a quiet day.
    private static let walks: [MinuteWalk] = {
        var dice = Dice(seed: 1)
        return names.compactMap { try? catalog.zone($0) }.flatMap { zone in
            let changes = spans.flatMap { zone.changes(in: $0) }.shuffled(using: &dice)
            let missing = zone.name == "Pacific/Apia" ? [1_325_239_200 as Int64] : []
            return (missing + (changes.isEmpty ? [1_700_000_040] : Array(changes.prefix(3)))).map {
                MinuteWalk(zone, around: $0, hours: reach)
            }
        }
    }()

    @Test("the clocks that are walked along are those that Foundation knows")
    func clocks() throws {
        #expect(Self.walks.count > 30)
        for walk in Self.walks where walk.zone.name != "UTC" {
            let other = try #require(TimeZone(identifier: walk.zone.name))
            for minute in walk.minutes.indices where minute % 30 == 0 {
                let minute = walk.minutes[minute]
                let offset = other.secondsFromGMT(for: Date(timeIntervalSince1970: Double(minute.instant)))
                #expect(minute.local - minute.instant == Int64(offset), "\(walk.zone) at \(minute.instant)")
            }
        }
    }

    // MARK: cron

    @Test("random expressions fire exactly when the clock says", arguments: [1, 2, 3] as [UInt64])
    func cron(seed: UInt64) throws {
        var dice = Dice(seed: seed)
        var withFirings = 0
        for _ in 0..<110 {
            let walk = dice.pick(Self.walks)
            let cron = RandomCron(&dice, special: false)
            guard let expression = try? CronExpression(cron.text) else { continue }
            #expect(expression.isHourly == cron.isHourly)
            let dst = DSTRule(gap: dice.pick(DSTRule.Gap.allCases), overlap: dice.pick(DSTRule.Overlap.allCases))
            let firstDay = Int(walk.minutes[0].local.flooredDay) - 2
            let days = RandomCron.days[firstDay..<firstDay + 10].map(cron.allows)
            let minutes = (0..<1_440).map(cron.allows(minute:))
            let wanted = walk.firings(isHourly: cron.isHourly, dst: dst) { local in
                let minute = Int(local) / 60 - firstDay * 1_440
                return days[minute / 1_440] && minutes[minute % 1_440]
            }
            withFirings += wanted.isEmpty ? 0 : 1
            Self.compare(CronCalendar(expression, zone: walk.zone, dst: dst), walk, wanted, &dice)
        }
        #expect(withFirings > 40)
    }

    private static func compare(_ calendar: CronCalendar, _ walk: MinuteWalk, _ wanted: [Int64], _ dice: inout Dice) {
        let (first, last) = (walk.minutes[0].instant, walk.minutes[walk.minutes.count - 1].instant)
        // An overlap at the very edge cannot be seen from inside.
        let inside = wanted.filter { $0 > first }
        var found: [Int64] = []
        var instant = first
        while let next = calendar.next(after: instant), next <= last {
            found.append(next)
            instant = next
        }
        let name: Comment = "\(calendar.expression) in \(calendar.zone), gap \(calendar.dst.gap), overlap \(calendar.dst.overlap)"
        #expect(found == inside, name)
        #expect(calendar.count(after: first, through: last) == inside.count, name)
        var back: [Int64] = []
        instant = last
        while let previous = calendar.previous(atOrBefore: instant), previous > first {
            back.append(previous)
            instant = previous - 1
        }
        #expect(back.reversed() == inside, name)
        for _ in 0..<5 {
            let instant = Int64.random(in: first...last, using: &dice)
            #expect(calendar.matches(instant) == inside.contains { (0..<60).contains(instant - $0) }, "\(name) at \(instant)")
        }
    }

    @Test("random days of month and of week are those of a calendar that is counted day by day", arguments: [4, 5] as [UInt64])
    func days(seed: UInt64) throws {
        var dice = Dice(seed: seed)
        var firings = 0
        for _ in 0..<80 {
            let cron = RandomCron(&dice, special: true)
            guard let expression = try? CronExpression(cron.text) else { continue }
            let calendar = CronCalendar(expression, zone: .utc)
            let start = Int.random(in: 0..<RandomCron.days.count - 800, using: &dice)
            let wanted = (start..<start + 800).filter { cron.allows(RandomCron.days[$0]) }.map(Int64.init)
            var found: [Int64] = []
            var instant = Int64(start) * 86_400 - 1
            while let next = calendar.next(after: instant), next < Int64(start + 800) * 86_400 {
                found.append(next / 86_400)
                instant = (next / 86_400 + 1) * 86_400 - 1
            }
            #expect(found == wanted, "\(cron.text)")
            let last = calendar.previous(before: Int64(start + 800) * 86_400).map { $0 / 86_400 }
            if let wanted = wanted.last { #expect(last == wanted, "\(cron.text)") }
            firings += found.count
        }
        #expect(firings > 4_000)
    }
}
