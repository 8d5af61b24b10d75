import VastJSON

extension Backend {
    /// The key that a request brings: in its header, or in the old query form.
    func key(of request: SimulatedRequest) -> String? {
        if let header = request.authorization, header.lowercased().hasPrefix("bearer ") {
            let key = header.dropFirst(7).drop { $0 == " " }
            return key.isEmpty ? nil : String(key)
        }
        return request.query["api_key"]
    }

    /// The refusal of a request whose key does not allow it; nil when it does (API contract, authentication failures).
    func authorize(_ request: SimulatedRequest, _ route: Route) -> SimulatedResponse? {
        guard let text = key(of: request) else {
            return .failure(403, "auth_error", "This action requires login.")
        }
        guard let key = options.keys.first(where: { $0.text == text }) else { return unknownKey(route) }
        switch key.kind {
        case .full: return nil
        case .deleted: return .failure(401, "auth_error", "Invalid user key")
        case .expiredSession: return .failure(404, "auth_error", "Session expired. Please log in again.")
        case .readOnly: return route.isWrite ? lacks(route, request) : nil
        case .needsTwoFactor:
            guard route.isWrite else { return nil }
            return .failure(401, "auth_error", "This action requires Two Factor Authentication.")
        case .only(let ids):
            guard route.isWrite else { return nil }
            return route.instance.map(ids.contains) == true ? nil : lacks(route, request)
        }
    }

    /// The key that asks, with its scopes (API contract, part 2, keys).
    func apiKeys(_ request: SimulatedRequest) -> SimulatedResponse {
        let known = options.keys.first { $0.text == key(of: request) }
        let reads = ["instance_read", "user_read", "billing_read", "misc"]
        var scopes = JSONObject()
        for scope in reads { scopes[scope] = [:] }
        switch known?.kind {
        case .readOnly?: break
        case .only(let ids)?:
            scopes["instance_write"] = .object([
                "api.instance_PUT": ["constraints": ["id": ["eq": .integer(ids.min() ?? 0)]]]
            ])
        default: for scope in ["instance_write", "user_write", "billing_write"] { scopes[scope] = [:] }
        }
        let row: JSONValue = [
            "id": .integer(Self.keyID), "user_id": .integer(world.account.id), "rights": ["api": .object(scopes)], "team_id": nil,
            "team_name": nil
        ]
        return .json(["apikeys": [row]])
    }

    static let keyID: Int64 = 4_101

    private func unknownKey(_ route: Route) -> SimulatedResponse {
        let status =
            switch options.behaviour.unknownKey {
            case .unauthorized: 401
            case .notFound: 404
            case .byRoute: Self.isInstanceOrOffer(route) ? 404 : 401
            }
        return .failure(status, "auth_error", "Invalid user key")
    }

    private func lacks(_ route: Route, _ request: SimulatedRequest) -> SimulatedResponse {
        let name =
            switch route {
            case .manage, .destroy: "instance_\(request.method)"
            case .bulk, .destroyBulk: "instances_\(request.method)"
            case .reboot, .recycle, .bidPrice, .prepay, .execute: "instance.\(route.name)"
            default: route.name
            }
        return .failure(401, "auth_error", "This API key does not have access to api.\(name)")
    }

    private static func isInstanceOrOffer(_ route: Route) -> Bool {
        switch route {
        case .user, .apiKeys, .auditLogs, .scheduledJob, .scheduledJobs, .unknown: false
        case .badID(let route): isInstanceOrOffer(route)
        default: true
        }
    }
}
