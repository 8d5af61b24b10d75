import FleetCalendar
import FleetRules
import Testing

@Suite struct LabelEditTests {
    private func set(_ key: String, _ value: String?, _ label: String) throws -> String {
        try LabelEdit.setting(key, to: value, in: label, zone: .utc, zones: ZoneCatalog())
    }

    @Test(
        "one wish changes and every other letter stays",
        arguments: [
            ("train-7b", "keep", "", "train-7b [keep]"), ("", "keep", "", "[keep]"),
            ("a [keep]", "keep", nil, "a"), ("[keep]", "keep", nil, ""), ("a [keep] b", "keep", nil, "a b"),
            ("a [off=22:00  on=08:00 tz=Europe/Berlin]", "off", "23:00", "a [off=23:00  on=08:00 tz=Europe/Berlin]"),
            ("a [OFF=22:00,tz=UTC] [v2]", "off", nil, "a [tz=UTC] [v2]"), ("a [tz=UTC, off=22:00]", "off", nil, "a [tz=UTC]"),
            ("a  [v2]  [lease=8h]", "lease", "9h", "a  [v2]  [lease=9h]"), ("a [v2]", "lease", "9h", "a [v2] [lease=9h]"),
            ("a [lease=8h] [x]", "keep", "", "a [lease=8h keep] [x]"), ("a [ lease=8h ]", "lease", nil, "a"),
            ("größer ☂ [keep]", "lease", "2h", "größer ☂ [keep lease=2h]"), ("a", "keep", nil, "a"),
            ("a [keep", "lease", "2h", "a [keep [lease=2h]"),
            ("[lease=8h] b [lease=9h]", "lease", "2h", "b [lease=2h]"), ("[lease=8h] b [lease=8h]", "lease", nil, "b"),
            ("[lease=8 Stunden]", "lease", "2h", "[lease=2h]"), ("a [lease=1d 12hous v2]", "lease", "2h", "a [lease=2h v2]"),
            ("a [lease=8h [x]]", "lease", nil, "a [[x]]"), ("a [x [keep]]", "keep", nil, "a [x]"),
            ("a [off=22:00] [on=8:00 off=23:00]", "off", nil, "a [off=22:00] [on=8:00]"),
            ("a [keep]", "keep-until", "2026-12-01T18:00", "a [keep keep-until=2026-12-01T18:00]")
        ] as [(String, String, String?, String)])
    func edits(label: String, key: String, value: String?, result: String) throws {
        #expect(try set(key, value, label) == result)
    }

    @Test(
        "what was set is what is read, and taking it away gives the label back",
        arguments: ["a", "", "a [keep]", "a [v2] b", "x [off=22:00] [keep]"])
    func backAndForth(label: String) throws {
        let with = try set("lease", "8h", label)
        #expect(LabelEdit.word("lease", in: with) == "lease=8h")
        #expect(try set("lease", nil, with) == label)
    }

    @Test(
        "what would not be understood is refused",
        arguments: [
            ("lease", "soon"), ("off", "25:00"), ("kepe", ""), ("lease", "8 h"), ("lease", "8h]"), ("tz", "Mars/Base"),
            ("keep-until", "x=y")
        ])
    func refused(key: String, value: String) { #expect(throws: LabelEdit.Refused.self) { try set(key, value, "a [keep]") } }

    @Test(
        "a value with spaces is refused with the form that it is to have",
        arguments: [("lease", "2 days", "'2days'"), ("keep-until", "2027-01-01 18:00", "'2027-01-01T18:00'")])
    func spaces(key: String, value: String, form: String) throws {
        let refused = #expect(throws: LabelEdit.Refused.self) { try set(key, value, "a") }
        #expect(refused?.description.contains(form) == true)
        let text = form.filter { $0 != "'" }
        #expect(try set(key, text, "a") == "a [\(key)=\(text)]")
    }

    @Test(
        "days and hours may have several parts, and take no word of others with them",
        arguments: [("days", "mon, wed, fri"), ("days", "mon-fri"), ("off", "22:00")])
    func parts(key: String, value: String) throws {
        for label in ["a [off=21:00]", "a [off=21:00 x]", "a [x=1 off=21:00 days=sat] [v2]"] {
            let result = try set(key, value, label)
            #expect(result.contains("\(key)=\(value)"), "\(result)")
            #expect(LabelTags.all(in: result) == LabelTags.all(in: label), "\(result)")
        }
        #expect(throws: LabelEdit.Refused.self) { try set(key, "\(value) keep", "a") }
    }

    @Test("a label in the form of Cloud Custodian is left to people")
    func custodian() { #expect(throws: LabelEdit.Refused.self) { try set("keep", "", "a [off=(M-F,19);tz=pt]") } }
}
