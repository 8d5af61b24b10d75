import FleetRules
import FleetSafety
import VastAPI

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What a state of a script knows of the fleet by its readings. What it has changed itself is in the ledger.
struct FleetMemory {
    /// A change that the fleet does not show after this time has not come about.
    static let followTime = 600.0

    var readings = Readings()
    /// When the change was ordered of which was told that it has not come about.
    private var toldLate: [InstanceID: Double] = [:]
    /// What whole readings have shown, one after the other.
    private(set) var history = FleetHistory()
    /// What they have shown to have happened, and nobody has been told yet.
    private var news: [FleetChange] = []
    private var lastSeen: [InstanceID: Instance] = [:]
    /// The ids of the last reading from which the service was asked to leave nothing out, and when it was, in Unix seconds.
    private(set) var whole: (ids: Set<InstanceID>, readAt: Double)?

    /// Takes a reading: adds samples, and returns the rows with what earlier readings tell of them.
    mutating func note(_ snapshot: FleetSnapshot, _ ledger: ChangeLedger) -> [Instance] {
        let instances = snapshot.instances.map { note($0, ledger) }
        if !snapshot.isFiltered {
            let readAt = instances.reduce(snapshot.observedAt) { max($0, $1.observedAt) }
            whole = (Set(instances.map(\.id)), readAt.timeIntervalSince1970)
        }
        if snapshot.isAuthoritative { news += history.note(instances) + notFollowed(instances, ledger) }
        return instances
    }

    /// How long what is known of an instance that is gone is remembered, in seconds: a script may still hold and show it.
    private static let goneTime = 3_600.0

    /// Forgets what whole readings have lacked for a while.
    ///
    /// - Returns: what was forgotten.
    mutating func forgetGone(_ snapshot: FleetSnapshot) -> Set<InstanceID> {
        guard snapshot.isAuthoritative, lastSeen.count > snapshot.instances.count else { return [] }
        let limit = snapshot.observedAt.timeIntervalSince1970 - Self.goneTime
        let gone = Set(lastSeen.values.lazy.filter { $0.observedAt.timeIntervalSince1970 < limit && snapshot[$0.id] == nil }.map(\.id))
        guard !gone.isEmpty else { return [] }
        readings.forget(gone)
        lastSeen = lastSeen.filter { !gone.contains($0.key) }
        toldLate = toldLate.filter { !gone.contains($0.key) }
        return gone
    }

    /// Changes that were accepted and have not come about after ``followTime``; each is told once.
    private mutating func notFollowed(_ instances: [Instance], _ ledger: ChangeLedger) -> [FleetChange] {
        let open = ledger.changes.filter { $0.status == .accepted }
        guard !open.isEmpty else { return [] }
        let rows = Dictionary(instances.map { ($0.id, $0) }) { first, _ in first }
        return open.compactMap { record in
            guard let row = rows[record.id] else { return nil }
            let late = row.observedAt.timeIntervalSince1970 - record.time
            guard late >= Self.followTime, toldLate[record.id] != record.time else { return nil }
            toldLate[record.id] = record.time
            var change = FleetChange(.notFollowed, record.id, before: nil, now: row)
            (change.by, change.verb) = (.us, record.verb)
            change.why =
                "\(record.verb.rawValue) was accepted \(DurationFormat.format(.seconds(late))) ago, and it is \(row.state.rawValue)"
            return change
        }
    }

    /// What has happened since the last time somebody asked.
    mutating func takeNews() -> [FleetChange] {
        defer { news = [] }
        return news
    }

    /// What a later reading is compared with, when this run has seen nothing yet.
    mutating func resume(from instances: [Instance]) {
        if history.rows == nil { _ = history.note(instances) }
    }

    /// Takes the reading of one instance.
    mutating func note(_ instance: Instance, _ ledger: ChangeLedger) -> Instance {
        let time = instance.observedAt.timeIntervalSince1970
        var instance = instance
        // What the chain knows of other runs holds too.
        let known = instance.hints
        instance.hints = hints(for: instance.id, now: time, ledger)
        instance.hints.isOutbid = known.isOutbid
        if known.justStarted { instance.hints.justStarted = true }
        readings.add(Sample(instance), for: instance.id)
        lastSeen[instance.id] = instance
        return instance
    }

    private func hints(for id: InstanceID, now: Double, _ ledger: ChangeLedger) -> InstanceHints {
        let samples = readings.samples(of: id, since: now - InstanceHints.startTime)
        let ownStart = ledger.changes(of: id).contains {
            $0.isAccepted && $0.verb.rules.boots && abs(now - $0.time) < InstanceHints.startTime
        }
        let seenStarting = samples.contains { [.starting, .stopped, .queued, .outbid].contains($0.state) }
        return InstanceHints(justStarted: ownStart || seenStarting, wasRunning: samples.last?.state == .running)
    }

    /// The instances that there are, as they were seen last.
    var known: [Instance] { (history.rows ?? Array(lastSeen.values)).map { lastSeen[$0.id] ?? $0 } }

    /// The last reading of an instance in this run.
    func lastReading(of id: InstanceID) -> Instance? { lastSeen[id] }
}
