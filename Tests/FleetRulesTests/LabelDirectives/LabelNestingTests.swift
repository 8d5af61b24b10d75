import FleetCalendar
import FleetRules
import Testing

@Suite("Labels: brackets in brackets, and what stands behind a value") struct LabelNestingTests {
    private let zones = ZoneCatalog()
    private let now = 1_795_435_200.0

    private func wishes(_ label: String) -> LabelDirectives { LabelDirectives(label, zone: .utc, zones: zones) }

    @Test(
        "a keep counts beside and within other brackets",
        arguments: [
            "[keep rank=0/8 x=[1,2]]", "[lr=[1,2] keep]", "[keep,[1,2]]", "[a[1] keep]", "[[1,2]keep]", "[[keep] x]", "[[keep]]",
            "[x=[keep]]",
            "[a [b [keep]]]", "[keep [[]]]", "[[a] [b] keep] c]", "[x=[[1,2],[3,4]] keep]"
        ])
    func keeps(label: String) {
        let wishes = wishes(label)
        #expect(wishes.isKept && wishes.problems.isEmpty, "\(wishes.problems)")
    }

    @Test("a lease counts beside brackets, and a list is the value of its tag")
    func leaseBesideBrackets() {
        for label in ["[lease=8h [x]]", "[betas=[0.9,0.999] lease=8h]", "[[lease=8h] [x]]", "[lease=8h betas=[0.9, 0.999]]"] {
            let wishes = wishes(label)
            #expect(wishes.lease == .seconds(28_800) && wishes.problems.isEmpty, "\(label): \(wishes.problems)")
        }
        #expect(LabelTags.all(in: "[betas=[0.9, 0.999] a[1]]").map(\.name) == ["betas", "a[1]"])
        #expect(LabelTags.all(in: "[betas=[0.9, 0.999]]").first?.value == "[0.9, 0.999]")
        #expect(LabelTags.all(in: "[x [v2]]").map(\.name) == ["x", "v2"])
    }

    @Test(
        "a lease or a date with more behind it is not understood",
        arguments: [
            "[lease=1d 12hous]", "[lease=1w 3dasy]", "[lease=1h 30minutos]", "[lease=1d 12Stunden]", "[lease=1d 12_h]", "[lease=1h ½d]",
            "[lease=1 h 1/2]", "[lease=1h -> 2 days]", "[lease=1h => 2d]", "[lease=1h → 2d]", "[lease=1h renewed 2d]",
            "[lease=1h, extended: 2 days]", "[lease=1h x2]", "[lease=1h ~2d]", "[lease=1h extended:2d]", "[lease=1h >= 2d]",
            "[lease=1h [2d]]",
            "[lease=[8h]]", "[lease=8 Stunden]", "[lease=1h owner=anna 2d]", "[lease=1h owner=anna 2 days]", "[lease=1h two days]",
            "[lease-until=2026-11-26 2027-01-01]", "[lease-until=2026-11-26, now 2027-01-01]", "[keep-until=2020-11-26, 2027-01-01]",
            "[keep-until=2020-11-26 2027-01-01]", "[keep-until=2020-11-27T12:00 UTC-8]",
            "[keep-until=2020-01-01 18:00 America/Los_Angeles]",
            "[lease-until=2026-11-27T12:00 UTC-8]", "[lease-until=2027-01-01 18:00 Europe/Berlin]", "[keep-until=2020-01-01 18:00 PST]",
            "[keep-until=2020-01-01 18:00 Berlin]", "[keep-until=2020-01-01 or Jan 5]", "[keep-until=2020-11-26 x=1 2027-01-01]",
            "[keep-until=0026-11-30]", "[lease-until=1926-11-30]", "[keep-until=1999-12-31T23:59]"
        ])
    func more(label: String) {
        let wishes = wishes(label)
        #expect(!wishes.problems.isEmpty && wishes.objection(now: now) != nil)
        #expect(!label.contains("keep") || wishes.isKept)
    }

    @Test(
        "what protects and has something behind it that is not understood is reported, and protects",
        arguments: [
            "[freeze=0]", "[freeze=3]", "[freeze=encoder]", "[keep until=2026-12-01]", "[keep until 2026-12-01]",
            "[keep -until=2026-12-01]",
            "[(keep)]", "[keep/anna]", "[keep|x]", "[keep[1]]", "[keep＝x]"
        ])
    func surplus(label: String) {
        let wishes = wishes(label)
        #expect(wishes.problems.count == 1 && wishes.objection(now: 1e12) != nil, "\(wishes.problems)")
        #expect(wishes.isFrozen == label.contains("freeze") && FreezeLabel.isPresent(in: label) == wishes.isFrozen)
    }

    @Test("words of others beside a lease and a date change nothing")
    func others() {
        for tail in ["7b fp16", "v2", "exp-12", "lr=3e-4", "sweep/3", "anna", "8xh100", "freeze_layers=3", "keep_prob=0.5", "bs=2 v3"] {
            let lease = wishes("[lease=8h \(tail)]")
            #expect(
                lease.lease == .seconds(28_800) && lease.problems.isEmpty && lease.objection(now: now) == nil, "\(tail): \(lease.problems)")
            let date = wishes("[keep-until=2026-11-22 \(tail)]")
            #expect(date.problems.isEmpty && date.objection(now: now) == nil, "\(tail): \(date.problems)")
        }
    }

    @Test(
        "what is nearly a wish is a tag, and people are told once",
        arguments: [
            "[lease 8h]", "[lease: 8h]", "[lease:8h]", "[lease-until:2026-12-01]", "[lease-until 2026-12-01]", "[lease＝8h]", "[(lease=8h)]",
            "[leas 8h]", "[off 22:00]", "[off:22:00]", "[keep-anna]", "[a/keep]", "a [keep", "a [lease=8h [v2]", "[lease 8h] [lease 8h]"
        ])
    func hints(label: String) {
        #expect(LabelTags.hints(in: label).count == 1, "\(LabelTags.hints(in: label))")
        #expect(wishes(label).objection(now: now) == nil)
    }

    @Test(
        "words of others are no matter for a hint",
        arguments: [
            "[lease]", "[on hold]", "[on 3]", "[off-policy]", "[please 3]", "[release 8]", "[keep-alive]", "[keep_prob=0.5]", "[keep]",
            "[lease=8h 7b]",
            "a [x", "lease 8h", "[freeze-encoder]", "[freeze_layers=3]"
        ])
    func noHints(label: String) { #expect(LabelTags.hints(in: label).isEmpty, "\(LabelTags.hints(in: label))") }
}
