package import VastModels

/// Finds out what stops have saved, from the journal's changes and from what readings have shown since.
package struct SavingsLedger {
    /// What readings have shown of an instance.
    package struct Sight {
        /// From the stop on.
        package var spells: [StateInterval]
        /// When it was last read, in Unix seconds; nil: never.
        package var lastSeen: Double?

        /// - Parameters:
        ///   - spells: its states from the stop on.
        ///   - lastSeen: when it was last read, in Unix seconds; nil: never.
        package init(spells: [StateInterval] = [], lastSeen: Double? = nil) {
            self.spells = spells
            self.lastSeen = lastSeen
        }
    }

    private let sight: (_ id: InstanceID, _ since: Double) throws -> Sight

    /// - Parameter sight: looks up what readings have shown of an instance since a time.
    package init(sight: @escaping (_ id: InstanceID, _ since: Double) throws -> Sight) {
        self.sight = sight
    }

    /// With the readings that are kept on disk.
    package init(_ samples: SampleStore) {
        self.init { Sight(spells: try samples.spells(of: $0, since: $1), lastSeen: try samples.lastSeen($0)) }
    }

    /// What stops have saved, in their order. A time that nobody has watched saves nothing.
    ///
    /// - Parameter changes: stops and starts as ``JournalHistory/powerChanges(since:)`` has them.
    /// - Throws: what looking up throws.
    package func savings(of changes: [JournalChange]) throws -> [Saving] {
        try changes.enumerated().compactMap { index, stop in
            guard stop.verb == .stop, stop.before?.isOn ?? true else { return nil }
            let next = changes[(index + 1)...].first { $0.instance == stop.instance }
            return try saving(stop, next: next)
        }
    }

    /// - Parameter next: the next stop or start of the instance; another stop means that it was on in between.
    func saving(_ stop: JournalChange, next: JournalChange?) throws -> Saving {
        let from = stop.confirmed ?? stop.time
        let sight = try sight(stop.instance, from)
        let seenOn = sight.spells.first { $0.began > from && $0.state.isOn }?.began
        let end = [next?.time, seenOn].compactMap(\.self).min()
        let facts = stop.before
        let rate = facts?.rateOn ?? facts?.rate
        return Saving(
            instance: stop.instance, label: facts?.label ?? "", run: stop.run, policy: Self.policy(stop.reason), from: from,
            to: max(from, end ?? sight.lastSeen ?? from), isOver: end != nil,
            rate: rate.flatMap { on in facts?.rateOff.map { on - $0 } })
    }

    /// The policy that a reason names: `policy idle: idle for 45m`.
    static func policy(_ reason: String?) -> String? {
        guard let reason, reason.hasPrefix("policy ") else { return nil }
        return String(reason.dropFirst(7).prefix { $0 != ":" })
    }
}
