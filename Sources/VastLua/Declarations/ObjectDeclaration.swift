/// A kind of object that scripts get, with its fields and methods.
package struct ObjectDeclaration: Sendable {
    /// With `vast.`, such as `vast.Instance`.
    package let name: String
    package let summary: String
    package let fields: [FieldDeclaration]
    package let methods: [Declaration]
    /// The type of the elements, of a list.
    package let element: String?
    /// The operators between two of them that give another one.
    package let operators: [String]
    /// Why no field of it can be assigned to; nil: it is a table, of which scripts may set what they like.
    package let readOnly: String?
    /// Whether it may have fields that are not declared.
    package var isOpen: Bool { readOnly == nil || hasForeignFields }
    /// Whether the service gives it fields of which nobody has heard yet.
    private let hasForeignFields: Bool
    /// How scripts get one, as an expression for examples and completion.
    package let sample: String

    init(
        _ name: String, _ summary: String, sample: String, element: String? = nil, operators: [String] = [],
        readOnly: String? = nil, hasForeignFields: Bool = false, fields: [FieldDeclaration] = [], methods: [Declaration] = []
    ) {
        self.name = name
        self.summary = summary
        self.sample = sample
        self.element = element
        self.operators = operators
        self.readOnly = readOnly
        self.hasForeignFields = hasForeignFields
        self.fields = fields
        self.methods = methods
    }
}

/// A field of an object, or of `vast`.
package struct FieldDeclaration: Sendable {
    package let name: String
    /// As annotations write it; `?` behind it: may be nil.
    package let type: String
    /// With its unit.
    package let summary: String

    init(_ name: String, _ type: String, _ summary: String) {
        self.name = name
        self.type = type
        self.summary = summary
    }
}
