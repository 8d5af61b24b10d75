#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import VastJSON

/// The state of the service and its way from a request to an answer: key, rate limit, fault, route.
struct Backend: Sendable {
    var world: World
    var options: SimulatorOptions
    var limiter: RateLimiter
    var faults: FaultInjector
    var pages = PageCache()
    var results: [String: String] = [:]
    var jobs: [Int64: JSONValue] = [:]
    var audit: [JSONValue] = []
    var log: [LoggedRequest] = []
    /// The entry of the request that was answered last; nil when that is not logged.
    private(set) var newest: LoggedRequest?
    /// Virtual seconds that were skipped over.
    var skipped = 0.0
    var baseURL = "http://127.0.0.1"
    private var history: [World] = []

    init(_ world: World, _ options: SimulatorOptions) {
        self.world = world
        self.options = options
        limiter = RateLimiter(options.rateLimits)
        faults = FaultInjector(options.faults, seed: options.seed)
    }

    mutating func setFaults(_ plan: FaultPlan) {
        faults = FaultInjector(plan, seed: options.seed)
        history = []
    }

    /// - Parameters:
    ///   - now: time since any origin, for the rate limits.
    ///   - time: Unix seconds, for the log.
    mutating func respond(to request: SimulatedRequest, now: Duration, at time: Double) -> SimulatedResponse {
        let route = Route(method: request.method, path: request.path)
        newest = nil
        if case .control(let name) = route { return options.hasControl ? control(name, request) : Self.noRoute(request) }
        if case .result(let name) = route { return result(name) }
        var struck: FaultRule?
        let response = answer(request, route, now: now, struck: &struck)
        if log.count >= options.logCapacity { log.removeFirst(max(1, options.logCapacity / 10)) }
        let entry = LoggedRequest(
            time: time, uptime: now.seconds, method: request.method, target: request.target, route: route.name,
            status: response.status, bytes: response.body.count, fault: struck?.name)
        log.append(entry)
        newest = entry
        return response
    }

    private mutating func answer(
        _ request: SimulatedRequest, _ route: Route, now: Duration, struck: inout FaultRule?
    ) -> SimulatedResponse {
        struck = faults.rule(for: request.method, route.name, request.path)
        if let struck, struck.fault.comesFirst { return struck.fault.answer(to: route) }
        if let refusal = authorize(request, route) { return refusal }
        let identity = (key(of: request) ?? "") + "@" + request.peer
        if let refusal = limiter.take(route, identity: identity, now: now) {
            return refusal.response(header: options.rateLimits.retryAfterHeader)
        }
        guard let fault = struck?.fault else { return perform(request, route) }
        return fault.apply(to: &self, request, route)
    }

    /// Carries a request out, as if nothing could go wrong.
    mutating func perform(_ request: SimulatedRequest, _ route: Route) -> SimulatedResponse {
        if faults.needsHistory, route.isWrite { remember() }
        return switch route {
        case .list: list(request)
        case .oldList: oldList()
        case .show(let id): show(id)
        case .filters: filterValues()
        case .count: .json(["success": true, "count": .integer(Int64(world.ids.count))])
        case .manage(let id): manage(id, request)
        case .bulk: options.behaviour.bulkRoutes ? bulk(request) : Self.noRoute(request)
        case .destroyBulk: options.behaviour.bulkRoutes ? destroyBulk(request) : Self.noRoute(request)
        case .start: options.behaviour.startRoute ? startMany(request) : Self.noRoute(request)
        case .destroy(let id): destroy(id)
        case .reboot(let id): restart(id, recycle: false)
        case .recycle(let id): restart(id, recycle: true)
        case .bidPrice(let id): changeBid(id, request)
        case .prepay(let id): prepay(id, request)
        case .execute(let id): execute(id, request)
        case .requestLogs(let id): requestLogs(id, request)
        case .user: user(request)
        case .apiKeys: apiKeys(request)
        case .auditLogs: .json(.array(audit))
        case .prices: .json(["success": true, "pending_price_increases": []])
        case .scheduledJobs, .scheduledJob: scheduledJob(request, route)
        case .create(let offer): noSuchOffer(offer)
        case .badID(let route): badID(route, request)
        case .result, .control, .unknown: Self.noRoute(request)
        }
    }

    /// The answer of an older state, `age` virtual seconds ago or older; of the oldest one that is remembered if none is.
    mutating func performStale(_ request: SimulatedRequest, _ route: Route, age: Double) -> SimulatedResponse {
        guard let old = history.last(where: { world.now.timeIntervalSince($0.now) >= age }) ?? history.first else {
            return perform(request, route)
        }
        let (present, cache) = (world, pages)
        defer { (world, pages) = (present, cache) }
        world = old
        pages = PageCache()
        return perform(request, route)
    }

    private mutating func remember() {
        history.append(world)
        if history.count > 64 { history.removeFirst() }
    }

    static func noRoute(_ request: SimulatedRequest) -> SimulatedResponse {
        let names = "GET PUT POST DELETE"
        guard names.contains(request.method) else {
            return .failure(405, "method_not_allowed", "The method is not allowed for the requested URL.")
        }
        return .failure(404, "not_found", "The requested URL \(request.path) was not found on the server.")
    }

    private func badID(_ route: Route, _ request: SimulatedRequest) -> SimulatedResponse {
        switch route {
        case .reboot, .destroy: .failure(400, "invalid_args", "invalid instance_id")
        case .recycle: .failure(400, "invalid_id", "Invalid instance id.")
        case .requestLogs: .queryFailure(404, "invalid_id", "Invalid instance id.")
        case .show, .manage: .failure(400, "invalid_args", "error 400/1782: Invalid args: invalid instance_id")
        default: Self.noRoute(request)
        }
    }
}
