public import VastJSON

/// What a request made of method, path and body would do, so that it is judged like the verb it stands for.
public struct KnownRequest: Sendable {
    /// The path with its final slash.
    public let path: String
    public let route: Route
    /// What it changes; nil for a read, whichever method it uses.
    public let change: Change?
    public let repetition: Endpoint.Repetition

    /// - Throws: ``VastError`` of kind `invalid_argument` for a path that does not begin with `/`, or that holds `..`,
    ///   `//`, a query, or characters that no path has.
    public init(_ method: HTTPMethod, path: String, body: JSONValue?) throws {
        self.path = try Self.checked(path)
        route = Route(method: method, path: self.path)
        change = Self.change(route, self.path, body)
        repetition =
            switch change?.verb {
            case nil: .read
            case .stop, .label, .destroy: .idempotent
            case .start, .reboot, .recycle, .other: .never
            }
    }

    private static func checked(_ path: String) throws -> String {
        let parts = path.split(separator: "/")
        let isPlain = path.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value < 0x7F && !"?#\\%".unicodeScalars.contains($0) }
        guard path.hasPrefix("/"), isPlain, !path.contains("//"), !parts.contains(".."), !parts.contains(".") else {
            throw VastError(
                .invalidArgument, "not a path of the API: '\(path)'; write it as /api/v0/instances/ with the query apart")
        }
        return path.hasSuffix("/") ? path : path + "/"
    }

    // Reads that the API makes with a writing method (Vast API contract, section 2.1).
    private static let readingRoutes: Set<Route> = [
        Route(.put, "/api/v0/instances/request_logs/{id}/"), Route(.post, "/api/v0/bundles/"),
        Route(.put, "/api/v0/search/asks/"),
    ]

    private static func change(_ route: Route, _ path: String, _ body: JSONValue?) -> Change? {
        if route.method == .get || route.method == .head || readingRoutes.contains(route) { return nil }
        let id = path.split(separator: "/").last.flatMap { Int64($0) }.map { [InstanceID($0)] } ?? []
        switch route {
        case .manage: return managed(id, body)
        case .bulk: return managed(ids(body?["ids"]), body)
        case .reboot: return Change(.reboot, id)
        case .recycle: return Change(.recycle, id)
        case .destroy: return Change(.destroy, id)
        case Route(.delete, "/api/v0/instances/"): return Change(.destroy, ids(body?["instance_ids"]))
        case Route(.post, "/api/v0/instances/start/"): return Change(.start, ids(body?["IDs"]))
        default: return Change(.other, [])
        }
    }

    private static func managed(_ ids: [InstanceID], _ body: JSONValue?) -> Change {
        guard case .object(let members)? = body, members.count == (members["ids"] == nil ? 1 : 2) else {
            return Change(.other, ids)
        }
        switch (members["state"], members["label"]) {
        case (.string("stopped"), nil): return Change(.stop, ids)
        case (.string("running"), nil): return Change(.start, ids)
        case (nil, .string(let text)): return Change(.label, ids, label: text)
        default: return Change(.other, ids)
        }
    }

    private static func ids(_ value: JSONValue?) -> [InstanceID] {
        guard case .array(let elements)? = value else { return [] }
        return elements.compactMap { if case .integer(let id) = $0 { InstanceID(id) } else { nil } }
    }
}
