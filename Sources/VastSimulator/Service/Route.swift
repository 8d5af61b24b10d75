/// A route of the API with the id in its path. A final slash makes no difference.
package enum Route: Sendable, Equatable {
    case list, oldList, filters, count, bulk, destroyBulk, start, user, apiKeys, auditLogs, scheduledJobs, prices
    case show(Int64), manage(Int64), destroy(Int64), reboot(Int64), recycle(Int64)
    case bidPrice(Int64), prepay(Int64), execute(Int64), requestLogs(Int64), scheduledJob(Int64), create(Int64)
    /// The path has something else where an id belongs; the route that it would have been.
    indirect case badID(Route)
    /// A file that an answer's `result_url` names; it needs no key.
    case result(String)
    /// The simulator's own control; it needs no key.
    case control(String)
    case unknown

    /// - Parameters:
    ///   - method: in capitals.
    ///   - path: without query.
    package init(method: String, path: String) {
        let parts = path.split(separator: "/").map(String.init)
        if parts.first == "simulator" {
            self = parts.count == 3 && parts[1] == "results" ? .result(parts[2]) : .control(parts.dropFirst().joined(separator: "/"))
            return
        }
        guard parts.count >= 3, parts[0] == "api" else {
            self = .unknown
            return
        }
        self = Self.find(method, version: parts[1], Array(parts.dropFirst(2)))
    }

    private static func find(_ method: String, version: String, _ parts: [String]) -> Route {
        if version == "v1" { return method == "GET" && parts == ["instances"] ? .list : .unknown }
        guard version == "v0" else { return .unknown }
        if let fixed = fixedRoutes["\(method) \(parts.joined(separator: "/"))"] { return fixed }
        guard let last = parts.last, let template = withID["\(method) \(parts.dropLast().joined(separator: "/"))"] else {
            return .unknown
        }
        guard let id = Int64(last), id >= 0 else { return .badID(template(0)) }
        return template(id)
    }

    private static let fixedRoutes: [String: Route] = [
        "GET instances": .oldList, "PUT instances": .bulk, "DELETE instances": .destroyBulk,
        "GET instances/filters": .filters, "GET instances/count": .count, "POST instances/start": .start,
        "GET instances/pending-price-increases": .prices, "GET users/current": .user, "GET auth/apikeys": .apiKeys,
        "GET audit_logs": .auditLogs,
        "GET commands/schedule_job": .scheduledJobs, "POST commands/schedule_job": .scheduledJobs
    ]

    private static let withID: [String: @Sendable (Int64) -> Route] = [
        "GET instances": { .show($0) }, "PUT instances": { .manage($0) }, "DELETE instances": { .destroy($0) },
        "PUT instances/reboot": { .reboot($0) }, "PUT instances/recycle": { .recycle($0) },
        "PUT instances/bid_price": { .bidPrice($0) }, "PUT instances/prepay": { .prepay($0) },
        "PUT instances/command": { .execute($0) }, "PUT instances/request_logs": { .requestLogs($0) },
        "PUT commands/schedule_job": { .scheduledJob($0) }, "DELETE commands/schedule_job": { .scheduledJob($0) },
        "PUT asks": { .create($0) }
    ]

    /// A short name, by which limits and fault rules speak of it.
    package var name: String {
        switch self {
        case .list: "list"
        case .oldList: "old_list"
        case .filters: "filters"
        case .count: "count"
        case .bulk: "bulk"
        case .destroyBulk: "destroy_bulk"
        case .start: "start"
        case .user: "user"
        case .auditLogs: "audit_logs"
        case .apiKeys: "apikeys"
        case .scheduledJobs, .scheduledJob: "schedule_job"
        case .prices: "pending_price_increases"
        case .show: "show"
        case .manage: "manage"
        case .destroy: "destroy"
        case .reboot: "reboot"
        case .recycle: "recycle"
        case .bidPrice: "bid_price"
        case .prepay: "prepay"
        case .execute: "execute"
        case .requestLogs: "request_logs"
        case .create: "create"
        case .badID(let route): route.name
        case .result: "result"
        case .control: "control"
        case .unknown: "unknown"
        }
    }

    /// The instance that the path names, if any.
    var instance: Int64? {
        switch self {
        case .show(let id), .manage(let id), .destroy(let id), .reboot(let id), .recycle(let id), .bidPrice(let id),
            .prepay(let id), .execute(let id), .requestLogs(let id):
            id
        default: nil
        }
    }

    /// Whether it needs the scope `instance_write`.
    var isWrite: Bool {
        switch self {
        case .bulk, .destroyBulk, .start, .manage, .destroy, .reboot, .recycle, .bidPrice, .prepay, .execute, .create,
            .scheduledJob:
            true
        case .badID(let route): route.isWrite
        default: false
        }
    }
}
