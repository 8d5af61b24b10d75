import VastLua

/// `for … in`, and what its variables are.
extension TypeWalk {
    /// What stands behind `in` has to be a function that gives one element after the other.
    ///
    /// - Parameter start: where it begins.
    mutating func checkIterator(_ value: InferredValue?, _ names: [String], _ start: Int, _ line: Int) {
        guard reports, let value else { return }
        let variables = names.joined(separator: ", ")
        let text = cursor.text(from: start) ?? "…"
        if case .declared(let name) = value.type.shape, value.slot == nil {
            return report(line, "'vast.\(name)' gives no elements here: write 'for \(Self.indexed(names)) in ipairs(vast.\(name)()) do'")
        }
        switch value.type.shape {
        case .object(ObjectDeclaration.listName), .list:
            report(line, "a list cannot be called, as 'in' does: write 'for \(Self.indexed(names)) in ipairs(\(text)) do'")
        case .object(let object):
            report(line, "\(object) cannot be called, as 'in' does: write 'for \(variables) in pairs(\(text)) do'")
        case .map, .plain("table"):
            // A script may give a table of its own a metatable.
            guard value.entries != nil || value.type.shape != Self.tableShape else { return }
            report(line, "a table cannot be called, as 'in' does: write 'for \(variables) in pairs(\(text)) do'")
        case .words, .plain("number"), .plain("integer"), .plain("string"), .plain("boolean"):
            guard value.slot == nil else { return }
            report(line, "'in' needs a function that gives one element after the other, got a \(value.type.kind?.rawValue ?? "value")")
        default: break
        }
    }

    private static let tableShape = InferredType.Shape.plain("table")

    /// The variables of a loop with the place in the list before the element.
    private static func indexed(_ names: [String]) -> String { names.count > 1 ? names.joined(separator: ", ") : "_, \(names[0])" }

    /// The variables of a loop through a list: the first is a place in it.
    mutating func declare(loopVariables names: [String], _ types: [InferredType], through list: String?) {
        for (index, name) in names.enumerated() {
            let number = declare(name, types.indices.contains(index) ? types[index] : .unknown)
            if index == 0, let list {
                scopes.change(number) { $0.placeIn = TypeScopes.Place(list: list, element: names.dropFirst().first) }
            }
        }
    }

    /// The place of an element where the element is meant.
    func place(_ value: InferredValue) -> TypeScopes.Place? {
        guard let slot = value.slot, slot.member == nil, known.isAssignedOnce(slot) else { return nil }
        return scopes.variables[slot.variable].placeIn
    }

    /// The place in a list that is changed or read as if it were an id.
    mutating func checkPlace(_ values: [InferredValue], of declaration: Declaration, _ line: Int) {
        guard reports, let first = values.first, let place = place(first), let parameter = declaration.parameters.first,
            parameter.type.isTargeted
        else { return }
        let name = first.path.map(Self.words) ?? "this"
        report(line, "'\(name)' is a place in the list, not an id: \(place.hint(name))")
    }
}

extension TypeScopes.Place {
    /// What to write instead.
    func hint(_ name: String) -> String {
        element.flatMap { $0 == "_" ? nil : "the element is '\($0)'" } ?? "write 'for _, \(name) in \(list) do'"
    }
}
