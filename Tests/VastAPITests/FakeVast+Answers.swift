import VastJSON

@testable import VastAPI

extension FakeVast {
    static func answer(_ request: Request, _ world: inout World) -> HTTPResponse {
        let id = request.path.split(separator: "/").last.flatMap { Int64($0) }
        switch (request.method, request.path, id) {
        case (.get, "/api/v1/instances/", _): return list(request, &world)
        case (.get, "/api/v0/users/current/", _): return json(["id": 7, "email": "ops@lab.ai", "credit": 812.5])
        case (.get, _, let id?): return json(["instances": world.rows[id].map { row(id, $0) } ?? .null])
        case (.put, "/api/v0/instances/", _): return bulk(request, &world)
        case (.put, let path, let id?) where path.contains("/reboot/"): return reboot(id, &world)
        case (.put, _, let id?): return manage(id, request, &world)
        case (.delete, _, let id?):
            guard world.rows.removeValue(forKey: id) != nil else { return missing(id) }
            return json(["success": true])
        default: return HTTPResponse(status: 404, body: Array("404: Not Found".utf8))
        }
    }

    static func json(_ value: JSONValue, status: Int = 200) -> HTTPResponse {
        HTTPResponse(status: status, body: (try? value.serialized()) ?? [])
    }

    private static func missing(_ id: Int64) -> HTTPResponse {
        json(["success": false, "error": "no_such_instance", "msg": .string("Instance \(id) not found.")], status: 404)
    }

    static func row(_ id: Int64, _ row: Row) -> JSONValue {
        [
            "id": .integer(id), "label": row.label.map { .string($0) } ?? .null, "actual_status": .string(row.actual),
            "intended_status": .string(row.intended), "cur_state": .string(row.cur), "is_bid": false,
            "dph_total": 1.5, "storage_total_cost": 0.5
        ]
    }

    private static func list(_ request: Request, _ world: inout World) -> HTTPResponse {
        let filter = request.query["select_filters"].flatMap { try? JSONDocument(parsing: $0).root }
        if filter != nil, !world.hasFilters {
            return json(["error": "invalid_request", "msg": "Error in query parameters"], status: 400)
        }
        let matching = world.rows.keys.sorted().filter { id in
            world.ignoresFilters || matches(filter, row(id, world.rows[id] ?? Row()))
        }
        let size = request.query["limit"].flatMap { Int($0) } ?? 25
        let start = request.query["after_token"].flatMap { Int64($0) } ?? 0
        let page = matching.filter { $0 > start }.prefix(size)
        let isLast = page.last == matching.last
        let total = world.totals.isEmpty ? matching.count : world.totals.removeFirst()
        return json([
            "success": true, "instances_found": .integer(Int64(page.count)), "total_instances": .integer(Int64(total)),
            "label_counts": [:], "next_token": isLast ? .null : .string("\(page.last ?? 0)"),
            "instances": .array(page.map { row($0, world.rows[$0] ?? Row()) })
        ])
    }

    private static func matches(_ filter: JSON?, _ row: JSONValue) -> Bool {
        guard let filter else { return true }
        return filter.members.allSatisfy { column, conditions in
            conditions.members.allSatisfy { operation, wanted in
                switch operation {
                case "eq": row[column] == wanted.value
                case "neq": row[column] != wanted.value
                case "in": wanted.elements.contains { $0.value == row[column] }
                default: false
                }
            }
        }
    }

    private static func bulk(_ request: Request, _ world: inout World) -> HTTPResponse {
        guard world.hasBulk else { return HTTPResponse(status: 404, body: Array("404: Not Found".utf8)) }
        guard case .array(let ids)? = request.body?["ids"], let state = request.target else {
            return json(["success": false, "error": "invalid_args"], status: 400)
        }
        var isRefused = false
        for case .integer(let id) in ids where !world.stubborn.contains(id) {
            isRefused = !set(id, state, &world) || isRefused
        }
        return isRefused ? refusal : json(["success": true])
    }

    private static let refusal = json([
        "success": false, "error": "resources_unavailable",
        "msg": "Required resources are currently unavailable, state change queued."
    ])

    private static func manage(_ id: Int64, _ request: Request, _ world: inout World) -> HTTPResponse {
        guard world.rows[id] != nil else { return missing(id) }
        if case .string(let label)? = request.body?["label"] { world.rows[id]?.label = label }
        guard let state = request.target else { return json(["success": true]) }
        return set(id, state, &world) ? json(["success": true]) : refusal
    }

    private static func reboot(_ id: Int64, _ world: inout World) -> HTTPResponse {
        world.rows[id]?.reboots += 1
        return world.rows[id] == nil ? missing(id) : json(["success": true])
    }

    /// Returns false when the start is queued.
    private static func set(_ id: Int64, _ state: String, _ world: inout World) -> Bool {
        guard world.rows[id] != nil else { return true }
        let isQueued = state == "running" && world.rows[id]?.cur == "stopped" && world.taken.contains(id)
        world.rows[id]?.intended = state
        if !isQueued { world.rows[id]?.cur = state }
        if state == "running" { world.rows[id]?.starts += 1 }
        return !isQueued
    }
}
