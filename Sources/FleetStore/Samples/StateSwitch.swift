internal import SQLite
package import VastModels

/// That an instance was on at one reading and off at the next, or the other way round.
package struct StateSwitch: Sendable, Equatable {
    /// The state before it.
    package var before: InstanceState
    /// The state that it led to.
    package var after: InstanceState
    /// When the state before was first read, in Unix seconds.
    package var since: Double
    /// The first reading that showed it, in Unix seconds: it may have happened earlier.
    package var seen: Double

    /// The switches among stays in a state, the oldest first; what says nothing of who has the GPU is passed over.
    static func all(in spells: [StateInterval]) -> [StateSwitch] {
        let definite = spells.filter { ![.starting, .stopping, .offline, .unknown].contains($0.state) }
        return zip(definite, definite.dropFirst()).compactMap { before, after in
            guard before.state.isOn != after.state.isOn else { return nil }
            return StateSwitch(before: before.state, after: after.state, since: before.began, seen: after.began)
        }
    }

    /// Whether a change of ours, as the journal has it, explains it.
    func isMade(by change: JournalChange) -> Bool {
        let rules = change.verb.rules
        let isFit = rules.switchesTo.map { $0 == after.isOn } ?? (rules.boots || rules.effect(nil, on: nil).turnsOff)
        return isFit && change.time >= since - Self.tolerance && change.time <= seen + Self.tolerance
    }

    /// How far readings and changes may be apart, in seconds.
    private static let tolerance = 60.0
}

extension JournalHistory {
    /// The switches of an instance that readings have shown and no run has made, the latest first.
    ///
    /// - Parameter changes: what was done to it, the latest first.
    /// - Throws: ``StateError``.
    package func switchesByOthers(of id: InstanceID, besides changes: [JournalChange], limit: Int = 20) throws -> [StateSwitch] {
        let accounts = try database.read { database in
            try String.fetchAll(database, sql: "SELECT DISTINCT account FROM series WHERE instance = ?", arguments: [id.rawValue])
        }
        let switches = try accounts.flatMap { StateSwitch.all(in: try SampleStore(database, account: $0).spells(of: id)) }
        return Array(
            switches.filter { seen in !changes.contains { seen.isMade(by: $0) } }.sorted { $0.seen > $1.seen }.prefix(limit))
    }
}
