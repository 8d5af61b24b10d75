internal import Synchronization
import VastAPI

/// Tells interruptible instances that have lost their GPUs to a higher bid from those that somebody has stopped: the rows
/// of both say that they are wanted stopped (Vast API contract, part 2, section C).
///
/// It takes an earlier reading of ours that had the instance on, and neither a stop of ours nor one in the account's audit
/// log since. What cannot be told is not outbid.
final class OutbidTracker: Sendable {
    /// What is known of one interruptible instance.
    private enum LastSeen: Sendable {
        /// When it was last seen on, in Unix seconds.
        case on(Double)
        /// Until when nobody has stopped it, as far as is known, in Unix seconds.
        case lost(Double)
    }

    private struct State: Sendable {
        var courses: [InstanceID: LastSeen] = [:]
        /// Those of which earlier runs were asked.
        var asked: Set<InstanceID> = []
        /// When the audit log may be read again: for what is outbid already, and for anything after a failure; in Unix seconds.
        var nextAudit = -Double.infinity, nextTry = -Double.infinity
    }

    private let state: Mutex<State>

    init() { state = Mutex(State()) }

    private init(_ copy: State) { state = Mutex(copy) }

    func fork() -> OutbidTracker { OutbidTracker(state.withLock { $0 }) }

    /// The instances that are off and of which this run has no earlier reading; each is told once.
    func unseen(_ rows: [Instance]) -> [InstanceID] {
        state.withLock { state in
            rows.filter { Self.isOff($0) && state.courses[$0.id] == nil && state.asked.insert($0.id).inserted }.map(\.id)
        }
    }

    /// The same of those that are being prepared without their hardware.
    func unseenComing(_ rows: [Instance]) -> [InstanceID] {
        state.withLock { state in
            rows.filter { Self.isComing($0) && state.courses[$0.id] == nil && state.asked.insert($0.id).inserted }.map(\.id)
        }
    }

    private static func isComing(_ row: Instance) -> Bool {
        row.isInterruptible == true && row.state == .starting && row.curState == "stopped"
    }

    /// A whole reading has shown these instances: of others nothing has to be known any more.
    func keep(only ids: Set<InstanceID>) {
        state.withLock { state in
            guard state.courses.count + state.asked.count > ids.count else { return }
            state.courses = state.courses.filter { ids.contains($0.key) }
            state.asked.formIntersection(ids)
        }
    }

    /// Takes what an earlier run has seen.
    func note(_ id: InstanceID, onAt time: Double) {
        state.withLock { $0.courses[id] = $0.courses[id] ?? .on(time) }
    }

    /// Takes a reading.
    ///
    /// - Returns: the instances that may have been outbid, each with the moment since which nobody may have stopped it.
    func note(_ rows: [Instance]) -> [InstanceID: Double] {
        state.withLock { state in
            var open: [InstanceID: Double] = [:]
            for row in rows where row.isInterruptible == true {
                if row.intendedStatus == "running" {
                    if row.curState == "running" { state.courses[row.id] = .on(row.observedAt.timeIntervalSince1970) }
                } else if Self.isOff(row), let course = state.courses[row.id] {
                    switch course {
                    case .on(let time), .lost(let time): open[row.id] = time
                    }
                }
            }
            return open
        }
    }

    /// The instances that are wanted and being prepared while their hardware is not theirs, and were on before; each with the
    /// moment up to which that is known.
    func coming(_ rows: [Instance]) -> [InstanceID: Double] {
        state.withLock { state in
            var coming: [InstanceID: Double] = [:]
            for row in rows where Self.isComing(row) {
                if case .on(let time)? = state.courses[row.id] { coming[row.id] = time }
                if case .lost(let time)? = state.courses[row.id] { coming[row.id] = time }
            }
            return coming
        }
    }

    private static func isOff(_ row: Instance) -> Bool {
        row.isInterruptible == true && row.intendedStatus == "stopped" && row.curState == "stopped"
    }

    /// Those of `ids` that are known to be outbid.
    func lost(among ids: some Sequence<InstanceID>) -> Set<InstanceID> {
        state.withLock { state in Set(ids.filter { if case .lost? = state.courses[$0] { true } else { false } }) }
    }

    /// Those of `ids` of which it is known that they were on, and not that somebody has stopped them.
    func known(among ids: some Sequence<InstanceID>) -> Set<InstanceID> {
        state.withLock { state in Set(ids.filter { state.courses[$0] != nil }) }
    }

    /// What was found out about an instance that may have been outbid.
    ///
    /// - Parameter time: until when nobody has stopped it, in Unix seconds.
    func settle(_ id: InstanceID, at time: Double, isOutbid: Bool) {
        state.withLock { $0.courses[id] = isOutbid ? .lost(time) : nil }
    }

    /// Whether the audit log is to be read now: at once for what is new, from time to time for what is outbid already.
    func isAuditDue(at now: Double, forNew isNew: Bool) -> Bool {
        state.withLock { now >= $0.nextTry && (isNew || now >= $0.nextAudit) }
    }

    /// The audit log was read, or could not be: a key that may not read it is not tried at every reading.
    func noteAudit(at now: Double, isRead: Bool) {
        state.withLock { state in
            if isRead { state.nextAudit = now + Self.auditPause } else { state.nextTry = now + Self.failurePause }
        }
    }

    private static let auditPause = 60.0
    private static let failurePause = 300.0
}
