#if canImport(FoundationEssentials)
package import FleetRules
internal import FoundationEssentials
#else
internal import Foundation
#endif
import VastAPI

/// What a ``ChangeLedger`` keeps, and how it changes.
struct LedgerState {
    private typealias Key = InstanceAspect

    /// A change of a call that has not ended.
    struct Open {
        var record: ChangeRecord
        /// Whether a request with it has left.
        var isSent = false
        /// What it has taken the place of.
        var replaced: ChangeRecord?
        /// What was known of the instance before.
        let before: InstanceFacts?

        init(_ record: ChangeRecord, before: InstanceFacts?) { (self.record, self.before) = (record, before) }
    }

    /// A change that counts against limits.
    struct Usage {
        var entry: GuardEntry
        var scope: UInt64
        var call: Int
    }

    /// How long the changes of a firing are remembered, in seconds; those of the main chunk always are.
    private static let memory = 86_400.0
    private static let hour = 3_600.0

    /// What was known of instances before starts that earlier runs have left queued.
    private var leftovers: [InstanceID: InstanceFacts] = [:]
    /// When withdrawals of starts were sent, in Unix seconds.
    private(set) var withdrawals: [InstanceID: [Double]] = [:]
    /// The changes of calls under way, by call.
    var open: [Int: [InstanceID: Open]] = [:]
    /// What was last sent of each aspect of an instance.
    private var latest: [Key: ChangeRecord] = [:]
    /// What a change of which nobody knows what became of it has taken the place of.
    private var doubted: [Key: ChangeRecord] = [:]
    /// Changes that others of this run have taken the place of: of each verb the last, and those of which nobody knows what
    /// became of them.
    private var overtaken: [Key: [ChangeRecord]] = [:]
    /// The last accepted change of what an instance is to be: a reboot since does not hide a stop or a start.
    private var switches: [InstanceID: ChangeRecord] = [:]
    /// What failed and did not change anything: of each verb the last failure, until that verb succeeds.
    private var failures: [Key: [ChangeRecord]] = [:]
    /// When each was first touched, and which of them were touched in which order.
    private var order: [(time: Double, key: Key)] = []
    private var known: Set<Key> = []
    private var usage: [Usage] = []
    private var calls = 0
    /// Who was changed when, in order of time, for as long as a reading may be used.
    private(set) var touched: [(time: Double, id: InstanceID)] = []
    private(set) var destroyed = 0
    private(set) var bill = RunReport.Bill()
    /// When the fleet was last read whole, and when a change was last shown, in Unix seconds.
    private var billedAt = -Double.infinity
    private var confirmedAt = -Double.infinity

    // MARK: limits

    func usage(in scope: UInt64) -> [GuardEntry] { usage.lazy.filter { $0.scope == scope }.map(\.entry) }

    func usage(at now: Double) -> [GuardEntry] { usage.lazy.filter { now - $0.entry.time < Self.hour }.map(\.entry) }

    mutating func newCall() -> Int {
        calls += 1
        return calls
    }

    mutating func count(_ added: [GuardEntry], scope: UInt64, at now: Double) -> Int {
        let call = newCall()
        for var entry in added {
            entry.time = now
            usage.append(Usage(entry: entry, scope: scope, call: call))
        }
        return call
    }

    func started(since time: Double) -> Set<InstanceID> {
        Set(switches.values.lazy.filter { $0.verb == .start && $0.time >= time }.map(\.id))
    }

    mutating func forgetUsage(at now: Double) {
        usage.removeAll { $0.scope != 0 && now - $0.entry.time > Self.memory }
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

    /// A change has ended. What did not happen leaves in place what was there before.
    mutating func finish(_ record: ChangeRecord, _ outcome: ChangeOutcomes.Outcome, at now: Double) {
        let key = Key(id: record.id, aspect: record.verb.aspect)
        var record = record
        (record.status, record.time) = (ChangeRecord.Status(outcome), now)
        switch outcome {
        case .satisfied:
            makeGood(record.verb, key)
            // Finding it stopped after a start in doubt: what was before that start stands again.
            if let doubt = latest[key], doubt.isInDoubt, doubt.verb != record.verb {
                latest[key] = doubted.removeValue(forKey: key)
                overtake(doubt, by: record, key)
            }
            // A stop that was sent before is not undone by finding it stopped.
            guard latest[key]?.verb != record.verb else { break }
            overtake(latest[key], by: record, key)
            put(record, key)
        case .accepted, .unknown:
            noteEarlier(record, outcome, key)
            if case .accepted = outcome { record.isQueued = latest[key]?.call == record.call && latest[key]?.status == .queued }
            put(record, key)
            noteSwitch(record, outcome)
            if case .accepted = outcome { makeGood(record.verb, key) }
            touched.append((now, record.id))
            if case .accepted = outcome, record.verb.rules.endsRental { destroyed += 1 }
            for index in usage.indices where usage[index].call == record.call && usage[index].entry.id == record.id {
                usage[index].entry.answered = now
            }
            return
        case .notSent, .refused:
            if let change = open[record.call]?[record.id], change.isSent, latest[key]?.call == record.call { latest[key] = change.replaced }
            touch(record, key)
            makeGood(record.verb, key)
            failures[key, default: []].append(record)
        }
        usage.removeAll { $0.call == record.call && $0.entry.id == record.id }
    }

    /// A change was made, or may have been: what is to be said of the one before.
    private mutating func noteEarlier(_ record: ChangeRecord, _ outcome: ChangeOutcomes.Outcome, _ key: Key) {
        let known = latest[key]?.call == record.call ? nil : latest[key]
        let earlier = open[record.call]?[record.id]?.replaced ?? known
        overtake(doubted.removeValue(forKey: key), by: record, key)
        if case .unknown = outcome { doubted[key] = earlier } else { overtake(earlier, by: record, key) }
    }

    /// What a later change has taken the place of is no more to be seen, and was made all the same.
    private mutating func overtake(_ earlier: ChangeRecord?, by later: ChangeRecord, _ key: Key) {
        guard let earlier, earlier.wasSent, !earlier.isLeftover else { return }
        overtaken[key, default: []].removeAll { $0.isCovered(by: later) || $0.isCovered(by: earlier) }
        guard !earlier.isCovered(by: later) else { return }
        // A reboot does not end it that a start waits for its GPU.
        let isWaiting = earlier.isQueued && later.verb.rules.switchesTo == nil && !later.verb.rules.endsRental
        overtaken[key, default: []].append(isWaiting ? earlier : earlier.replaced)
    }

    /// What became of a change of a call that has ended without knowing it.
    mutating func settle(_ id: InstanceID, _ verb: Change.Verb, _ outcome: ChangeOutcomes.Outcome, call: Int) {
        let key = Key(id: id, aspect: verb.aspect)
        guard var record = latest[key], record.call == call, record.verb == verb, record.isInDoubt else { return }
        if case .unknown = outcome { return }
        record.status = ChangeRecord.Status(outcome)
        if case .failed = record.status { return fail(record, key) }
        latest[key] = record
        overtake(doubted.removeValue(forKey: key), by: record, key)
    }

    /// What was in doubt has not happened: what it had taken the place of stands again.
    private mutating func fail(_ record: ChangeRecord, _ key: Key) {
        latest[key] = doubted.removeValue(forKey: key)
        failures[key, default: []].append(record)
    }

    /// Earlier failures of a verb count no more. A stop does not make good a start that has failed.
    private mutating func makeGood(_ verb: Change.Verb, _ key: Key) {
        failures[key]?.removeAll { $0.verb == verb }
    }

    /// What is not known of a stop or a start says nothing any more, and neither does what was before it.
    private mutating func noteSwitch(_ record: ChangeRecord, _ outcome: ChangeOutcomes.Outcome) {
        guard record.verb.rules.switchesTo != nil else { return }
        if case .accepted = outcome { switches[record.id] = record } else { switches[record.id] = nil }
    }

    /// What of a call has not been sent counts no more.
    mutating func release(call: Int) {
        let sent = Set(latest.values.lazy.filter { $0.call == call }.map(\.id))
        usage.removeAll { $0.call == call && !sent.contains($0.entry.id) }
        open[call] = nil
    }

    private mutating func put(_ record: ChangeRecord, _ key: Key) {
        touch(record, key)
        var record = record
        if let earlier = latest[key], earlier.verb == record.verb, let before = earlier.rateBefore { record.rateBefore = before }
        latest[key] = record
    }

    private mutating func touch(_ record: ChangeRecord, _ key: Key) {
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

    /// What a reading shows. One that began before a change says nothing about it.
    mutating func confirm(with snapshot: FleetSnapshot) {
        let time = snapshot.observedAt.timeIntervalSince1970
        for (_, key) in order {
            guard var record = latest[key], record.isUnconfirmed, record.time <= time else { continue }
            let row = snapshot[key.id]
            guard row != nil || snapshot.isAuthoritative else { continue }
            if let row { noteShown(row, key, at: time) }
            record.note(row)
            if row != nil, !record.isLeftover, case .failed = record.status {
                fail(record, key)
                guard let earlier = latest[key], earlier.isUnconfirmed else { continue }
                record = earlier
                record.note(row)
            }
            if record.status == .confirmed { confirmedAt = max(confirmedAt, time) }
            latest[key] = record
            if !record.isInDoubt { overtake(doubted.removeValue(forKey: key), by: record, key) }
        }
    }

    /// A label or a price whose fate was unknown, and that others came after, has arrived when it is the one shown.
    private mutating func noteShown(_ row: Instance, _ key: Key, at time: Double) {
        func isShown(_ change: ChangeRecord) -> Bool {
            change.isOfUnknownFate && change.payload != nil && change.time <= time && change.verb.isSettled(by: row, change.payload)
        }
        for index in overtaken[key, default: []].indices where overtaken[key].map({ isShown($0[index]) }) ?? false {
            overtaken[key]?[index].status = .confirmed
        }
        guard var doubt = doubted[key], isShown(doubt) else { return }
        doubted[key] = nil
        doubt.status = .confirmed
        overtaken[key, default: []].append(doubt)
    }

    mutating func forgetTouched(before time: Double) {
        guard touched.count > 1_024 else { return }
        touched.removeAll { $0.time < time }
    }

    /// The fleet was read whole, and bills so much, in $/h.
    mutating func noteBill(_ rate: Double, at time: Double) {
        // Only a reading from before the first change tells what the bill was.
        if bill.before == nil, !hasBegun { bill.before = rate }
        (bill.after, billedAt) = (rate, time)
    }

    /// What the fleet bills now is known only by a reading that shows all that was confirmed.
    var knownBill: RunReport.Bill { RunReport.Bill(before: bill.before, after: billedAt >= confirmedAt ? bill.after : nil) }

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
            !(before.map(change.isCovered) ?? false) && !(latest[key].map(change.isRepeated) ?? false)
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
