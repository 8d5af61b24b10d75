import LuaEngine

/// A kind of object that scripts get, with its fields and methods.
package struct ObjectDeclaration: Sendable {
    /// With `vast.`, such as `vast.Instance`.
    package let name: String
    /// One line, beginning in lower case, without a full stop.
    package let summary: String
    /// The fields that are always known; see ``isOpen`` for others.
    package let fields: [FieldDeclaration]
    /// The functions that are called as `object:name()`.
    package let methods: [Declaration]
    /// The type of the elements, of a list.
    package let element: String?
    /// The operators between two of them that give another one.
    package let operators: [String]
    /// Why no field of it can be assigned to; nil: it is a table, of which scripts may set what they like.
    package let readOnly: String?
    /// Whether it is a table, of which scripts may set what they like, and no object of ours.
    package var isTable: Bool { readOnly == nil }
    /// Whether it may have fields that are not declared: those of the service of which nobody has heard yet, or of a script.
    package let isOpen: Bool
    /// How scripts get one, as an expression for examples and completion.
    package let sample: String

    init(
        _ name: String, _ summary: String, sample: String, element: String? = nil, operators: [String] = [],
        readOnly: String? = nil, isOpen: Bool = false, fields: [FieldDeclaration] = [], methods: [Declaration] = []
    ) {
        self.name = name
        self.summary = summary
        self.sample = sample
        self.element = element
        self.operators = operators
        self.readOnly = readOnly
        self.isOpen = isOpen
        self.fields = fields
        self.methods = methods
    }

    /// What follows the name of a field or method that it does not have: the nearest one, or all where there are few.
    package func meant(by name: String) -> String {
        if let closest = LuaSuggestion.closest(to: String(name.prefix(64)), among: names) { return LuaSuggestion.didYouMean(closest) }
        return names.count <= 6 ? "; it has \(names.joined(separator: ", "))" : ""
    }

    /// What is said of an operator that it does not have.
    ///
    /// - Parameter isUnary: whether it stands before its only operand.
    package func missingOperator(_ symbol: String, isUnary: Bool = false) -> String {
        if isUnary { return "\(name) has no operator '\(symbol)' before it" }
        let there = operators.isEmpty ? "" : "; there are " + operators.map { "'\($0)'" }.joined(separator: ", ")
        return "\(name) has no operator '\(symbol)'\(symbol == ".." ? "; tostring makes a text of it" : there)"
    }
}

/// A field of an object, or of `vast`.
package struct FieldDeclaration: Sendable {
    /// As scripts write it, without what stands before the point.
    package let name: String
    /// As annotations write it; `?` behind it: may be nil.
    package let type: String
    /// With its unit.
    package let summary: String

    /// Whether it may be a number.
    var holdsNumbers: Bool { type.contains("number") || type.contains("integer") }

    init(_ name: String, _ type: String, _ summary: String) {
        self.name = name
        self.type = type
        self.summary = summary
    }
}
