import FleetControl
import VastAPI

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What a run knows of the fleet: its readings, its own changes, and what they do to the bill.
struct FleetMemory {
    /// A start or reboot is pending, and `exited` means nothing, for this long (contract, section 5).
    static let startTime = 600.0
    /// A change that the fleet does not show after this time has not come about.
    static let followTime = 600.0

    var readings = Readings()
    var ledger = ChangeLedger()
    private(set) var bill = RunReport.Bill()
    private var startedAt: [InstanceID: Double] = [:]
    /// When the change was ordered of which was told that it has not come about.
    private var toldLate: [InstanceID: Double] = [:]
    /// What whole readings have shown, one after the other.
    private(set) var history = FleetHistory()
    /// What they have shown to have happened, and nobody has been told yet.
    private var news: [FleetChange] = []
    private var changedAt: [InstanceID: [ChangeAspect: Double]] = [:]
    /// Names for reports and what was billed, by id.
    private var lastSeen: [InstanceID: Instance] = [:]

    /// Takes a reading: adds samples, confirms changes, and returns the rows with what earlier readings tell of them.
    mutating func note(_ snapshot: FleetSnapshot) -> [Instance] {
        let instances = snapshot.instances.map { note($0) }
        ledger.confirm(
            with: Dictionary(uniqueKeysWithValues: instances.map { ($0.id, $0) }), isComplete: snapshot.isAuthoritative)
        if snapshot.isAuthoritative {
            news += history.note(instances) + notFollowed(instances)
            let rate = instances.compactMap(\.rate?.rawValue).reduce(0, +)
            // Only a reading from before the first change tells what the bill was.
            if bill.before == nil, ledger.changes.isEmpty { bill.before = rate }
            bill.after = rate
        }
        return instances
    }

    /// Changes that were accepted and have not come about after ``followTime``; each is told once.
    private mutating func notFollowed(_ instances: [Instance]) -> [FleetChange] {
        let open = ledger.changes.filter { $0.status == .accepted }
        guard !open.isEmpty else { return [] }
        let rows = Dictionary(uniqueKeysWithValues: instances.map { ($0.id, $0) })
        return open.compactMap { record in
            guard let row = rows[record.id], let orderedAt = changedAt[record.id]?[record.verb.aspect] else { return nil }
            let late = row.observedAt.timeIntervalSince1970 - orderedAt
            guard late >= Self.followTime, toldLate[record.id] != orderedAt else { return nil }
            toldLate[record.id] = orderedAt
            var change = FleetChange(.notFollowed, record.id, before: nil, now: row)
            (change.by, change.verb) = (.us, record.verb)
            change.why = "\(record.verb.rawValue) was accepted \(LengthText.format(.seconds(late))) ago, and it is \(row.state.rawValue)"
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
    mutating func note(_ instance: Instance) -> Instance {
        let time = instance.observedAt.timeIntervalSince1970
        var instance = instance
        instance.hints = hints(for: instance.id, now: time)
        readings.add(Sample(instance), for: instance.id)
        lastSeen[instance.id] = instance
        return instance
    }

    private func hints(for id: InstanceID, now: Double) -> InstanceHints {
        let samples = readings.samples(of: id, since: now - Self.startTime)
        let ownStart = startedAt[id].map { now - $0 < Self.startTime } ?? false
        let seenStarting = samples.contains { [.starting, .stopped, .queued, .outbid].contains($0.state) }
        return InstanceHints(justStarted: ownStart || seenStarting, wasRunning: samples.last?.state == .running)
    }

    /// The instances that there are, as they were seen last.
    var known: [Instance] { (history.rows ?? Array(lastSeen.values)).map { lastSeen[$0.id] ?? $0 } }

    /// The last reading of an instance in this run.
    func lastReading(of id: InstanceID) -> Instance? { lastSeen[id] }

    /// Notes an order that is about to be sent, so that it is not forgotten when the script is interrupted.
    mutating func noteSent(_ order: ChangeOrder) {
        for id in order.ids {
            var record = record(order.verb, id, label: order.label, reason: order.decision.reasons[id])
            record.status = .sent
            ledger.record(record)
        }
    }

    /// Notes how an order fared.
    mutating func note(_ order: ChangeOrder, _ results: ChangeResults, now: Double) {
        for id in order.ids {
            guard let result = results[id] else { continue }
            if case .success = result, [.start, .reboot, .recycle].contains(order.verb) { startedAt[id] = now }
            changedAt[id, default: [:]][order.verb.aspect] = now
            var record = record(order.verb, id, label: order.label, reason: order.decision.reasons[id])
            if case .failure(let error) = result {
                record.status = .failed(kind: error.kind.rawValue, message: error.message)
            }
            ledger.record(record)
        }
    }

    /// Notes a call that had nothing to do.
    mutating func noteSatisfied(_ verb: Change.Verb, _ id: InstanceID, label: String?) {
        var record = record(verb, id, label: label, reason: nil)
        record.status = .satisfied
        ledger.record(record)
    }

    private func record(_ verb: Change.Verb, _ id: InstanceID, label: String?, reason: String?) -> ChangeRecord {
        let seen = lastSeen[id]
        return ChangeRecord(
            id: id, verb: verb, label: label, reason: reason, rateBefore: seen?.rate?.rawValue, name: seen?.label ?? "",
            status: .accepted)
    }

    /// Whether this run has changed an instance since its row was read.
    ///
    /// - Parameter aspect: what was changed; nil: anything.
    func hasOwnChange(of id: InstanceID, since time: Double, aspect: ChangeAspect? = nil) -> Bool {
        changedAt[id]?.contains { (aspect == nil || $0.key == aspect) && $0.value >= time } ?? false
    }

    /// What this run itself has made of an instance since `time`, so that its own changes are not taken for
    /// somebody else's.
    func ownChanges(of id: InstanceID) -> [ChangeRecord] {
        ledger.changes.filter { $0.id == id && ($0.status == .accepted || $0.status == .confirmed) }
    }
}
