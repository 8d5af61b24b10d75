import VastJSON

/// The names of a row's members in their order, shared by all rows that have the same ones.
package final class RowShape: Sendable {
    /// The names in the order in which they are written.
    let names: [String]
    /// Which members follow the world rather than the saved row; nil at the others.
    let live: [LiveField?]
    private let positions: [String: Int]

    init(_ names: [String]) {
        self.names = names
        live = names.map(LiveField.init(rawValue:))
        positions = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    }

    /// Where a member stands in the row; nil when rows of this shape have none of that name.
    func position(of name: String) -> Int? { positions[name] }
}

/// The members of a row that nothing in the world changes; unknown ones of a saved fleet file among them, untouched.
struct RowTemplate: Sendable {
    let shape: RowShape
    private(set) var values: [JSONValue]

    init(shape: RowShape, values: [JSONValue]) {
        precondition(shape.names.count == values.count, "a row has one value for each name")
        self.shape = shape
        self.values = values
    }

    /// The saved value of that name; assigning to a name that the row has not is ignored.
    subscript(name: String) -> JSONValue? {
        get { shape.position(of: name).map { values[$0] } }
        set {
            guard let position = shape.position(of: name), let newValue else { return }
            values[position] = newValue
        }
    }

    /// A number, whether it is written as integer or not.
    func number(_ name: String) -> Double? { self[name]?.number }

    /// A text.
    func text(_ name: String) -> String? { self[name]?.text }
}

extension JSONValue {
    /// The value as a number; nil when it is none.
    var number: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .unsigned(let value): Double(value)
        case .double(let value): value
        default: nil
        }
    }

    /// The value as an integer, also when it is written as `12.0`; nil when it is none.
    var wholeNumber: Int64? {
        switch self {
        case .integer(let value): value
        case .double(let value): Int64(exactly: value)
        default: nil
        }
    }

    /// The value as a text; nil when it is none.
    var text: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The elements; nil when it is no array.
    var elements: [JSONValue]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    /// The value as a truth value; nil when it is none.
    var truth: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }
}
