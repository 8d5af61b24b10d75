/// What `and`, `or` and comparisons tell of nil.
extension TypeWalk {
    /// What `and` gives.
    static func both(_ left: InferredValue, _ right: InferredValue) -> InferredValue {
        let leftCanBeNil = left.type.canBeNil && left.path != nil
        let type = InferredType(shape: right.type.shape, canBeNil: right.type.canBeNil || leftCanBeNil)
        return InferredValue(
            type: type, proofs: (right.type.canBeNil ? right : left).allProofs,
            whenTrue: InferredValue.limited(left.whenTrue + right.whenTrue),
            whenFalse: left.whenFalse.filter(right.whenFalse.contains), lastMethod: right.method ?? right.lastMethod)
    }

    /// What `or` gives.
    static func either(_ left: InferredValue, _ right: InferredValue) -> InferredValue {
        let shape = InferredType.join(left.type.present, right.type.present).shape
        return InferredValue(
            type: InferredType(shape: shape, canBeNil: right.type.canBeNil && shape != .unknown),
            proofs: InferredValue.limited(left.allProofs + right.allProofs),
            whenTrue: left.whenTrue.filter(right.whenTrue.contains),
            whenFalse: InferredValue.limited(left.whenFalse + right.whenFalse), lastMethod: right.method ?? right.lastMethod)
    }

    /// What `==` gives; of `~=` the other way round.
    static func equality(_ left: InferredValue, _ right: InferredValue) -> InferredValue {
        var result = InferredValue.plain("boolean")
        for (value, other) in [(left, right), (right, left)] {
            if other.type.shape == .nil {
                result.whenFalse += value.ownPaths
                result.whenTrue += value.whenFalse
            }
            if other.isPresent { result.whenTrue += value.ownPaths }
            guard let text = other.text, !value.kindOf.isEmpty else { continue }
            if text == "nil" { result.whenFalse += value.kindOf } else { result.whenTrue += value.kindOf }
        }
        return result
    }
}
