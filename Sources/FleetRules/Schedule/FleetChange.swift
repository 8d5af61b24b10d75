package import VastModels

/// Something that happened to an instance between two readings of the fleet.
package struct FleetChange: Sendable {
    /// What happened; the raw values are the names of events in scripts.
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

    /// What happened.
    package let event: Event
    /// The instance that it happened to.
    package let id: InstanceID
    /// The snapshots around it; nil where the instance was not there.
    package let before: Instance?
    /// The later one of the two snapshots.
    package let now: Instance?
    /// Who ordered it, for `not_followed`; unknown for the other events, whose author is looked for when they are told.
    package var by = Author.unknown
    /// What was ordered, for `not_followed`.
    package var verb: Change.Verb?
    /// What is the matter, in words, for `not_followed`.
    package var why: String?

    /// - Parameters:
    ///   - before: nil where the instance was not there.
    ///   - now: nil where the instance is gone.
    package init(_ event: Event, _ id: InstanceID, before: Instance?, now: Instance?) {
        self.event = event
        self.id = id
        self.before = before
        self.now = now
    }
}
