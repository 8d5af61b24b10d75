#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif
import VastAPI
import VastJSON

/// The account's log of requests, as far as it tells who has stopped what.
struct AuditLog {
    private let stops: [(time: Double?, ids: Set<InstanceID>)]

    /// - Parameter json: the answer of `GET /api/v0/audit_logs/`.
    init(_ json: JSON) {
        stops = json.elements.filter(Self.isStop).map { entry in
            let arguments = entry["args"]
            let ids =
                [arguments?["instance_id"], arguments?["id"]].compactMap { $0?.integral }
                + (arguments?["ids"]?.elements.compactMap(\.integral) ?? [])
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
    /// - Parameter own: when withdrawals of ours were sent, which are in the log too, in Unix seconds.
    func hasStop(of id: InstanceID, since time: Double, own: [Double]) -> Bool {
        stops.contains { stop in
            guard stop.ids.contains(id) else { return false }
            guard let stopped = stop.time else { return true }
            let isOwn = own.contains { abs(stopped - $0) <= Self.tolerance }
            return stopped >= time - Self.tolerance && !isOwn
        }
    }

    /// The clocks of the service and of this machine are not the same, in seconds.
    private static let tolerance = 60.0

    private static func time(_ entry: JSON) -> Double? {
        let value = entry["created_at"] ?? entry["timestamp"]
        if let number = value?.double { return number }
        return value?.string.flatMap { try? Date($0, strategy: .iso8601) }?.timeIntervalSince1970
    }
}
