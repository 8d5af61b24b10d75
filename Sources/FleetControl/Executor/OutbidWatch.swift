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

    private let courses: Mutex<[InstanceID: Course]>

    init() { courses = Mutex([:]) }

    private init(_ copy: [InstanceID: Course]) { courses = Mutex(copy) }

    func fork() -> OutbidWatch { OutbidWatch(courses.withLock { $0 }) }

    /// Takes a reading.
    ///
    /// - Returns: the instances that may have been outbid, each with the moment since which nobody may have stopped it.
    func note(_ rows: [Instance]) -> [InstanceID: Double] {
        courses.withLock { courses in
            var open: [InstanceID: Double] = [:]
            for row in rows where row.isInterruptible == true {
                if row.intendedStatus == "running" {
                    courses[row.id] = row.curState == "running" ? .on(row.observedAt.timeIntervalSince1970) : courses[row.id]
                } else if row.intendedStatus == "stopped", row.curState == "stopped", let course = courses[row.id] {
                    switch course {
                    case .on(let time), .lost(let time): open[row.id] = time
                    }
                }
            }
            return open
        }
    }

    /// Those of `ids` that are known to be outbid.
    func lost(among ids: some Sequence<InstanceID>) -> Set<InstanceID> {
        courses.withLock { courses in Set(ids.filter { if case .lost? = courses[$0] { true } else { false } }) }
    }

    /// What was found out about instances that may have been outbid.
    func settle(_ id: InstanceID, since time: Double, isOutbid: Bool) {
        courses.withLock { courses in courses[id] = isOutbid ? .lost(time) : nil }
    }
}

/// The account's log of requests, as far as it tells who has stopped what.
struct AuditLog {
    private let entries: [(time: Double?, ids: Set<InstanceID>)]

    /// - Parameter json: the answer of `GET /api/v0/audit_logs/`.
    init(_ json: JSON) {
        entries = json.elements.filter { $0["api_route"]?.string == "api.instance_PUT" }.map { entry in
            let arguments = entry["args"]
            let ids = [arguments?["instance_id"], arguments?["id"]].compactMap { $0?.integral } + (arguments?["ids"]?.elements.compactMap(\.integral) ?? [])
            return (Self.time(entry), Set(ids.map { InstanceID($0) }))
        }
    }

    /// Whether somebody has told the instance to start or stop since a moment, or may have: an entry without a time counts.
    func hasChange(of id: InstanceID, since time: Double) -> Bool {
        entries.contains { $0.ids.contains(id) && ($0.time.map { $0 >= time - Self.tolerance } ?? true) }
    }

    /// The clocks of the service and of this machine are not the same, in seconds.
    private static let tolerance = 60.0

    private static func time(_ entry: JSON) -> Double? {
        let value = entry["created_at"] ?? entry["timestamp"]
        if let number = value?.double { return number }
        return value?.string.flatMap { try? Date($0, strategy: .iso8601) }?.timeIntervalSince1970
    }
}
