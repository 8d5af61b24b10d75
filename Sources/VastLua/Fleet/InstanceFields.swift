import FleetClock
import FleetRules
import LuaEngine
import VastAPI
import VastJSON

/// What a field of an instance holds.
enum FieldValue {
    case none
    case boolean(Bool)
    case integer(Int64)
    case number(Double)
    case string(String)
    /// A value of the API's own row, as it came.
    case json(JSON)
    /// What its label holds of others.
    case tags([LabelTags.Tag])
}

/// The fields of an instance as scripts see them: every field of the API by its name, and ours, which win.
enum InstanceFields {
    /// What we derive ourselves, each by one documented rule.
    static let derived = FieldDeclaration.derivedInstanceFields.map(\.name)

    /// The fields that the service documents; one that is missing from a row is nil, not an error.
    static let documented = Set(FieldDeclaration.serviceInstanceFields.map(\.name))

    /// Those of them that hold numbers.
    private static let numeric = Set(
        FieldDeclaration.serviceInstanceFields.filter { ["number?", "integer?"].contains($0.type) }.map(\.name))

    /// The value of a field.
    ///
    /// - Returns: nil when the name is neither ours, nor documented, nor in the row.
    static func value(_ name: String, of instance: Instance) -> FieldValue? {
        if let own = derivedValue(name, of: instance) { return own }
        guard let raw = instance.raw(name) else { return documented.contains(name) ? FieldValue.none : nil }
        if raw.isNull { return FieldValue.none }
        // A text such as "NaN", a list or an impossible number in the place of a number says nothing.
        if numeric.contains(name), raw.double.map({ Instance.isPossible($0, name) }) != true { return FieldValue.none }
        return .json(raw)
    }

    private static func derivedValue(_ name: String, of instance: Instance) -> FieldValue? {
        switch name {
        case "id": .integer(instance.id.rawValue)
        case "label": .string(instance.label)
        case "state": .string(instance.state.rawValue)
        case "status_words": .string(instance.statusWords)
        case "billing": .string(instance.billing.rawValue)
        case "rate": number(instance.rate?.rawValue)
        case "rate_on": number(instance.rateOn?.rawValue)
        case "rate_off": number(instance.rateOff?.rawValue)
        case "age": number(instance.age()?.seconds)
        case "ends_in": number(instance.endsIn()?.seconds)
        case "tags": .tags(LabelTags.all(in: instance.label))
        case "observed_at": .number(instance.observedAt.timeIntervalSince1970)
        default: nil
        }
    }

    private static func number(_ value: Double?) -> FieldValue {
        value.map(FieldValue.number) ?? FieldValue.none
    }

    /// Every field that has a value, ours first, each in the order of the row.
    static func all(of instance: Instance) -> [(name: String, value: FieldValue)] {
        let own = (["id", "label"] + derived).map { ($0, derivedValue($0, of: instance) ?? FieldValue.none) }
        let ownNames = Set(own.map(\.0))
        let rest = instance.row.members.map(\.name).filter { !ownNames.contains($0) }
            .map { ($0, value($0, of: instance) ?? FieldValue.none) }
        return (own + rest).filter { if case .none = $0.1 { false } else { true } }
    }

    /// "did you mean" for a name that is no field.
    static func suggestion(for name: String, of instance: Instance, methods: [String]) -> String? {
        FieldDeclaration.meant(by: name, among: derived + documented + instance.row.members.map(\.name) + methods)
    }
}

extension FieldValue {
    /// The value as a number, for sums and orders.
    var double: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        case .json(let value): value.double
        case .none, .boolean, .string, .tags: nil
        }
    }

    /// The value as text, for orders and groups.
    var text: String? {
        switch self {
        case .string(let value): value
        case .json(let value): value.string
        case .none, .boolean, .integer, .number, .tags: nil
        }
    }

    /// The value as a truth value.
    var bool: Bool? {
        switch self {
        case .boolean(let value): value
        case .json(let value): value.bool
        case .none, .integer, .number, .string, .tags: nil
        }
    }
}

extension [LabelTags.Tag] {
    /// As an object; a word alone is true.
    var json: JSONObject { JSONObject(map { ($0.name, $0.value.map(JSONValue.string) ?? .bool(true)) }) }
}
