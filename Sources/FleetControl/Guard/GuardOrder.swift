package import VastAPI

/// A call that wants to change instances, as the guard judges it: those that are satisfied already are not in it.
package struct GuardOrder: Sendable {
    package var verb: Change.Verb
    /// Each once. Empty for a request that vast-lua has no name for.
    package var ids: [InstanceID]
    /// The ids that the caller repeated to confirm a destroy or recycle.
    package var confirmed: Set<InstanceID>
    /// Whether it undoes an earlier change of the same call: free of caps, not of freeze.
    package var isCompensation: Bool

    package init(
        _ verb: Change.Verb, _ ids: [InstanceID], confirmed: Set<InstanceID> = [], isCompensation: Bool = false
    ) {
        self.verb = verb
        var seen = Set<InstanceID>()
        self.ids = ids.filter { seen.insert($0).inserted }
        self.confirmed = confirmed
        self.isCompensation = isCompensation
    }

    /// What it counts as: a request without known instances is one change.
    var count: Int { max(ids.count, verb == .other ? 1 : 0) }
}

/// A change that was made earlier and counts: in this run, or by anybody in the last hour of the account.
package struct GuardEntry: Sendable, Equatable {
    /// nil: one that this vast-lua has no name for; it counts against every cap.
    package var verb: Change.Verb?
    package var id: InstanceID
    /// For a start what it added, else what the instance cost when it ran, in $/h; nil when unknown.
    package var rate: USDPerHour?
    package var gpuCount: Int?
    /// When it was let through or sent, in Unix seconds.
    package var time = 0.0
    /// Until when a reading may not show it yet, in Unix seconds: when it was answered, infinite while it was not.
    var openUntil = 0.0

    package init(_ verb: Change.Verb?, _ id: InstanceID, rate: USDPerHour? = nil, gpuCount: Int? = nil) {
        self.verb = verb
        self.id = id
        self.rate = rate
        self.gpuCount = gpuCount
    }

    /// The entry for a change of an instance of which these facts are known.
    package init(_ verb: Change.Verb, _ id: InstanceID, facts: InstanceFacts?) {
        let isOff = verb.isInterruption && facts?.isOn == false
        self.init(
            verb, id, rate: verb == .start ? facts?.rateAdded : isOff ? .zero : facts?.rateOn,
            gpuCount: isOff ? 0 : facts?.gpuCount)
    }

    /// Whether it counts against a cap on this verb.
    func counts(as wanted: Change.Verb) -> Bool { verb.map { $0 == wanted } ?? true }

    /// Whether it takes away a running instance, or may.
    var isInterruption: Bool { verb?.isInterruption ?? true }
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
    /// When they were read whole, in Unix seconds; nil when they never were, or nobody knows.
    let readAt: Double?

    package init(_ facts: some Sequence<InstanceFacts>, isWhole: Bool) {
        self.facts = Dictionary(facts.map { ($0.id, $0) }) { first, _ in first }
        on = Set(self.facts.values.lazy.filter(\.isOn).map(\.id))
        self.isWhole = isWhole
        readAt = nil
    }

    /// - Parameter on: those of the instances that are on.
    init(facts: [InstanceID: InstanceFacts], on: Set<InstanceID>, isWhole: Bool, readAt: Double?) {
        (self.facts, self.on, self.isWhole, self.readAt) = (facts, on, isWhole, readAt)
    }

    package init(_ snapshot: FleetSnapshot) {
        self.init(snapshot.instances.map(InstanceFacts.init), isWhole: snapshot.isAuthoritative)
    }

    /// What is known of an instance; nil when nothing is.
    package subscript(id: InstanceID) -> InstanceFacts? {
        if let change = changes[id] { return change }
        return facts[id]
    }

    /// The fleet with our own changes in it.
    func changed(_ changes: [InstanceID: InstanceFacts?]) -> GuardFleet {
        var copy = self
        for (id, facts) in changes {
            copy.changes[id] = .some(facts)
            if facts?.isOn == true { copy.on.insert(id) } else { copy.on.remove(id) }
        }
        return copy
    }

    /// The fleet without what others have interrupted since it was read: it may show them as on still.
    func less(_ others: [GuardEntry]) -> GuardFleet {
        guard let readAt else { return self }
        var copy = self
        for entry in others where entry.isInterruption && max(entry.time, entry.openUntil) >= readAt { copy.on.remove(entry.id) }
        return copy
    }
}

extension Change.Verb {
    /// Whether it takes a running instance away from whoever uses it.
    package var isInterruption: Bool {
        switch self {
        case .stop, .reboot, .recycle, .destroy: true
        case .start, .label, .other: false
        }
    }

    /// The limit that counts it.
    var limit: GuardLimit? {
        switch self {
        case .stop: .maxStops
        case .start: .maxStarts
        case .label: .maxLabels
        case .reboot: .maxReboots
        case .recycle: .maxRecycles
        case .destroy: .maxDestroys
        case .other: nil
        }
    }

    /// Without which it is not done at all.
    var permission: GuardPermission? {
        switch self {
        case .destroy: .allowDestroy
        case .recycle: .allowRecycle
        case .other: .allowRaw
        case .stop, .start, .label, .reboot: nil
        }
    }

    /// For counting: `27 stops`.
    package func counted(_ count: Int) -> String {
        let noun =
            switch self {
            case .destroy: count == 1 ? "destroy" : "destroys"
            case .other: count == 1 ? "raw write" : "raw writes"
            default: count == 1 ? rawValue : "\(rawValue)s"
            }
        return "\(count) \(noun)"
    }
}
