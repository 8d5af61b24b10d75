import LuaEngine
import VastLua

/// What Lua's `type` says of a value.
extension InferredType {
    /// nil where that is not known.
    var kind: LuaKind? {
        switch shape {
        case .nil: .nil
        case .plain(let name): Self.kinds[name]
        case .words: .string
        case .list, .map, .module: .table
        case .object(let name): DeclaredTypes.objects[name].map { $0.isTable ? .table : .userdata }
        case .function, .declared: .function
        case .standard(let name): StandardFunctions.all.contains(name) ? .function : nil
        case .oneOf(let types): Self.common(types.map(\.kind))
        case .iterator, .unknown: nil
        }
    }

    private static let kinds: [String: LuaKind] = [
        "boolean": .boolean, "true": .boolean, "number": .number, "integer": .number, "string": .string, "table": .table,
        "userdata": .userdata, "function": .function
    ]

    private static func common(_ kinds: [LuaKind?]) -> LuaKind? {
        guard let first = kinds.first, kinds.allSatisfy({ $0 == first }) else { return nil }
        return first
    }

    /// What a message calls it: a declared object by its name.
    var described: String {
        if case .object(let name) = shape { return name }
        return kind?.rawValue ?? "a value"
    }
}
