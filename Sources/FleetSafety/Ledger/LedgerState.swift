package import FleetRules
import VastAPI

/// What a ``ChangeLedger`` keeps, and how it changes.
struct LedgerState {
    typealias Key = InstanceAspect

    /// What was known of instances before starts that earlier runs have left queued.
    var leftovers: [InstanceID: InstanceFacts] = [:]
    /// When withdrawals of starts were sent, in Unix seconds.
    var withdrawals: [InstanceID: [Double]] = [:]
    /// The changes of calls under way, by call.
    var open: [Int: [InstanceID: OpenChange]] = [:]
    /// What was last sent of each aspect of an instance.
    var latest: [Key: ChangeRecord] = [:]
    /// What a change of which nobody knows what became of it has taken the place of.
    var doubted: [Key: ChangeRecord] = [:]
    /// Changes that others of this run have taken the place of: of each verb the last, and those of which nobody knows what
    /// became of them.
    var overtaken: [Key: [ChangeRecord]] = [:]
    /// The last accepted change of what an instance is to be: a reboot since does not hide a stop or a start.
    var switches: [InstanceID: ChangeRecord] = [:]
    /// What failed and did not change anything: of each verb the last failure, until that verb succeeds.
    var failures: [Key: [ChangeRecord]] = [:]
    /// When each was first touched, and which of them were touched in which order.
    var order: [(time: Double, key: Key)] = []
    var known: Set<Key> = []
    /// What counts against limits.
    var usage = LedgerUsage()
    var calls = 0
    /// Who was changed when, in order of time, for as long as a reading may be used.
    var touched: [(time: Double, id: InstanceID)] = []
    var destroyed = 0
    /// What the fleet bills.
    var bill = LedgerBill()

    // MARK: limits

    mutating func newCall() -> Int {
        calls += 1
        return calls
    }

    mutating func count(_ added: [GuardEntry], scope: UInt64, at now: Double) -> Int {
        let call = newCall()
        usage.add(added, scope: scope, call: call, at: now)
        return call
    }

    func started(since time: Double) -> Set<InstanceID> {
        Set(switches.values.lazy.filter { $0.verb == .start && $0.time >= time }.map(\.id))
    }

    // MARK: changes

    /// Starts are about to be taken back.
    mutating func noteWithdrawal(_ ids: [InstanceID], at now: Double) {
        for id in ids { withdrawals[id, default: []].append(now) }
    }

    /// It takes the place of what was sent before.
    mutating func noteSent(_ id: InstanceID, call: Int, at now: Double) {
        guard var change = open[call]?[id], !change.isSent else { return }
        let key = Key(id: id, aspect: change.record.verb.aspect)
        (change.isSent, change.record.time, change.replaced) = (true, now, latest[key])
        put(change.record, key)
        open[call]?[id] = change
    }

    /// When the last change of that verb of an instance left that another call has sent, in Unix seconds.
    func lastSent(_ id: InstanceID, _ verb: Change.Verb, but call: Int) -> Double? {
        guard let record = latest[Key(id: id, aspect: verb.aspect)], record.verb == verb, record.call != call, record.wasSent else {
            return nil
        }
        return record.time
    }

    mutating func noteAccepted(_ id: InstanceID, _ aspect: ChangeAspect, call: Int) {
        let key = Key(id: id, aspect: aspect)
        guard open[call]?[id]?.isSent == true, latest[key]?.call == call, latest[key]?.status == .sent else { return }
        latest[key]?.status = .accepted
    }

    mutating func noteQueued(_ id: InstanceID, call: Int) {
        let key = Key(id: id, aspect: .state)
        guard open[call]?[id]?.isSent == true, latest[key]?.call == call else { return }
        latest[key]?.status = .queued
    }

    /// An earlier run has left a start queued, and it could not be withdrawn. What this run has sent itself comes first.
    mutating func noteLeftover(_ record: ChangeRecord, before: InstanceFacts?) {
        let key = Key(id: record.id, aspect: .state)
        leftovers[record.id] = before
        if latest[key]?.wasSent != true { put(record, key) }
    }

    mutating func forgetLeftover(_ id: InstanceID) {
        let key = Key(id: id, aspect: .state)
        leftovers[id] = nil
        if latest[key]?.isLeftover == true { latest[key]?.status = .satisfied }
    }

    /// What of a call has not been sent counts no more.
    mutating func release(call: Int) {
        let sent = Set(latest.values.lazy.filter { $0.call == call }.map(\.id))
        usage.release(call: call, keeping: sent)
        open[call] = nil
    }

    mutating func put(_ record: ChangeRecord, _ key: Key) {
        touch(record, key)
        var record = record
        if let earlier = latest[key], earlier.verb == record.verb, let before = earlier.rateBefore { record.rateBefore = before }
        latest[key] = record
    }

    mutating func touch(_ record: ChangeRecord, _ key: Key) {
        if known.insert(key).inserted { order.append((record.time, key)) }
    }

    mutating func handleFailures(of id: InstanceID) {
        for aspect in ChangeAspect.allCases {
            let key = Key(id: id, aspect: aspect)
            latest[key]?.isHandled = true
            for index in failures[key, default: []].indices { failures[key]?[index].isHandled = true }
            for index in overtaken[key, default: []].indices { overtaken[key]?[index].isHandled = true }
        }
    }

    mutating func forgetTouched(before time: Double) {
        guard touched.count > 1_024 else { return }
        touched.removeAll { $0.time < time }
    }

    // MARK: reading

    /// What was known of an instance before a start of ours that is on its way; nil when there is none.
    func beforeStart(of id: InstanceID) -> InstanceFacts? {
        let starts = open.filter { $0.value[id].map { $0.isSent && $0.record.verb == .start } ?? false }
        if let first = starts.min(by: { $0.key < $1.key }) { return first.value[id]?.before }
        let last = latest[Key(id: id, aspect: .state)]
        return last?.isLeftover == true && last?.status == .queued ? leftovers[id] : nil
    }

    /// Whether an earlier run has left a start queued that is not withdrawn yet.
    var hasLeftover: Bool { latest.values.contains { $0.isLeftover && $0.status == .queued } }

    /// Whether anything was sent.
    var hasBegun: Bool { latest.values.contains { $0.status != .satisfied } || failures.values.contains { !$0.isEmpty } }

    /// Of calls that end at the same moment, the lower id comes first, whichever thread is faster.
    var changes: [ChangeRecord] {
        order.sorted { ($0.time, $0.key.id) < ($1.time, $1.key.id) }.flatMap {
            earlier($0.key) + [latest[$0.key]].compactMap(\.self) + failures[$0.key, default: []]
        }
    }

    /// What was made of an aspect before its last change. What is in doubt may have taken the place of one.
    private func earlier(_ key: Key) -> [ChangeRecord] {
        let before = doubted[key].flatMap { doubt in
            doubt.wasSent && !(latest[key].map(doubt.isCovered) ?? false) ? doubt.replaced : nil
        }
        let rest = overtaken[key, default: []].filter { change in
            !(before.map(change.isCovered) ?? false) && !(change.isOfUnknownFate && latest[key].map(change.isRepeated) ?? false)
        }
        return rest + [before].compactMap(\.self)
    }

    /// The accepted changes of an instance that show in its row, each aspect's last one.
    func shown(of id: InstanceID) -> [ChangeRecord] {
        let others = [ChangeAspect.label, .price].map { latest[Key(id: id, aspect: $0)] }
        return ([switches[id]] + others).compactMap(\.self).filter(\.isAccepted)
    }

    func latest(of id: InstanceID) -> [ChangeRecord] { ChangeAspect.allCases.compactMap { latest[Key(id: id, aspect: $0)] } }
}
