import VastJSON

extension Fault {
    /// Whether it strikes before the service has looked at the request, its key included, as a proxy would.
    var comesFirst: Bool {
        switch self {
        case .status(_, _, _, let applied), .reset(let applied), .stall(_, let applied), .garbage(let applied),
            .empty(let applied), .refuse(_, _, let applied):
            !applied
        case .html, .oversized, .noEffect, .nullInstances: true
        default: false
        }
    }

    /// The answer of a fault that does not depend on the true one.
    func answer(to route: Route) -> SimulatedResponse {
        switch self {
        case .status(let status, let body, let headers, _): Self.own(status, body, headers)
        case .reset: Self.delivered(.success, .reset)
        case .stall(let seconds, _): Self.delivered(.success, .stall(seconds))
        case .garbage: Self.delivered(.success, .garbage)
        case .empty: .json(bytes: [])
        case .refuse(let error, let message, _): .failure(200, error, message)
        case .html(let status): Self.page(status)
        case .nullInstances: .json(["instances": nil])
        case .oversized(let megabytes): .json(bytes: Array(repeating: UInt8(ascii: " "), count: megabytes << 20) + Array("{}".utf8))
        default: .success
        }
    }

    /// Carries the request out as far as the fault allows, and spoils the answer.
    func apply(to backend: inout Backend, _ request: SimulatedRequest, _ route: Route) -> SimulatedResponse {
        switch self {
        case .stale(let seconds): return backend.performStale(request, route, age: seconds)
        case .partial(let count): return Self.partial(&backend, request, route, count)
        default: break
        }
        let truth = backend.perform(request, route)
        return switch self {
        case .truncate(let fraction): Self.delivered(truth, .truncated(Int(Double(truth.body.count) * fraction)))
        case .slow(let seconds): Self.delivered(truth, .delayed(seconds))
        case .wrongTypes: Self.rewritten(truth, Self.spoiled)
        case .duplicates(let rows): Self.rewritten(truth) { Self.duplicated($0, rows, backend.world) }
        case .missingRows(let rows): Self.rewritten(truth) { Self.shortened($0, rows) }
        case .sameToken: Self.rewritten(truth) { Self.sameToken($0, request.query["after_token"]) }
        case .total(let difference): Self.rewritten(truth) { Self.shifted($0, difference) }
        default: answer(to: route)
        }
    }

    private static func own(_ status: Int, _ body: JSONValue, _ headers: [String: String]) -> SimulatedResponse {
        var response = body.text.map { SimulatedResponse.text($0, status: status) } ?? .json(body, status: status)
        response.headers += headers.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        return response
    }

    private static func delivered(
        _ response: SimulatedResponse, _ delivery: SimulatedResponse.Delivery
    ) -> SimulatedResponse {
        var response = response
        response.delivery = delivery
        return response
    }

    private static func page(_ status: Int) -> SimulatedResponse {
        let text =
            "<html>\r\n<head><title>\(status) Bad Gateway</title></head>\r\n<body><center><h1>\(status) Bad Gateway</h1></center></body>\r\n</html>\r\n"
        return SimulatedResponse(status: status, contentType: "text/html", body: Array(text.utf8))
    }

    private static func partial(
        _ backend: inout Backend, _ request: SimulatedRequest, _ route: Route, _ count: Int
    ) -> SimulatedResponse {
        guard var body = Backend.object(request.body), case .object(var object) = body else { return backend.perform(request, route) }
        let name = object["ids"] != nil ? "ids" : "instance_ids"
        guard let ids = object[name]?.elements, ids.count > count else { return backend.perform(request, route) }
        object[name] = .array(Array(ids.prefix(count)))
        body = .object(object)
        var reduced = request
        reduced.body = (try? body.serialized()) ?? []
        if count > 0 { _ = backend.perform(reduced, route) }
        return .success
    }

    /// Changes the members of an answer that is an object; others stay as they are.
    private static func rewritten(
        _ response: SimulatedResponse, _ change: (JSONObject) -> JSONObject
    ) -> SimulatedResponse {
        guard case .object(let object)? = Backend.object(response.body) else { return response }
        var response = response
        response.body = (try? JSONValue.object(change(object)).serialized()) ?? response.body
        return response
    }

    private static func spoiled(_ object: JSONObject) -> JSONObject {
        JSONObject(object.map { ($0.name, $0.name == "instances" ? rows($0.value) : spoiled($0.value)) })
    }

    private static func rows(_ value: JSONValue) -> JSONValue {
        guard case .array(let rows) = value else { return value }
        return .array(
            rows.map { row in
                guard case .object(let members) = row else { return row }
                return .object(JSONObject(members.map { ($0.name, $0.name == "id" ? fraction($0.value) : spoiled($0.value)) }))
            })
    }

    private static func fraction(_ value: JSONValue) -> JSONValue { value.number.map(JSONValue.double) ?? value }

    private static func spoiled(_ value: JSONValue) -> JSONValue {
        switch value {
        case .integer, .unsigned: fraction(value)
        case .double(let number): .string("\(number)")
        case .array: .null
        default: value
        }
    }

    private static func duplicated(_ object: JSONObject, _ count: Int, _ world: World) -> JSONObject {
        guard let rows = object["instances"]?.elements, !rows.isEmpty else { return object }
        var object = object
        let first = rows[0]["id"]?.wholeNumber ?? .max
        let earlier = world.ids.prefix { $0 < first }.suffix(count).compactMap { world.instances[$0] }
        let copies = earlier.isEmpty ? Array(rows.prefix(count)) : earlier.compactMap { Backend.object(world.row($0, columns: nil)) }
        object["instances"] = .array(copies + rows)
        object["instances_found"] = .integer(Int64(copies.count + rows.count))
        return object
    }

    private static func shortened(_ object: JSONObject, _ count: Int) -> JSONObject {
        guard let rows = object["instances"]?.elements else { return object }
        var object = object
        object["instances"] = .array(Array(rows.dropLast(count)))
        return object
    }

    private static func sameToken(_ object: JSONObject, _ token: String?) -> JSONObject {
        guard let token else { return object }
        var object = object
        object["next_token"] = .string(token)
        return object
    }

    private static func shifted(_ object: JSONObject, _ difference: Int) -> JSONObject {
        guard let total = object["total_instances"]?.wholeNumber else { return object }
        var object = object
        object["total_instances"] = .integer(total + Int64(difference))
        return object
    }
}
