import FleetCalendar
import Testing

@testable import FleetRules

@Suite("Wishes in labels") struct LabelDirectivesTests {
    private let zones = ZoneCatalog()
    /// Monday 2026-11-23, 12:00 in UTC.
    private let now = 1_795_435_200.0

    private func wishes(_ label: String) throws -> LabelDirectives { LabelDirectives(label, zone: .utc, zones: zones) }

    @Test(
        "text that is not in brackets, and brackets that are somebody's own, ask for nothing",
        arguments: [
            "", "train-7b", "keep", "off=22:00", "[v2] [wip]", "[day]", "[unclosed keep", "a ] b", "[]", "[ ]"
        ])
    func nothing(label: String) throws {
        let wishes = try wishes(label)
        #expect(wishes.objection(now: now) == nil)
        #expect(wishes.hours == nil && wishes.lease == nil && wishes.problems.isEmpty)
    }

    @Test(
        "[keep] keeps, whatever its case and whatever stands around it",
        arguments: [
            "train [keep]", "[KEEP]", "a [ keep ] b", "[[keep]", "[wip] [keep]", "[keep, lease=8h]"
        ])
    func keep(label: String) throws {
        #expect(try wishes(label).objection(now: now)?.contains("keep") == true)
    }

    @Test(
        "keep-until holds before its instant; a date alone is the end of that day",
        arguments: [
            ("[keep-until=2026-11-23T13:00]", true), ("[keep-until=2026-11-23T12:00]", false), ("[keep-until=2026-11-23]", true),
            ("[keep-until=2026-11-22]", false), ("[keep-until=2026-11-23T13:30 tz=Europe/Berlin]", true),
            ("[keep-until=2026-11-23T12:30 tz=Europe/Berlin]", false)
        ])
    func keepUntil(label: String, isKept: Bool) throws {
        let wishes = try wishes(label)
        #expect(wishes.problems.isEmpty)
        #expect((wishes.objection(now: now) != nil) == isKept)
    }

    @Test(
        "what looks like a wish and cannot be read is reported, and hands are off",
        arguments: [
            ("[kep]", "did you mean 'keep'"), ("[leese=8h]", "did you mean 'lease'"), ("[owner=anna]", "there is no 'owner'"),
            ("[off=25:00]", "off=HH:MM"), ("[off=22]", "off=HH:MM"), ("[off]", "off=HH:MM"), ("[off=22:00 tz=CET2]", "CET2"),
            ("[off=22:00 days=someday]", "days=someday"), ("[lease=soon]", "lease"), ("[lease]", "a value is missing"),
            ("[keep-until=tomorrow]", "keep-until"), ("[keep-until=2026-02-30]", "does not exist"), ("[off=22:00 on=22:00]", "same time"),
            ("[off=(M-F,99);on=(M-F,7);tz=pt]", "99"), ("[off=22:00 wat=1]", "there is no 'wat'")
        ])
    func problems(label: String, message: String) throws {
        let wishes = try wishes(label)
        #expect(wishes.problems.contains { $0.description.contains(message) }, "\(wishes.problems)")
        #expect(wishes.objection(now: now) != nil)
        #expect(wishes.hours == nil || !wishes.problems.isEmpty)
    }

    @Test("what protects is obeyed even beside a word that is not understood, and nothing else is")
    func partly() throws {
        let wishes = try wishes("[keep lease=1h colour=red]")
        #expect(wishes.isKept && wishes.lease == nil)
    }

    @Test("off and on make hours of every day, or of the days that are named, in the zone of the label")
    func hours() throws {
        let daily = try wishes("dev [off=22:00 on=8:00 tz=Europe/Berlin]")
        #expect(daily.only == nil)
        #expect(daily.hours?.contains(1_795_435_200) == true)
        let tenInBerlin: Int64 = 1_795_467_600
        #expect(daily.hours?.nextOff(after: 1_795_435_200) == tenInBerlin)
        let week = try wishes("[on=08:00 off=19:00 days=tue-fri]")
        #expect(week.hours?.contains(1_795_435_200) == false)
        let night = try wishes("[on=22:00 off=06:00]")
        #expect(night.hours?.contains(1_795_435_200) == false && night.hours?.contains(1_795_435_200 + 11 * 3_600) == true)
    }

    @Test("off alone never starts, on alone never stops")
    func oneSided() throws {
        let off = try wishes("[off=22:00]")
        #expect(off.only == .stop && off.hours?.nextOff(after: 1_795_435_200) == Int64(1_795_471_200))
        let on = try wishes("[on=08:00]")
        #expect(on.only == .start && on.hours?.nextOn(after: 1_795_435_200) == Int64(1_795_507_200))
    }

    @Test("the off-hours form of Cloud Custodian is understood as it is")
    func custodian() throws {
        let wishes = try wishes("x [off=(M-F,19);on=(M-F,7);tz=pt] y")
        #expect(wishes.problems.isEmpty && wishes.hours != nil)
    }

    @Test("a lease ends so long after the run began, and never when nobody knows when that was")
    func lease() throws {
        let wishes = try wishes("eval [lease=8h]")
        #expect(wishes.leaseEnd(runSince: 1_000) == 29_800.0)
        #expect(wishes.leaseEnd(runSince: nil) == nil)
        #expect(try self.wishes("[lease-until=2026-11-23T13:00]").leaseEnd(runSince: nil) == now + 3_600)
    }

    @Test("no label crashes or hangs")
    func anything() throws {
        var dice = SystemRandomNumberGenerator()
        let pieces = [
            "[", "]", "keep", "=", "off", "on=", "22:00", " ", ",", ";", "(", "M-F", "tz=", "Europe/Berlin", "🚂", "\0", "é", "-until", "9",
            "lease=", "h"
        ]
        for _ in 0..<500 {
            let label = (0..<Int.random(in: 0...40, using: &dice)).map { _ in pieces.randomElement(using: &dice) ?? "" }.joined()
            let wishes = try wishes(label)
            _ = wishes.objection(now: now)
            _ = wishes.hours?.nextEdge(after: Int64(now))
        }
    }
}
