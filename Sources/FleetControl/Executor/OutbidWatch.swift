#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif
internal import Synchronization
import VastAPI
import VastJSON

/// Tells interruptible instances that have lost their GPUs to a higher bid from those that somebody has stopped: the rows
/// of both say that they are wanted stopped (Vast API contract, part 2, section C).
///
/// It takes an earlier reading of ours that had the instance on, and neither a stop of ours nor one in the account's audit
/// log since. What cannot be told is not outbid.
final class OutbidWatch: Sendable {
    /// What is known of one interruptible instance.
    private enum Course: Sendable {
        /// When it was last seen on, in Unix seconds.
        case on(Double)
        /// When it was last seen on before it lost its GPUs.
        case lost(Double)
    }

    private struct State: Sendable {
        var courses: [InstanceID: Course] = [:]
        /// Those of which earlier runs were asked.
        var asked: Set<InstanceID> = []
        /// When the audit log was last read, in Unix seconds.
        var auditedAt = -Double.infinity
    }

    private let state: Mutex<State>

    init() { state = Mutex(State()) }

    private init(_ copy: State) { state = Mutex(copy) }

    func fork() -> OutbidWatch { OutbidWatch(state.withLock { $0 }) }

    /// The instances that are off and of which this run has no earlier reading; each is told once.
    func unseen(_ rows: [Instance]) -> [InstanceID] {
        state.withLock { state in
            rows.filter { Self.isOff($0) && state.courses[$0.id] == nil && state.asked.insert($0.id).inserted }.map(\.id)
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

    private static func isOff(_ row: Instance) -> Bool {
        row.isInterruptible == true && row.intendedStatus == "stopped" && row.curState == "stopped"
    }

    /// Those of `ids` that are known to be outbid.
    func lost(among ids: some Sequence<InstanceID>) -> Set<InstanceID> {
        state.withLock { state in Set(ids.filter { if case .lost? = state.courses[$0] { true } else { false } }) }
    }

    /// What was found out about an instance that may have been outbid.
    ///
    /// - Parameter time: until when nobody has stopped it, in Unix seconds.
    func settle(_ id: InstanceID, at time: Double, isOutbid: Bool) {
        state.withLock { $0.courses[id] = isOutbid ? .lost(time) : nil }
    }

    /// Whether it is time to look again whether somebody has stopped what is outbid.
    func isAuditDue(at now: Double) -> Bool { state.withLock { now - $0.auditedAt >= Self.auditPause } }

    func noteAudit(at now: Double) { state.withLock { $0.auditedAt = now } }

    private static let auditPause = 60.0
}

/// The account's log of requests, as far as it tells who has stopped what.
struct AuditLog {
    private let stops: [(time: Double?, ids: Set<InstanceID>)]

    /// - Parameter json: the answer of `GET /api/v0/audit_logs/`.
    init(_ json: JSON) {
        stops = json.elements.filter(Self.isStop).map { entry in
            let arguments = entry["args"]
            let ids = [arguments?["instance_id"], arguments?["id"]].compactMap { $0?.integral } + (arguments?["ids"]?.elements.compactMap(\.integral) ?? [])
            return (Self.time(entry), Set(ids.map { InstanceID($0) }))
        }
    }

    private static func isStop(_ entry: JSON) -> Bool {
        guard entry["api_route"]?.string == "api.instance_PUT" else { return false }
        // A label has no state; what is not known may be a stop.
        return (entry["args"]?["target_state"] ?? entry["args"]?["state"])?.string != "running"
    }

    /// Whether somebody has stopped the instance since a moment, or may have: an entry without a time counts.
    ///
    /// - Parameter own: when starts of ours ended, whose withdrawals are in the log too, in Unix seconds.
    func hasStop(of id: InstanceID, since time: Double, own: [Double]) -> Bool {
        stops.contains { stop in
            guard stop.ids.contains(id) else { return false }
            guard let stopped = stop.time else { return true }
            let isOwn = own.contains { (-Self.longestWithdrawal...Self.tolerance).contains(stopped - $0) }
            return stopped >= time - Self.tolerance && !isOwn
        }
    }

    /// The clocks of the service and of this machine are not the same, in seconds.
    private static let tolerance = 60.0
    /// How long before the end of a start its withdrawal may have been sent, in seconds.
    private static let longestWithdrawal = 330.0

    private static func time(_ entry: JSON) -> Double? {
        let value = entry["created_at"] ?? entry["timestamp"]
        if let number = value?.double { return number }
        return value?.string.flatMap { try? Date($0, strategy: .iso8601) }?.timeIntervalSince1970
    }
}
