package import VastModels

/// Something that happened to an instance between two readings of the fleet.
package struct FleetChange: Sendable {
    package enum Event: String, Sendable, CaseIterable {
        case stopped, started, outbid, dead, offline, appeared, gone, label
        /// Its contract ends within ``FleetHistory/endingSoon``.
        case contractEnding = "contract_ending"
        /// A change that was ordered has not come about.
        case notFollowed = "not_followed"
    }

    /// Who did it.
    package enum Author: String, Sendable {
        case us, other, unknown
    }

    package let event: Event
    package let id: InstanceID
    /// The snapshots around it; nil where the instance was not there.
    package let before: Instance?
    package let now: Instance?
    package var by = Author.unknown
    /// What was ordered, for `not_followed`.
    package var verb: Change.Verb?
    /// What is the matter, in words, for `not_followed`.
    package var why: String?

    package init(_ event: Event, _ id: InstanceID, before: Instance?, now: Instance?) {
        self.event = event
        self.id = id
        self.before = before
        self.now = now
    }
}
