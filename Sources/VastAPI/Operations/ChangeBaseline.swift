/// What was known of an instance before it was changed, so that a change whose answer was lost is not sent again over
/// what somebody else has done since.
public struct ChangeBaseline: Sendable, Hashable {
    public var intendedStatus: String?
    public var label: String

    public init(intendedStatus: String?, label: String) {
        self.intendedStatus = intendedStatus
        self.label = label
    }

    public init(_ row: Instance) {
        self.init(intendedStatus: row.intendedStatus, label: row.label)
    }
}
