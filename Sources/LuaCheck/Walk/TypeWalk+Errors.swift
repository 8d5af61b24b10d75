/// What `pcall` and `vast.try` catch.
extension TypeWalk {
    /// Of a call by `pcall`.
    static func protected(_ arguments: [InferredValue]) -> InferredValue {
        var value = unknownResult(arguments)
        value.type = InferredType(shape: .plain("boolean"))
        value.results = [value.type, InferredType(shape: .oneOf([.unknown, .error]))]
        return value
    }

    /// Of a call by `vast.try`: the second result is nothing else than the error where the function has one result.
    static func tried(_ value: InferredValue, _ arguments: [InferredValue]) -> InferredValue {
        guard arguments.count > 1, case .declared(let name) = arguments[1].type.shape,
            DeclaredTypes.functions[name].map({ $0.results.count < 2 }) ?? false, let first = value.results?.first
        else { return value }
        var value = value
        value.results = [first, InferredType(shape: .object(InferredType.errorName), canBeNil: true)]
        return value
    }

    /// A variable holds an error when another one is false or nil.
    mutating func noteError(in variable: Int, unless success: Int) {
        let fact = Self.errorFact("\(variable):\(scopes.variables[variable].name)")
        scopes.change(success) { $0.whenFalse.append(fact) }
    }

    /// The names of the declared objects that a value may be here; none when it may be anything else.
    func objects(of value: InferredValue) -> [String] {
        let isError = value.type.mayBeError && value.ownPaths.contains { scopes.isKnown(Self.errorFact($0)) }
        return isError ? [InferredType.errorName] : value.type.owners
    }

    /// What is known of a path that is an error.
    private static func errorFact(_ path: String) -> String { "\(path)!" }
}

extension InferredType {
    /// What errors are called.
    static let errorName = "vast.Error"
    static let error = InferredType(shape: .object(errorName))

    /// Whether it is an error, or anything else.
    var mayBeError: Bool { if case .oneOf(let types) = shape { types.contains(.unknown) && types.contains(.error) } else { false } }
}
