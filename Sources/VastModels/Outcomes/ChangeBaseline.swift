/// What was known of an instance before it was changed, so that a change whose answer was lost is not sent again over
/// what somebody else has done since.
public struct ChangeBaseline: Sendable, Hashable {
    /// What the user asked for last, in the service's words; nil when the row had none.
    public var intendedStatus: String?
    /// The user's text; empty when there is none.
    public var label: String
    /// Whether it was outbid: it comes back by itself when its bid wins, unless it is stopped.
    public var isOutbid: Bool
    /// Whether it runs only while its bid wins; nil when that is not known.
    public var isInterruptible: Bool?

    /// - Parameters:
    ///   - intendedStatus: in the service's words; nil when the row had none.
    ///   - label: empty when there is none.
    ///   - isInterruptible: nil when that is not known.
    public init(intendedStatus: String?, label: String, isOutbid: Bool = false, isInterruptible: Bool? = nil) {
        self.intendedStatus = intendedStatus
        self.label = label
        self.isOutbid = isOutbid
        self.isInterruptible = isInterruptible
    }

    /// See ``ChangeVerb/isProvable(from:isInterruptible:)``.
    package func canProve(_ verb: Change.Verb) -> Bool {
        verb.rules.isProvable(from: intendedStatus, isInterruptible: isInterruptible)
    }

    /// Whether a row shows the same; what it says of bids is no sign of a change by anybody.
    package func isShown(by row: Instance) -> Bool { intendedStatus == row.intendedStatus && label == row.label }
}
