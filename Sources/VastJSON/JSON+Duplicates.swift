extension JSON {
    /// The place of the first member, in the order of the text, whose object has an earlier member of the same name: such
    /// as `guard.max_stops`, or `rules[2].name` in an array, whose elements are counted from zero. Nil when there is none.
    ///
    /// Names are compared as what they mean: `"\u0061"` is the name `a`. Which of two members counts differs between
    /// readers of JSON, so a document on which safety depends must not have any.
    public var firstDuplicateMember: String? {
        switch kind {
        case .object: duplicateInObject()
        case .array: duplicateInArray()
        case .null, .bool, .integer, .double, .string: nil
        }
    }

    // No deeper than parsing has allowed.
    private func duplicateInObject() -> String? {
        var names: Set<String> = []
        for (name, value) in members {
            guard names.insert(name).inserted else { return name }
            guard let inner = value.firstDuplicateMember else { continue }
            return inner.hasPrefix("[") ? name + inner : "\(name).\(inner)"
        }
        return nil
    }

    private func duplicateInArray() -> String? {
        for (position, element) in elements.enumerated() {
            if let inner = element.firstDuplicateMember { return inner.hasPrefix("[") ? "[\(position)]\(inner)" : "[\(position)].\(inner)" }
        }
        return nil
    }
}
