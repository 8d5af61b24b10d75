/// What a change does to one instance, as far as limits are concerned.
package struct ChangeEffect: Sendable, Equatable {
    /// The limits on numbers of changes that count it.
    package var caps: [GuardLimit] = []
    /// Whether it takes a running instance away from whoever uses it, or may.
    package var interrupts = false
    /// Whether the instance is off afterwards, or may be.
    package var turnsOff = false
    /// Whether it adds to the bill, or may: how much is ``rateAdded``.
    package var addsToBill = false
    /// What it adds, in $/h; nil when that is not known.
    package var rateAdded: USDPerHour?
    /// How long it may take until the fleet shows what it does, in seconds; 0: as soon as the service has answered.
    package var delay = 0.0
    /// Whether a protected instance is left alone by it: only what gives something to whoever uses it is allowed there.
    package var isAllowedOnProtected = false

    /// An effect that neither interrupts nor costs anything.
    ///
    /// - Parameter caps: the limits that it counts against.
    package init(caps: [GuardLimit] = []) { self.caps = caps }
}

/// What bounds a change beside the limits of the guard.
package struct ChangeBounds: Sendable {
    /// The highest price that the caller has named, in $/h.
    package var highest: USDPerHour?
    /// How long ago the same part of the instance was changed by us, in seconds; nil: not lately.
    package var sinceLast: Double?

    /// - Parameters:
    ///   - highest: the highest price that the caller has named, in $/h; nil: none.
    ///   - sinceLast: how long ago we changed the same part of the instance, in seconds; nil: not lately.
    package init(highest: USDPerHour? = nil, sinceLast: Double? = nil) { (self.highest, self.sinceLast) = (highest, sinceLast) }
}

/// The parts of an instance that changes are about: a later change of the same part replaces an earlier one.
package enum ChangeAspect: Hashable, Sendable, CaseIterable {
    case state, label, price, other
}

/// An aspect of one instance: what a later change takes the place of.
package struct InstanceAspect: Hashable, Sendable {
    /// The instance.
    package let id: InstanceID
    /// The part of it.
    package let aspect: ChangeAspect

    /// One part of one instance.
    package init(id: InstanceID, aspect: ChangeAspect) { (self.id, self.aspect) = (id, aspect) }
}

/// When a change whose answer was lost may be sent once more (Vast API contract, section 7).
package enum ResendRule: Sendable {
    case never
    /// Within seconds, while the row is as it was before.
    case whileUnchanged
    /// While the instance is still wanted off.
    case whileWantedStopped
    /// While the instance is there.
    case whileThere
}
