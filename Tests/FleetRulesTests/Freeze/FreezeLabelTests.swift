import Testing

@testable import FleetRules

@Suite("The freeze label")
struct FreezeLabelTests {
    @Test(
        "brackets, any case, spaces inside, anywhere in the text",
        arguments: [
            "[freeze]", "train-a [Freeze]", "[ FREEZE ]", "[keep] [freeze] x", "[[freeze]]", "a]b[freeze]",
            "[freeze x]", "[owner=anna, freeze]", "[freze]", "[freeze!]", "[frezee lr=1]"
        ])
    func present(label: String) { #expect(FreezeLabel.isPresent(in: label)) }

    @Test(
        "free text, other brackets and half a bracket are no wish",
        arguments: [
            "", "freeze", "(freeze)", "[freeze", "freeze]", "[unfreeze]", "[fre][eze]", "[]", "[mode=freeze]", "[freeze_layers=3]"
        ])
    func absent(label: String) { #expect(!FreezeLabel.isPresent(in: label)) }
}
