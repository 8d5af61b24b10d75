/// The members of a JSON object in the order in which they were added.
///
/// Two objects are equal when they have the same members, in whatever order, as in JSON itself.
public struct JSONObject: Sendable {
    private var names: [String] = []
    private var values: [String: JSONValue] = [:]

    /// An object without members.
    public init() {}

    /// - Parameter members: names and values; of several with one name the first counts, as in ``JSON``.
    public init(_ members: some Sequence<(String, JSONValue)>) {
        for (name, value) in members where values[name] == nil {
            names.append(name)
            values[name] = value
        }
    }

    /// The value of that name; assigning adds or replaces it, and assigning nil removes the member.
    public subscript(name: String) -> JSONValue? {
        get { values[name] }
        set {
            if values[name] == nil, newValue != nil { names.append(name) }
            if newValue == nil { names.removeAll { $0 == name } }
            values[name] = newValue
        }
    }

    /// How many members there are.
    public var count: Int { names.count }
}

extension JSONObject: Sequence {
    public func makeIterator() -> some IteratorProtocol<(name: String, value: JSONValue)> {
        names.lazy.map { (name: $0, value: values[$0] ?? .null) }.makeIterator()
    }
}

extension JSONObject: Hashable {
    public static func == (left: JSONObject, right: JSONObject) -> Bool { left.values == right.values }
    public func hash(into hasher: inout Hasher) { hasher.combine(values) }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    /// Of several members with one name the first counts, as in ``JSON``.
    public init(dictionaryLiteral elements: (String, JSONValue)...) { self.init(elements) }
}
