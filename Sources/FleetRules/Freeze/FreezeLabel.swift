package import VastModels

/// The wish on an instance's label that nothing may change it: `[freeze]` in any bracket of the text, whatever the case and
/// whatever else stands there. One slip from it counts, too.
package enum FreezeLabel {
    /// Whether a label says so.
    package static func isPresent(in label: String) -> Bool { word(in: label) != nil }

    /// The word as it stands there; nil where it does not.
    private static func word(in label: String) -> String? {
        guard label.contains("[") else { return nil }
        return LabelBracket.all(in: label).flatMap(\.words).first { $0.protection?.word == "freeze" }?.name
    }

    /// The refusal for an instance whose label says so. The others of a list are not concerned.
    package static func refusal(_ facts: InstanceFacts) -> VastError {
        let word = word(in: facts.label) ?? "freeze"
        let slip = word.lowercased() == "freeze" ? "" : ": [\(PrintableText.safe(word, limit: 40))] is read as [freeze]"
        return VastError(
            .guard, "\(facts.name) is frozen by its label\(slip)", code: "frozen", instance: facts.id,
            hint: "take [\(slip.isEmpty ? "freeze" : PrintableText.safe(word, limit: 40))] off the label at Vast.ai to end that")
    }

    /// The instances of a list whose labels say so.
    package static func frozen(_ ids: some Sequence<InstanceID>, _ facts: [InstanceID: InstanceFacts]) -> [InstanceID] {
        ids.filter { facts[$0].map { isPresent(in: $0.label) } ?? false }
    }
}
