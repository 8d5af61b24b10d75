package import FleetRules
import VastAPI

/// A change of a call that has not ended.
struct OpenChange {
    var record: ChangeRecord
    /// Whether a request with it has left.
    var isSent = false
    /// What it has taken the place of.
    var replaced: ChangeRecord?
    /// What was known of the instance before.
    let before: InstanceFacts?

    init(_ record: ChangeRecord, before: InstanceFacts?) { (self.record, self.before) = (record, before) }
}
