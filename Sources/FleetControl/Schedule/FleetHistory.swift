package import VastAPI

/// The last whole reading of the fleet, and what the next one shows to have happened: each change is found once.
///
/// A state on the way (starting, stopping) and one that means that nobody knows (offline, unknown) is no end of
/// anything: the next definite state is compared with the last definite one. So a machine that was unreachable for
/// a while and runs on has not been started.
package struct FleetHistory: Sendable {
    private static let definite: Set<InstanceState> = [.running, .stopped, .outbid, .queued, .dead, .frozen, .failed]

    package private(set) var rows: [InstanceID: Instance]?
    private var settled: [InstanceID: Instance] = [:]

    package init() {}

    /// Takes a complete and unfiltered reading; the first one is what later ones are compared with.
    ///
    /// - Returns: what has happened since the reading before, by id.
    package mutating func note(_ instances: [Instance]) -> [FleetChange] {
        let now = Dictionary(instances.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
        defer { remember(now) }
        guard let rows else { return [] }
        var changes: [FleetChange] = []
        for id in Set(rows.keys).union(now.keys).sorted() {
            changes += Self.changes(id, before: rows[id], settled: settled[id], now: now[id])
        }
        return changes
    }

    private mutating func remember(_ now: [InstanceID: Instance]) {
        rows = now
        settled = settled.filter { now[$0.key] != nil }
        for (id, instance) in now where Self.definite.contains(instance.state) { settled[id] = instance }
    }

    private static func changes(
        _ id: InstanceID, before: Instance?, settled: Instance?, now: Instance?
    ) -> [FleetChange] {
        guard let now else { return [FleetChange(.gone, id, before: before, now: nil)] }
        guard let before else { return [FleetChange(.appeared, id, before: nil, now: now)] }
        var changes: [FleetChange] = []
        if now.state == .offline, before.state != .offline {
            changes.append(FleetChange(.offline, id, before: before, now: now))
        }
        if let settled, let event = event(from: settled.state, to: now.state) {
            changes.append(FleetChange(event, id, before: settled, now: now))
        }
        if now.label != before.label { changes.append(FleetChange(.label, id, before: before, now: now)) }
        return changes
    }

    private static func event(from old: InstanceState, to new: InstanceState) -> FleetChange.Event? {
        guard old != new else { return nil }
        let wasOn = old == .running || old == .dead || old == .frozen
        switch new {
        case .running: return old == .frozen ? nil : .started
        case .dead: return .dead
        case .outbid: return .outbid
        case .stopped: return .stopped
        // Its GPU was given away, and a start waits for another.
        case .queued: return wasOn ? .stopped : nil
        default: return nil
        }
    }
}
