import LuaEngine

/// What is known of a value without running anything.
struct InferredType: Equatable, Sendable {
    /// A parameter of a function type.
    struct Parameter: Equatable, Sendable {
        let name: String
        let type: InferredType
    }

    indirect enum Shape: Equatable, Sendable {
        case unknown
        /// Lua's nil, written out.
        case `nil`
        /// What has no fields to look at, such as `number`.
        case plain(String)
        /// A text that is one of some words; where they are open, a script may have words of its own.
        case words([String], isOpen: Bool)
        /// A declared object, such as `vast.Instance`.
        case object(String)
        case list(InferredType)
        /// A table with such values under any key.
        case map(InferredType)
        case function([Parameter])
        case oneOf([InferredType])
        /// `vast`, with an empty name, or one of its sub-tables.
        case module(String)
        /// A function of `vast`.
        case declared(String)
        /// Something of Lua's own, such as `ipairs` or `os.exit`.
        case standard(String)
        /// What `ipairs` and `pairs` return: the types of the loop's variables.
        case iterator([InferredType])
    }

    let shape: Shape
    /// Whether it is certain that it may be nil.
    var canBeNil = false

    static let unknown = InferredType(shape: .unknown)

    /// What a variable holds that is assigned a value of either type; nil itself tells nothing of the type.
    static func join(_ left: InferredType, _ right: InferredType) -> InferredType {
        if left.shape == .nil { return InferredType(shape: right.shape) }
        if right.shape == .nil { return InferredType(shape: left.shape) }
        guard left.shape == right.shape else { return .unknown }
        return InferredType(shape: left.shape, canBeNil: left.canBeNil && right.canBeNil)
    }

    /// The same type without nil.
    var present: InferredType { InferredType(shape: shape) }

    /// The same type, where words are any text.
    var withoutWords: InferredType {
        if case .words = shape { InferredType(shape: .plain("string"), canBeNil: canBeNil) } else { self }
    }

    /// The names of the declared objects that it may be; none when it may be anything else.
    var objects: [String] {
        switch shape {
        case .object(let name): [name]
        case .oneOf(let types): types.allSatisfy { !$0.objects.isEmpty } ? types.flatMap(\.objects) : []
        default: []
        }
    }

    /// The names of the declared objects whose fields it may have: of one that may be a number or a truth value, those of
    /// the others.
    var owners: [String] {
        guard case .oneOf(let types) = shape else { return objects }
        return InferredType(shape: .oneOf(types.filter { ![.number, .boolean].contains($0.kind) })).objects
    }

    /// What `[…]` gives.
    var element: InferredType {
        switch shape {
        case .list(let element), .map(let element): element
        case .object(let name): DeclaredTypes.elements[name] ?? .unknown
        case .oneOf(let types): types.lazy.map(\.element).first { $0 != .unknown } ?? .unknown
        default: .unknown
        }
    }
}
