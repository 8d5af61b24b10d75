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
            "", "train-7b", "keep", "off=22:00", "[v2] [wip]", "[day]", "[unclosed keep", "a ] b", "[]", "[ ]", "gpt2 [lr=3e-4 bs=64]",
            "[deep]", "[Deep lr=1]", "[on hold]", "[seed=1]", "[days 3-5]", "[rank=0/8]", "[off-policy]", "[tz]", "[sleep]", "arr[3]",
            "x[i=2]",
            "[owner=anna]", "[off]", "[on]", "[lease]", "[lease 8h]", "[leese=8h]", "[cutoff=(3)]", "[region=(1,2)]", "[keep_prob=0.5]",
            "[freeze_layers=3]", "[keep-alive]", "[mode=keep]", "[=]", "[ = ]", "[a==b]", "[betas=(0.9,0.999)]", "[unkept]"
        ])
    func nothing(label: String) throws {
        let wishes = try wishes(label)
        #expect(wishes.objection(now: now) == nil)
        #expect(wishes.hours == nil && wishes.lease == nil && wishes.problems.isEmpty)
    }

    @Test(
        "[keep] keeps, whatever its case and whatever stands around it",
        arguments: [
            "train [keep]", "[KEEP]", "a [ keep ] b", "[[keep]", "[wip] [keep]", "[keep, lease=8h]", "[keep owner=anna]", "[lr=3e-4 keep]",
            "[kep]", "[kepe]", "[keeep]", "[leep keap]", "[keep!]", "[keep: until monday]", "[keep=yes]", "[keep until friday]", "[*keep*]",
            "[owner=anna keep-untill=2020-01-01]", "[lease=1h keep lr=1]", "[keep\u{A0}me]", "[keep\nme]", "[ke\u{200B}ep]"
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
            ("[kep]", "did you mean 'keep'"), ("[kepe=1 lr=2]", "did you mean 'keep'"), ("[frezee]", "did you mean 'freeze'"),
            ("[off=25:00]", "off=HH:MM"), ("[off=22]", "off=HH:MM"), ("[off=]", "off=HH:MM"), ("[off=22:00 tz=CET2]", "CET2"),
            ("[off=22:00 days=someday]", "days=someday"), ("[lease=soon]", "lease"), ("[lease=]", "a value is missing"),
            ("[lease=8]", "8h or 8d"), ("[lease=1.5]", "1.5h"), ("[lease=5m]", "15 minutes or longer"), ("[lease=0]", "lease"),
            ("[lease=0h]", "15 minutes"), ("[lease=-8h]", "negative"), ("[lease=1e999h]", "no unit"), ("[lease=NaN]", "lease"),
            ("[lease=99999999d]", "a thousand years"), ("[lease=2 months]", "no fixed length"), ("[lease=1M]", "minutes are 'm'"),
            ("[lease=8h 30]", "no unit"), ("[lease=1h or 2h]", "lease"), ("[lease=2h and 30 min]", "lease"), ("[lease=1h to 2h]", "lease"),
            ("[lease=8h (+2h)]", "lease"), ("[lease=8h per day]", "lease"), ("[lease=8h until 2026-12-01]", "lease"),
            ("[lease=8h x 2]", "lease"),
            ("[lease = 8]", "8h or 8d"), ("[lease=8h lease=9h]", "stands twice"), ("[lease=8h] [lease=9h]", "stands twice"),
            ("[off=10:00 pm]", "off=HH:MM"), ("[off=22:00 - 08:00]", "off=HH:MM"), ("[off=22:00] [on=08:00]", "second bracket"),
            ("[days=mon-fri]", "beside off= or on="), ("[off=22:00 days=mon-fri except wed]", "except"), ("[tz=Mars/Base]", "Mars"),
            ("[lease-until=soon]", "lease-until"), ("[lease-until=2026-12-01 18:00 CET]", "lease-until"),
            ("[lease=1w2d off=1]", "off=HH:MM"),
            ("[keep-until]", "without end"), ("[keep-until 2026-12-01]", "without end"), ("[keep-until=]", "without end"),
            ("[keep-until:2027-01-01]", "did you mean 'keep-until'"), ("[keep=2026-12-01]", "keep has no value"),
            ("[keep-until=tomorrow]", "keep-until"), ("[keep-until=2026-02-30]", "does not exist"), ("[off=22:00 on=22:00]", "same time"),
            ("[off=(M-F,99);on=(M-F,7);tz=pt]", "99")
        ])
    func problems(label: String, message: String) throws {
        let wishes = try wishes(label)
        #expect(wishes.problems.contains { $0.description.contains(message) }, "\(wishes.problems)")
        #expect(wishes.objection(now: now) != nil)
        #expect(wishes.hours == nil || !wishes.problems.isEmpty)
    }

    @Test("what protects is obeyed beside wishes and tags, and so is a wish beside tags")
    func partly() throws {
        let kept = try wishes("[keep lease=1h colour=red]")
        #expect(kept.isKept && kept.lease == .seconds(3_600))
        let lease = try wishes("a [owner=anna lease=2 days v2 lr=3e-4]")
        #expect(lease.lease == .seconds(172_800) && lease.objection(now: now) == nil)
        let hours = try wishes("[off=22:00 wat=1]")
        #expect(hours.only == .stop && hours.objection(now: now) == nil)
    }

    @Test("a date that protects and cannot be read protects without end", arguments: ["[keep-until=2026-13-01]", "[keep-until=friday x=1]"])
    func endless(label: String) throws {
        #expect(try wishes(label).objection(now: 1e12) != nil && (try wishes(label).isKept))
    }

    @Test(
        "a lease is a number and a unit, with or without a space, and spaces may stand around its equals sign",
        arguments: [
            ("[lease=2 days]", 172_800.0), ("[lease=90 days]", 7_776_000), ("[lease=8 hours]", 28_800), ("[lease = 8h]", 28_800),
            ("[lease= 8h]", 28_800), ("[lease =8h x=1]", 28_800), ("[lease=1w]", 604_800), ("[lease=1d12h]", 129_600),
            ("[lease=1.5h]", 5_400),
            ("[lease=1d 12h v2]", 129_600), ("[lease=1d, 12h]", 129_600), ("[LEASE=8H]", 28_800), ("[lease=15m]", 900),
            ("[lease=2 days off=22:00 days=mon-fri]", 172_800), ("[lease=8h 7b fp16]", 28_800), ("[lease=8h lease=8h]", 28_800)
        ])
    func leases(label: String, seconds: Double) throws {
        let wishes = try wishes(label)
        #expect(wishes.lease == .seconds(seconds) && wishes.problems.isEmpty, "\(wishes.problems)")
    }

    @Test("days may stand apart, and each bracket has its own zone")
    func apart() throws {
        let days = try wishes("[off=19:00 on=08:00 days=tue, wed fri tz=UTC]")
        #expect(
            days.problems.isEmpty && days.hours?.contains(1_795_435_200) == false && days.hours?.contains(1_795_435_200 + 86_400) == true)
        let zones = try wishes("[keep-until=2026-11-23T12:30 tz=UTC] [off=22:00 tz=Europe/Berlin]")
        #expect(zones.keptUntil == 1_795_435_200 + 1_800 && zones.hours?.nextOff(after: 1_795_435_200) == Int64(1_795_467_600))
        let spaced = try wishes("[keep-until = 2026-11-23 13:00]")
        #expect(spaced.keptUntil == 1_795_435_200 + 3_600 && spaced.problems.isEmpty)
    }

    @Test("of a lease and its end the later one counts, and nothing while nobody knows when the run began")
    func later() throws {
        let wishes = try wishes("[lease=1h lease-until=2026-11-23T13:00]")
        #expect(wishes.leaseEnd(runSince: 1_000) == now + 3_600 && wishes.leaseEnd(runSince: now) == now + 3_600)
        #expect(wishes.leaseEnd(runSince: now + 60) == now + 3_660 && wishes.leaseEnd(runSince: nil) == nil)
    }

    @Test("[freeze] keeps policies away, too")
    func freeze() throws {
        let wishes = try wishes("a [freeze x=1]")
        #expect(wishes.isFrozen && !wishes.isKept && wishes.objection(now: now) == "its label says [freeze]")
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
        for label in ["x [off=(M-F,19);on=(M-F,7);tz=pt] y", "[off=[(M-F,21),(U,18)];on=(M-F,6);tz=pt]"] {
            let wishes = try wishes(label)
            #expect(wishes.problems.isEmpty && wishes.hours != nil, "\(wishes.problems)")
        }
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
