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
    package var verb: Change.Verb
    package var id: InstanceID
    /// For a start what it added, else what the instance cost when it ran, in $/h; nil when unknown.
    package var rate: USDPerHour?
    package var gpuCount: Int?

    package init(_ verb: Change.Verb, _ id: InstanceID, rate: USDPerHour? = nil, gpuCount: Int? = nil) {
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
}

/// What the guard knows of the fleet.
package struct GuardFleet: Sendable {
    /// The instances by id.
    package let facts: [InstanceID: InstanceFacts]
    /// Those that are on.
    let on: Set<InstanceID>
    /// Whether these are all that there are, so that a fraction means something.
    package let isWhole: Bool

    package init(_ facts: some Sequence<InstanceFacts>, isWhole: Bool) {
        self.facts = Dictionary(facts.map { ($0.id, $0) }) { first, _ in first }
        on = Set(self.facts.values.lazy.filter(\.isOn).map(\.id))
        self.isWhole = isWhole
    }

    /// - Parameter on: those of the instances that are on.
    init(facts: [InstanceID: InstanceFacts], on: Set<InstanceID>, isWhole: Bool) {
        (self.facts, self.on, self.isWhole) = (facts, on, isWhole)
    }

    package init(_ snapshot: FleetSnapshot) {
        self.init(snapshot.instances.map(InstanceFacts.init), isWhole: snapshot.isAuthoritative)
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
