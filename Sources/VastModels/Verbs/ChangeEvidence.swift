/// What a reading of the fleet says about a change that nobody knows the outcome of.
package enum ChangeEvidence: Sendable, Equatable {
    /// The instance is as the change wanted it.
    case applied
    /// It is not.
    case notApplied
    /// That cannot be told; why.
    case unknown(String)

    /// - Parameters:
    ///   - instance: the row; nil when it was not in the reading.
    ///   - isWhole: whether a missing row means that the instance is gone.
    package static func judge(_ verb: Change.Verb, _ payload: ChangePayload?, instance: Instance?, isWhole: Bool) -> ChangeEvidence {
        if let instance { return verb.rules.evidence(in: instance, payload) }
        guard isWhole else { return .unknown("the instance was not read") }
        return verb.rules.endsRental ? .applied : .unknown("the instance is gone")
    }

    /// The evidence for a stop or a start.
    static func ofSwitch(_ row: Instance, isApplied: Bool) -> ChangeEvidence {
        guard row.intendedStatus != nil else { return .unknown("its intended status is not known") }
        return isApplied ? .applied : .notApplied
    }
}
