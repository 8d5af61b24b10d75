/// A JSON value that owns its parts; for building request bodies and for values that are kept or changed.
public enum JSONValue: Sendable, Hashable {
    case null
    case bool(Bool)
    case integer(Int64)
    /// An integer that is too large for `Int64`.
    case unsigned(UInt64)
    case double(Double)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)

    /// The member of that name; nil when there is none or this is not an object.
    public subscript(name: String) -> JSONValue? {
        guard case .object(let object) = self else { return nil }
        return object[name]
    }
}

extension JSON {
    /// A copy of this value and everything inside it.
    public var value: JSONValue {
        switch tag {
        case Tag.true: .bool(true)
        case Tag.false: .bool(false)
        case Tag.signed, Tag.unsigned:
            if let int64 { .integer(int64) } else { .unsigned(document.words[index + 1]) }
        case Tag.double: .double(Double(bitPattern: document.words[index + 1]))
        case Tag.string: .string(string ?? "")
        case Tag.array: .array(elements.map(\.value))
        case Tag.object: .object(JSONObject(members.map { ($0.name, $0.value.value) }))
        default: .null
        }
    }
}

extension JSONValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    public init(nilLiteral: ()) { self = .null }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(integerLiteral value: Int64) { self = .integer(value) }
    public init(floatLiteral value: Double) { self = .double(value) }
    public init(stringLiteral value: String) { self = .string(value) }
    public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    public init(dictionaryLiteral elements: (String, JSONValue)...) { self = .object(JSONObject(elements)) }
}
