import VastLua

/// What calls of verbs return, which an option decides.
extension TypeWalk {
    /// The types of what a call returns.
    ///
    /// - Parameters:
    ///   - target: what a verb changes.
    ///   - values: the arguments, which begin at `start`.
    func results(of declaration: Declaration, on target: InferredType, _ values: [InferredValue], _ start: Int) -> [InferredType] {
        let declared = DeclaredTypes.results(of: declaration)
        guard let waited = declaration.results.first?.waited else { return declared }
        // A declared function with one result gives one.
        let isWhole = values.last?.results.map { $0.count == 1 && $0.first != .unknown } ?? false
        switch calls.isGiven("wait", to: declaration, opening: start, isWhole: isWhole) {
        case true?: return [Self.waited(TypeAnnotation.type(waited), for: target)]
        case false?: return declared
        case nil: return [.unknown]
        }
    }

    /// What is there after a wait: one for one instance, a list for a list.
    private static func waited(_ one: InferredType, for target: InferredType) -> InferredType {
        let list = InferredType(shape: .object(ObjectDeclaration.listName))
        switch target.shape {
        case .object(ObjectDeclaration.listName), .list, .plain("table"): return list
        case .object, .plain("number"), .plain("integer"): return one
        default: return InferredType(shape: .oneOf([one, list]))
        }
    }
}
