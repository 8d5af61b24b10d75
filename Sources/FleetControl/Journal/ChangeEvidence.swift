package import VastAPI

/// What a reading of the fleet says about a change that nobody knows the outcome of.
package enum ChangeEvidence: Sendable, Equatable {
    /// The instance is as the change wanted it.
    case applied
    /// It is not.
    case notApplied
    /// That cannot be told; why.
    case unknown(String)

    /// - Parameters:
    ///   - label: the label that a `label` change was to set.
    ///   - instance: the row; nil when it was not in the reading.
    ///   - isWhole: whether a missing row means that the instance is gone.
    package static func judge(_ verb: Change.Verb, label: String?, instance: Instance?, isWhole: Bool) -> ChangeEvidence {
        guard let instance else {
            guard isWhole else { return .unknown("the instance was not read") }
            return verb == .destroy ? .applied : .unknown("the instance is gone")
        }
        switch verb {
        case .stop, .start:
            guard instance.intendedStatus != nil else { return .unknown("its intended status is not known") }
            return verb.isAccepted(by: instance) || (verb == .start && instance.isStartQueued) ? .applied : .notApplied
        case .label: return verb.isAccepted(by: instance, label: label) ? .applied : .notApplied
        case .destroy: return .notApplied
        case .reboot, .recycle:
            return verb.isAccepted(by: instance) ? .applied : .unknown("the fleet does not show whether it was done")
        case .other: return .unknown("vast-lua does not know what the request does")
        }
    }
}
