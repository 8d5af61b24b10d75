package import LuaEngine

/// What a parameter, an option or a field holds, for people, for editors and for checks.
package struct ValueType: Sendable, Equatable {
    /// As the annotations of LuaLS write it, such as `integer|vast.Instance`.
    package let annotation: String
    /// The kinds of values that are taken; nil: any, or the function looks itself.
    package let kinds: [LuaKind]?
    /// As messages say it: "`expected` expected, got nil".
    package let expected: String
    /// What its texts have to be; nil: any.
    package let texts: TextForm?
    /// What its tables may hold; nil: anything.
    package let tables: TableForm?
    /// What its numbers have to be; nil: any.
    package private(set) var numbers: NumberForm?
    /// How many characters its texts have at most; nil: any number.
    private var longest: Int?
    /// Whether a number has to be a whole one.
    private let isWhole: Bool

    init(
        _ annotation: String, _ kinds: [LuaKind]? = nil, expected: String? = nil, texts: TextForm? = nil, tables: TableForm? = nil,
        numbers: NumberForm? = nil, isWhole: Bool = false
    ) {
        self.annotation = annotation
        self.kinds = kinds
        self.expected = expected ?? annotation
        self.texts = texts
        self.tables = tables
        self.numbers = numbers
        self.isWhole = isWhole
    }

    /// The only texts that it may be; nil: any.
    package var words: [String]? { if case .words(let words) = texts { words } else { nil } }

    /// Everything, nil too: nothing is checked.
    package static let any = ValueType("any")
    static let boolean = ValueType("boolean", [.boolean])
    static let integer = ValueType("integer", [.number], isWhole: true)
    static let number = ValueType("number", [.number])
    static let string = ValueType("string", [.string])
    static let function = ValueType("function", [.function])
    static let table = ValueType("table", [.table])
    /// A length of time: seconds, or a text such as `"1h30m"`.
    static let length = length(.length())
    /// An id of an instance.
    static let id = integer.within(.id)
    private static let targetElement = ValueType(
        "integer|vast.Instance", [.number, .userdata], expected: "instance or id", numbers: .id)
    /// An id, an instance, or a list of either.
    static let target = ValueType(
        "vast.Target", [.number, .userdata, .table], expected: "instance id",
        tables: .list(targetElement),
        numbers: .id)
    /// A table of fields and values, with ``Parameter/wherePredicate`` beside them.
    package static let query = ValueType("vast.Query", [.table], expected: "table", tables: .query([.wherePredicate]))

    /// Signals of idleness with their limits.
    static let signals = ValueType("vast.Signals", [.table], tables: .signals)

    /// A text that is not empty.
    static let name = ValueType("string", [.string], texts: .notEmpty)

    /// A label of an instance.
    static let label: ValueType = {
        var type = string
        type.longest = VerbsModule.labelLimit
        return type
    }()

    /// A URL of http or https.
    static let url = ValueType("string", [.string], texts: .url)

    /// A method of HTTP.
    static func method(_ methods: [String]) -> ValueType { ValueType("string", [.string], texts: .method(methods)) }

    /// A length of time within bounds.
    static func length(_ bounds: NumberForm) -> ValueType {
        ValueType(
            "vast.Length", [.number, .string], expected: "length such as \"45m\" or seconds", texts: .length(bounds), numbers: bounds)
    }

    /// The same type, with numbers within bounds.
    func within(_ bounds: NumberForm) -> ValueType {
        var type = self
        type.numbers = bounds
        return type
    }

    /// One of several words.
    static func words(_ words: [String]) -> ValueType {
        ValueType(
            words.map { "\"\($0)\"" }.joined(separator: "|"), [.string], expected: "one of " + words.joined(separator: ", "),
            texts: .words(words))
    }

    /// A function with parameters, as annotations write it.
    static func function(_ signature: String) -> ValueType {
        ValueType("fun\(signature)", [.function], expected: "function")
    }

    /// A value of either type.
    static func | (left: ValueType, right: ValueType) -> ValueType {
        ValueType(
            left.annotation + "|" + right.annotation, left.kinds.flatMap { kinds in right.kinds.map { kinds + $0 } },
            expected: left.expected + " or " + right.expected, texts: form(left, right, .string, \.texts),
            tables: form(left, right, .table, \.tables), numbers: form(left, right, .number, \.numbers))
    }

    /// What values of one kind have to be that may be of either type: known where only one of the two takes such.
    private static func form<Form>(_ left: ValueType, _ right: ValueType, _ kind: LuaKind, _ form: KeyPath<ValueType, Form?>) -> Form? {
        switch (left.kinds?.contains(kind) ?? true, right.kinds?.contains(kind) ?? true) {
        case (true, false): left[keyPath: form]
        case (false, true): right[keyPath: form]
        default: nil
        }
    }

    /// A list of such values.
    static func list(_ element: ValueType) -> ValueType {
        let name = element.annotation.contains("|") ? "(\(element.annotation))" : element.annotation
        return ValueType("\(name)[]", [.table], expected: "table", tables: .list(element))
    }

    /// Whether a value may be one; contents of tables and the spelling of texts are the function's to look at.
    func accepts(_ view: LuaView) -> Bool {
        guard let kinds else { return true }
        return kinds.contains(view.kind) && (!isWhole || view.integer != nil)
    }

    /// Whether it stands in a list of targets.
    package var isTarget: Bool { self == Self.targetElement }

    /// Whether it says which instances are meant.
    package var isTargeted: Bool { self == Self.target || self == Self.id }

    /// The objects of ours that it takes; none where that is left open.
    package var objects: [String] {
        if self == Self.target { return [ObjectDeclaration.instanceName, ObjectDeclaration.listName] }
        return ObjectDeclaration.all.map(\.name).filter { name in annotation.split(separator: "|").contains { $0 == name } }
    }

    /// Why a text that is written out will not do; nil where it will, or may.
    ///
    /// - Parameter name: of the parameter.
    package func problem(withText text: String, _ name: String) -> String? {
        if let longest, text.unicodeScalars.count > longest {
            return "a text of at most \(longest) characters expected, got one of \(text.unicodeScalars.count)"
        }
        return texts?.problem(with: text, name)
    }

    /// Why a number that is written out will not do; nil where it will.
    package func problem(with number: Double) -> String? {
        if isWhole, Int64(exactly: number) == nil { return "number has no integer representation" }
        return numbers?.problem(with: number)
    }

    /// How the query is written that a text or a number is meant for.
    private static func queryHint(_ view: LuaView) -> String {
        if view.kind == .number { return view.integer.map { "; for one instance: vast.instance(\($0))" } ?? "" }
        guard let text = view.string, (1...64).contains(text.utf8.count), !text.contains(where: { "\"\\\n".contains($0) }) else {
            return ""
        }
        let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2, let type = FieldDeclaration.instanceTypes[parts[0]] else { return "; for a label: {label = \"\(text)\"}" }
        return "; write {\(parts[0]) = \(type.hasPrefix("string") || type.hasPrefix("vast.") ? "\"\(parts[1])\"" : parts[1])}"
    }

    /// Why it is not accepted.
    func problem(with view: LuaView) -> String {
        if isWhole, view.kind == .number { return "number has no integer representation" }
        return "\(expected) expected, got \(view.typeName)\(self == Self.query ? Self.queryHint(view) : "")"
    }
}
