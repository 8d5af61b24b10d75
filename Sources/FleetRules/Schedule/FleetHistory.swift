package import VastModels

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

/// The last whole reading of the fleet, and what the next one shows to have happened: each change is found once.
///
/// A state on the way (starting, stopping) and one that means that nobody knows (offline, unknown) is no end of
/// anything: the next definite state is compared with the last definite one. So a machine that was unreachable for
/// a while and runs on has not been started.
package struct FleetHistory: Sendable {
    private static let definite: Set<InstanceState> = [.running, .stopped, .outbid, .queued, .dead, .frozen, .failed]

    /// How long before the end of a contract this is told, in seconds.
    package static let endingSoon = 86_400.0

    /// A row with what is compared: each is found out once.
    private struct Seen {
        let instance: Instance
        let state: InstanceState
        let label: String
        let end: Double?

        init(_ instance: Instance) {
            self.instance = instance
            (state, label) = (instance.state, instance.label)
            end = instance.endDate?.timeIntervalSince1970
        }

        /// Whether its contract was about to end, or over, when it was read.
        var isEnding: Bool { end.map { $0 - instance.observedAt.timeIntervalSince1970 <= endingSoon } ?? false }
    }

    /// That the end of a contract was told.
    private struct Told {
        let end: Double
        /// Whether the contract was extended since, beyond what is told of.
        var isExtended = false
    }

    /// A new end of a contract is later by more than this, in seconds; any other is the old one, written a little differently.
    private static let extensionLength = 3_600.0

    private var last: [InstanceID: Seen]?
    private var told: [InstanceID: Told] = [:]
    /// The last definite state of those that are in none at the moment.
    private var settled: [InstanceID: Seen] = [:]

    /// Nothing has been read: the first reading is what later ones are compared with.
    package init() {}

    /// The last reading; nil before the first.
    package var rows: [Instance]? { last?.values.map(\.instance) }

    /// Takes a complete and unfiltered reading; the first one is what later ones are compared with.
    ///
    /// - Returns: what has happened since the reading before, by id.
    package mutating func note(_ instances: [Instance]) -> [FleetChange] {
        let now = Dictionary(instances.map { ($0.id, Seen($0)) }, uniquingKeysWith: { $1 })
        defer { remember(now) }
        var changes: [FleetChange] = []
        for (id, seen) in now { if let change = ending(id, seen) { changes.append(change) } }
        guard let last else { return Self.sorted(changes) }
        for (id, before) in last where now[id] == nil {
            changes.append(FleetChange(.gone, id, before: before.instance, now: nil))
        }
        for (id, seen) in now { changes += Self.changes(id, before: last[id], settled: settled[id], now: seen) }
        return changes.count < 2 ? changes : Self.sorted(changes)
    }

    /// By id; of one instance as they were found.
    private static func sorted(_ changes: [FleetChange]) -> [FleetChange] {
        changes.enumerated().sorted { ($0.element.id, $0.offset) < ($1.element.id, $1.offset) }.map(\.element)
    }

    private mutating func remember(_ now: [InstanceID: Seen]) {
        var left: [InstanceID: Seen] = [:]
        for (id, seen) in now where !Self.definite.contains(seen.state) {
            left[id] = settled[id] ?? last?[id].flatMap { Self.definite.contains($0.state) ? $0 : nil }
        }
        (last, settled) = (now, left)
    }

    /// Told once for each contract: again only when it was extended and comes to its new end, and not of one that is over when
    /// it is first seen.
    private mutating func ending(_ id: InstanceID, _ now: Seen) -> FleetChange? {
        guard let end = now.end else { return nil }
        guard now.isEnding else {
            if let told = told[id], end > told.end + Self.extensionLength { self.told[id]?.isExtended = true }
            return nil
        }
        if let told = told[id], !told.isExtended, end <= told.end + Self.endingSoon { return nil }
        told[id] = Told(end: end)
        let before = last?[id]
        if before == nil, end <= now.instance.observedAt.timeIntervalSince1970 { return nil }
        return FleetChange(.contractEnding, id, before: before?.instance, now: now.instance)
    }

    private static func changes(_ id: InstanceID, before: Seen?, settled: Seen?, now: Seen) -> [FleetChange] {
        guard let before else { return [FleetChange(.appeared, id, before: nil, now: now.instance)] }
        // The common case: nothing has changed.
        if before.state == now.state, before.label == now.label { return [] }
        var changes: [FleetChange] = []
        if now.state == .offline, before.state != .offline {
            changes.append(FleetChange(.offline, id, before: before.instance, now: now.instance))
        }
        let earlier = settled ?? (definite.contains(before.state) ? before : nil)
        if let earlier, let event = event(from: earlier.state, to: now.state) {
            changes.append(FleetChange(event, id, before: earlier.instance, now: now.instance))
        }
        if now.label != before.label {
            changes.append(FleetChange(.label, id, before: before.instance, now: now.instance))
        }
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
