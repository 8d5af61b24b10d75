package import VastModels

/// A call that wants to change instances, as the guard judges it: those that are satisfied already are not in it.
package struct GuardOrder: Sendable {
    /// What is to be done to each of the instances.
    package var verb: Change.Verb
    /// What is set beside the verb.
    package var payload: ChangePayload?
    /// Each once. Empty for a request that vast-lua has no name for.
    package var ids: [InstanceID]
    /// The ids that the caller repeated to confirm a destroy or recycle.
    package var confirmed: Set<InstanceID>
    /// Whether it undoes an earlier change of the same call: free of caps, not of freeze.
    package var isCompensation: Bool

    /// - Parameters:
    ///   - ids: one that stands twice counts once.
    ///   - confirmed: the ids that the caller repeated to confirm a destroy or recycle.
    ///   - isCompensation: whether it undoes an earlier change of the same call.
    package init(
        _ verb: Change.Verb, _ ids: [InstanceID], _ payload: ChangePayload? = nil, confirmed: Set<InstanceID> = [],
        isCompensation: Bool = false
    ) {
        self.verb = verb
        self.payload = payload
        var seen = Set<InstanceID>()
        self.ids = ids.filter { seen.insert($0).inserted }
        self.confirmed = confirmed
        self.isCompensation = isCompensation
    }

    /// What it counts as: a request without known instances is one change.
    package var count: Int { max(ids.count, verb == .other ? 1 : 0) }

    /// What it does to an instance.
    func effect(on facts: InstanceFacts?) -> ChangeEffect { verb.rules.effect(payload, on: facts) }

    /// The instances that it does something to.
    func ids(in fleet: GuardFleet, where isSo: (ChangeEffect) -> Bool) -> [InstanceID] { ids.filter { isSo(effect(on: fleet[$0])) } }
}

/// A change that was made earlier and counts: in this run, or by anybody in the last hour of the account.
package struct GuardEntry: Sendable, Equatable {
    /// nil: one that this vast-lua has no name for; it counts against every cap.
    package var verb: Change.Verb?
    /// The instance that was changed; 0 for a request that names none.
    package var id: InstanceID
    /// What it does; how much it adds to the bill is ``rate``.
    package var effect: ChangeEffect
    /// For what adds to the bill what it added, else what the instance cost when it ran, in $/h; nil when unknown.
    package var rate: USDPerHour?
    /// How many GPUs the change takes away or gives, 0 for what was off; nil when that is not known.
    package var gpuCount: Int?
    /// When it was let through or sent, in Unix seconds.
    package var time = 0.0
    /// When the service had answered, in Unix seconds; nil: not yet. A reading that began before that may not show it.
    package var answered: Double?

    /// - Parameter effect: nil: the worst one that the verb can have.
    package init(_ verb: Change.Verb?, _ id: InstanceID, _ effect: ChangeEffect? = nil, rate: USDPerHour? = nil, gpuCount: Int? = nil) {
        self.verb = verb
        self.id = id
        self.effect = effect ?? verb?.rules.effect(nil, on: nil) ?? .any
        self.effect.rateAdded = nil
        self.rate = rate
        self.gpuCount = gpuCount
    }

    /// The entry for a change of an instance of which these facts are known.
    package init(_ verb: Change.Verb, _ id: InstanceID, _ payload: ChangePayload? = nil, facts: InstanceFacts?) {
        let effect = verb.rules.effect(payload, on: facts)
        let isOff = effect.interrupts && facts?.isOn == false
        self.init(
            verb, id, effect, rate: effect.addsToBill ? effect.rateAdded : isOff ? .zero : facts?.rateInterrupted,
            gpuCount: isOff ? 0 : facts?.gpuCount)
    }

    /// Whether a cap on numbers counts it.
    func counts(under cap: GuardLimit) -> Bool { effect.caps.contains(cap) }
}

extension ChangeEffect {
    /// What a change may do that this vast-lua has no name for.
    fileprivate static var any: ChangeEffect {
        var effect = ChangeEffect(caps: GuardLimit.allCases)
        (effect.interrupts, effect.turnsOff, effect.addsToBill) = (true, true, true)
        return effect
    }
}

/// What the guard knows of the fleet.
package struct GuardFleet: Sendable {
    /// The instances by id, as they were read.
    private let facts: [InstanceID: InstanceFacts]
    /// What our own changes have made of some of them since; nil: gone.
    private var changes: [InstanceID: InstanceFacts?] = [:]
    /// Those that are on.
    private(set) var on: Set<InstanceID>
    /// Whether these are all that there are, so that a fraction means something.
    package let isWhole: Bool
    /// Whether those that are on may be counted: of a whole fleet, or of a part that somebody takes for one.
    let isCountable: Bool
    /// When they were read whole, in Unix seconds; nil when they never were, or nobody knows.
    package let readAt: Double?

    /// Instances of which nobody knows when they were read; of two with one id the first counts.
    ///
    /// - Parameter isWhole: whether they are all that there are.
    package init(_ facts: some Sequence<InstanceFacts>, isWhole: Bool) {
        self.facts = Dictionary(facts.map { ($0.id, $0) }) { first, _ in first }
        on = Set(self.facts.values.lazy.filter(\.isOn).map(\.id))
        (self.isWhole, isCountable) = (isWhole, isWhole)
        readAt = nil
    }

    /// - Parameter on: those of the instances that are on.
    package init(facts: [InstanceID: InstanceFacts], on: Set<InstanceID>, isWhole: Bool, isCountable: Bool = false, readAt: Double?) {
        (self.facts, self.on, self.isWhole, self.readAt) = (facts, on, isWhole, readAt)
        self.isCountable = isWhole || isCountable
    }

    /// The fleet of one reading; it is whole when the reading is complete and was not filtered.
    package init(_ snapshot: FleetSnapshot) {
        self.init(snapshot.instances.map(InstanceFacts.init), isWhole: snapshot.isAuthoritative)
    }

    /// What is known of an instance; nil when nothing is.
    package subscript(id: InstanceID) -> InstanceFacts? {
        if let change = changes[id] { return change }
        return facts[id]
    }

    /// The fleet with our own changes in it.
    package func changed(_ changes: [InstanceID: InstanceFacts?]) -> GuardFleet {
        var copy = self
        for (id, facts) in changes {
            copy.changes[id] = .some(facts)
            if facts?.isOn == true { copy.on.insert(id) } else { copy.on.remove(id) }
        }
        return copy
    }

    /// The fleet without what others have interrupted since it was read, or were interrupting then: it may show them as on
    /// still. What had been written down and not sent when the reading began is no part of it.
    package func less(_ others: [GuardEntry]) -> GuardFleet {
        let readAt = readAt ?? .infinity
        var copy = self
        for entry in others where entry.effect.interrupts && (entry.answered ?? .infinity) + entry.effect.delay >= readAt {
            copy.on.remove(entry.id)
        }
        return copy
    }
}
