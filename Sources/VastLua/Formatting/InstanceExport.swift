package import VastAPI
package import VastJSON

/// An instance for programs.
package enum InstanceExport {
    /// Every field that has a value, ours first, as scripts see them; without those that can hold secrets.
    package static func json(_ instance: Instance) -> JSONObject {
        var object = JSONObject()
        for (name, value) in InstanceFields.all(of: instance) where !Instance.secretFields.contains(name) {
            object[name] = json(value)
        }
        return object
    }

    private static func json(_ value: FieldValue) -> JSONValue {
        switch value {
        case .none: .null
        case .boolean(let flag): .bool(flag)
        case .integer(let integer): .integer(integer)
        case .number(let number): .double(number)
        case .string(let text): .string(text)
        case .json(let json): json.value
        case .tags(let tags): .object(tags.json)
        }
    }
}
