package import FleetRules
import FleetStore
internal import Synchronization
package import VastAPI

/// The one record of what a process changes: what still has to be confirmed, what counts against limits, what a script
/// itself has made of an instance, and what the report at the end says. Journal apart, nothing else keeps it.
package final class ChangeLedger: Sendable {
    private let state: Mutex<LedgerState>

    /// An empty ledger, as a run begins with.
    package init() { state = Mutex(LedgerState()) }

    private init(_ copy: LedgerState) { state = Mutex(copy) }

    /// A ledger that begins with what is in this one, and goes its own way: for plans.
    package func fork() -> ChangeLedger { ChangeLedger(state.withLock { $0 }) }

    // MARK: limits

    /// Judges and counts at once, so that two calls at the same time do not share what is left.
    ///
    /// - Parameters:
    ///   - added: what counts from now on, if it is let through.
    ///   - scope: what "in this run" means: the main chunk, or one firing of a job.
    ///   - now: Unix seconds.
    ///   - judge: is given what counts in the scope and in the last hour, and says whether it is.
    /// - Returns: the judgement, and the number of the call, 0 when it was not let through.
    func admit<Verdict>(
        _ added: [GuardEntry], scope: UInt64, at now: Double,
        judge: (_ run: [GuardEntry], _ hour: [GuardEntry]) -> (verdict: Verdict, isAdmitted: Bool)
    ) -> (verdict: Verdict, call: Int) {
        state.withLock { state in
            state.usage.forget(at: now)
            let judged = judge(state.usage.counted(in: scope), state.usage.counted(at: now))
            guard judged.isAdmitted else { return (judged.verdict, 0) }
            return (judged.verdict, state.count(added, scope: scope, at: now))
        }
    }

    /// A number for a call that counts against no limit.
    func newCall() -> Int { state.withLock { $0.newCall() } }

    /// What counts in the last hour: what was made or may have been, and what was let through and is on its way.
    package func usage(at now: Double) -> [GuardEntry] { state.withLock { $0.usage.counted(at: now) } }

    // MARK: changes

    /// A call was let through; nothing of it has left yet.
    func reserve(_ order: ChangeOrder, call: Int, facts: [InstanceID: InstanceFacts], at now: Double) {
        state.withLock { state in
            for id in order.ids {
                state.open[call, default: [:]][id] = OpenChange(
                    order.record(id, facts[id], call: call, at: now), before: facts[id])
            }
        }
    }

    /// A request of a call is about to leave.
    package func noteSent(_ change: Change, call: Int, at now: Double) {
        guard !change.isCompensation else { return state.withLock { $0.noteWithdrawal(change.instances, at: now) } }
        state.withLock { state in
            for id in change.instances.isEmpty ? [0] : change.instances { state.noteSent(id, call: call, at: now) }
        }
    }

    /// A change of which no two may follow each other soon is about to leave; none of its instance does from now on.
    ///
    /// - Throws: ``VastError`` of kind `conflict` when another one of the instance has left not long ago.
    func claim(_ change: Change, _ note: CallNote, at now: Double) throws(VastError) {
        guard change.verb.rules.pause > 0, !change.isCompensation else { return }
        let refused = state.withLock { state -> (InstanceID, Double)? in
            for id in change.instances {
                if let time = state.lastSent(id, change.verb, but: note.call), abs(now - time) < change.verb.rules.pause {
                    return (id, now - time)
                }
            }
            for id in change.instances { state.noteSent(id, call: note.call, at: now) }
            return nil
        }
        if let (id, since) = refused { throw note.refusal(of: change, id, since: since) }
    }

    /// The service has accepted a part of a call that has not ended.
    package func noteAccepted(_ change: Change, call: Int) {
        state.withLock { state in
            for id in change.instances.isEmpty ? [0] : change.instances { state.noteAccepted(id, change.verb.aspect, call: call) }
        }
    }

    /// The service has refused starts because their GPUs are taken: until they are withdrawn, they are queued.
    package func noteQueued(_ change: Change, call: Int) {
        state.withLock { state in for id in change.instances { state.noteQueued(id, call: call) } }
    }

    /// Earlier runs have left a start queued which could not be withdrawn: until the fleet shows otherwise, it may bill.
    ///
    /// - Parameter before: what was known of the instance before that start.
    func noteLeftover(_ id: InstanceID, before: InstanceFacts?, at now: Double) {
        var record = ChangeRecord(id: id, verb: .start, name: before?.label ?? "", status: .queued, time: now)
        record.isLeftover = true
        state.withLock { $0.noteLeftover(record, before: before) }
    }

    /// A start that an earlier run has left is withdrawn, or has come about: it is no matter of this run any more.
    func forgetLeftover(_ id: InstanceID) { state.withLock { $0.forgetLeftover(id) } }

    /// Facts as they were before starts of ours that are on their way: that such an instance is wanted, and waits for its
    /// GPU, is no wish of somebody else that a second start would have to keep.
    func beforeStarts(_ facts: [InstanceID: InstanceFacts]) -> [InstanceID: InstanceFacts] {
        state.withLock { state in
            facts.mapValues { facts in
                guard let before = state.beforeStart(of: facts.id) else { return facts }
                var copy = facts
                copy.intendedStatus = before.intendedStatus
                if (before.state == .outbid) != (facts.state == .outbid) { copy.state = before.state }
                return copy
            }
        }
    }

    /// Whether a start is on its way that may have to be taken back.
    package var isWithdrawing: Bool {
        state.withLock { state in
            state.hasLeftover || state.open.values.contains { $0.values.contains { $0.isSent && $0.record.verb == .start } }
        }
    }

    /// Notes how a call ended; what has certainly not happened counts against no limit.
    func note(_ order: ChangeOrder, _ outcomes: ChangeOutcomes, call: Int, facts: [InstanceID: InstanceFacts], at now: Double) {
        state.withLock { state in
            for (id, outcome) in outcomes.inOrder {
                let record = state.open[call]?[id]?.record ?? order.record(id, facts[id], call: call, at: now)
                state.finish(record, outcome, at: now, mayWait: !order.withdraws)
            }
            state.open[call] = nil
            state.forgetTouched(before: now - FleetKnowledge.wholeFreshness)
        }
    }

    /// It has been found out what became of changes of a call that ended in doubt.
    func settle(_ outcomes: ChangeOutcomes, of verb: Change.Verb, call: Int) {
        state.withLock { state in for (id, outcome) in outcomes.inOrder { state.settle(id, verb, outcome, call: call) } }
    }

    /// A call that was let through will not be made.
    func release(call: Int) { state.withLock { $0.release(call: call) } }

    /// Enters a call that went another way than through a guard.
    package func record(_ order: ChangeOrder, _ outcomes: ChangeOutcomes, facts: [InstanceID: InstanceFacts] = [:], at now: Double) {
        note(order, outcomes, call: newCall(), facts: facts, at: now)
    }

    /// The script handled this instance's failure on purpose: it no longer counts against the run.
    package func handleFailures(of ids: some Sequence<InstanceID>) {
        state.withLock { state in for id in ids { state.handleFailures(of: id) } }
    }

    /// Takes a reading: what it shows is confirmed, and what the fleet bills is known.
    package func note(_ snapshot: FleetSnapshot) {
        let rate = snapshot.isAuthoritative ? snapshot.instances.compactMap(\.rate?.rawValue).reduce(0, +) : nil
        state.withLock { state in
            state.confirm(with: snapshot)
            if let rate { state.bill.note(rate, at: snapshot.observedAt.timeIntervalSince1970, hasBegun: state.hasBegun) }
        }
    }

    // MARK: reading

    /// The last change of each instance and aspect, and its last failure, in the order in which their instances were first
    /// touched.
    package var changes: [ChangeRecord] { state.withLock { $0.changes } }

    /// What was made of one instance.
    package func changes(of id: InstanceID) -> [ChangeRecord] { state.withLock { $0.latest(of: id) } }

    /// What the fleet bills, before the first change and at the last whole reading.
    package var bill: RunReport.Bill { state.withLock { $0.bill.known } }

    /// Whether what the fleet bills after all that was confirmed is known, or was never asked for.
    var hasBillAfterwards: Bool { state.withLock { $0.bill.last.after == nil || $0.bill.known.after != nil } }

    /// How many instances were destroyed.
    var destroyedCount: Int { state.withLock { $0.destroyed } }

    /// The instances that were started since a moment, in Unix seconds.
    func started(since time: Double) -> Set<InstanceID> { state.withLock { $0.started(since: time) } }

    /// The ids whose changes the fleet has not shown yet.
    package var unconfirmed: [InstanceID] {
        var seen = Set<InstanceID>()
        return changes.filter { $0.isUnconfirmed && seen.insert($0.id).inserted }.map(\.id)
    }

    /// Whether a change failed, or is not confirmed, and nobody dealt with it.
    package var hasOpenChanges: Bool { changes.contains(where: \.isOpen) }

    /// Whether everything that is open has certainly not happened, because the service could not be reached or kept refusing.
    package var isOpenForWantOfService: Bool {
        let unreachable: [VastError.Kind] = [.network, .server, .rateLimited, .timeout]
        return changes.filter(\.isOpen).allSatisfy { change in
            if case .failed(let kind, _) = change.status { unreachable.contains { $0.rawValue == kind } } else { false }
        }
    }

    /// Whether a change failed and the script did not deal with it.
    package var hasOpenFailures: Bool { changes.contains { !$0.isUnconfirmed && $0.isOpen } }

    /// Whether nothing was sent and nothing failed: a run without is silent.
    package var isEmpty: Bool { changes.allSatisfy { $0.status == .satisfied } }

    /// When withdrawals of starts of an instance were sent, in Unix seconds.
    func withdrawals(of id: InstanceID) -> [Double] { state.withLock { $0.withdrawals[id] ?? [] } }

    /// The ids that were changed since `time` (Unix seconds).
    func touched(since time: Double) -> Set<InstanceID> {
        state.withLock { state in Set(state.touched.reversed().prefix { $0.time >= time }.map(\.id)) }
    }

    /// What our own changes since a reading make of an instance; nil when it is destroyed.
    ///
    /// - Parameter readAt: when it was read, in Unix seconds.
    func shown(_ facts: InstanceFacts, readAt: Double) -> InstanceFacts? {
        var facts = facts
        for change in state.withLock({ $0.shown(of: facts.id) }) where change.time >= readAt {
            guard let changed = change.verb.rules.changed(facts, change.payload) else { return nil }
            facts = changed
        }
        return facts
    }
}

extension ChangeOrder {
    /// The change of one instance as the ledger keeps it.
    fileprivate func record(_ id: InstanceID, _ facts: InstanceFacts?, call: Int, at now: Double) -> ChangeRecord {
        var record = ChangeRecord(
            id: id, verb: verb, payload: payload, reason: decision.reasons[id], rateBefore: rateBefore(facts)?.rawValue,
            name: facts?.label ?? "", status: .sent, time: now)
        record.call = call
        record.isProvable = verb.rules.isProvable(from: facts?.intendedStatus, isInterruptible: facts?.isInterruptible)
        return record
    }

    /// What goes on billing when the change is not made. What is starting bills as soon as it is up.
    private func rateBefore(_ facts: InstanceFacts?) -> USDPerHour? {
        facts.flatMap { verb.rules.endsBilling && $0.isOn ? $0.rateInterrupted : $0.rate }
    }
}
