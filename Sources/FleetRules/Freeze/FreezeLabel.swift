package import VastModels

/// The wish on an instance's label that nothing may change it: `[freeze]` anywhere in the text, whatever the case and
/// with or without spaces inside the brackets.
package enum FreezeLabel {
    /// Whether a label says so.
    package static func isPresent(in label: String) -> Bool {
        var rest = label[...]
        while let open = rest.firstIndex(of: "[") {
            rest = rest[rest.index(after: open)...]
            guard let close = rest.firstIndex(of: "]") else { return false }
            // In "[[freeze]" the inner bracket counts.
            let start = rest[..<close].lastIndex(of: "[").map(rest.index(after:)) ?? rest.startIndex
            if rest[start..<close].trimmingSpaces().lowercased() == "freeze" { return true }
            rest = rest[rest.index(after: close)...]
        }
        return false
    }

    /// The refusal for an instance whose label says so. The others of a list are not concerned.
    package static func refusal(_ facts: InstanceFacts) -> VastError {
        VastError(
            .guard, "\(facts.name) is frozen by its label", code: "frozen", instance: facts.id,
            hint: "take [freeze] off the label at Vast.ai to end that")
    }

    /// The instances of a list whose labels say so.
    package static func frozen(_ ids: some Sequence<InstanceID>, _ facts: [InstanceID: InstanceFacts]) -> [InstanceID] {
        ids.filter { facts[$0].map { isPresent(in: $0.label) } ?? false }
    }
}
