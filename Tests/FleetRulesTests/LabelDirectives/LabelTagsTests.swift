import FleetRules
import Testing

@Suite("Tags in labels") struct LabelTagsTests {
    private func tags(_ label: String) -> [String: String?] {
        Dictionary(uniqueKeysWithValues: LabelTags.all(in: label).map { ($0.name, $0.value) })
    }

    @Test("a word with an equals sign has a value, a word alone has none, and text outside of brackets is no tag")
    func values() {
        #expect(tags("gpt2 x=1 [owner=anna lr=3e-4] [v2]") == ["owner": "anna", "lr": "3e-4", "v2": nil])
        #expect(tags("[rank=0/8, url=a=b; X = 3]") == ["rank": "0/8", "url": "a=b", "X": "3"])
        #expect(tags("arr[3]") == ["3": nil] && tags("[x=]") == ["x": ""] && tags("a [b") == [:])
    }

    @Test("what protects and what is a wish is no tag, and the last of two counts")
    func others() {
        #expect(tags("[keep kep freeze lease=2 days off=22:00 tz=UTC]") == [:])
        #expect(tags("[on hold] [off-policy] [lease]") == ["on": nil, "hold": nil, "off-policy": nil, "lease": nil])
        #expect(tags("[a=1 keep] [b a=2]") == ["a": "2", "b": nil])
        #expect(tags("[off=(M-F,19);on=(M-F,7);tz=pt]") == [:])
    }

    @Test("a tag that is nearly a lease is a tag, and people are told")
    func hints() {
        #expect(LabelTags.hints(in: "[leese=8h]") == ["'leese=8h' is a tag and ends nothing, did you mean 'lease='?"])
        #expect(LabelTags.hints(in: "a [x] [lease_until=2026-12-01]").count == 1)
        for label in ["[lease=8h]", "[please=1 leave=x leash=]", "[release=8h]", "leese=8h", "[leese]"] {
            #expect(LabelTags.hints(in: label).isEmpty, "\(label)")
        }
    }
}
