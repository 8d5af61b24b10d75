import FleetCalendar
import FleetRules
import Testing

@Suite("What version 0.1 left alone because of a label") struct EarlierLabelGrammarTests {
    private func brackets(_ label: String) -> [String] {
        EarlierLabelGrammar.brackets(of: label, now: 1_795_435_200, zone: .utc, zones: ZoneCatalog())
    }

    @Test(
        "brackets that it did not understand, and that are tags or wishes now",
        arguments: [
            "[lr=3e-4 bs=64]", "[deep]", "[on hold]", "[seed=1]", "[days 3-5]", "[rank=0/8]", "[owner=anna]", "[off]", "[lease]",
            "[leese=8h]",
            "[lease=8 hours]", "[lease = 8h]", "[lease=1w]", "[off=22:00 wat=1]", "[off=19:00 days=mon, wed]", "[cutoff=(3)]"
        ])
    func protected(label: String) { #expect(brackets("a \(label) [v2]") == [label]) }

    @Test(
        "not what it left alone itself, and not what protects still",
        arguments: [
            "", "a", "[v2]", "[day]", "[off-policy]", "[tz]", "[sleep]", "arr[3]", "[lease=8h]", "[lease=2 days]", "[off=22:00]", "[keep]",
            "[kep]", "[keep owner=anna]", "[lease=soon]", "[lease=8] [lr=1]", "[off=(M-F,19);on=(M-F,7);tz=pt]", "[keep-until=2020-01-01]"
        ])
    func others(label: String) { #expect(brackets(label).isEmpty) }
}
