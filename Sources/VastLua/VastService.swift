package import VastAPI
package import VastJSON

/// The service behind a ``VastClient``.
package struct VastService: FleetService {
    private let client: VastClient

    package init(client: VastClient) { self.client = client }

    package func list(_ query: ListQuery) async throws -> FleetSnapshot { try await client.list(query) }

    package func show(_ id: InstanceID) async throws -> Instance? { try await client.show(id) }

    package func user() async throws -> User { try await client.user() }

    package func change(_ order: ChangeOrder) async throws -> ChangeResults {
        let operations = Operations(client)
        let ids = order.ids
        let report =
            switch order.verb {
            case .stop: try await operations.stop(ids)
            case .start: try await operations.start(ids, unavailable: order.unavailable)
            case .label: try await operations.label(ids, order.label ?? "")
            case .reboot: try await operations.reboot(ids)
            case .recycle: try await operations.recycle(ids)
            case .destroy: try await operations.destroy(ids)
            case .other: throw VastError(.invalidArgument, "no such verb")
            }
        return report.results
    }

    package func request(
        _ method: String, _ path: String, query: JSONObject, body: JSONValue?
    ) async throws -> JSON? {
        guard let method = HTTPMethod(rawValue: method) else {
            throw VastError(.invalidArgument, "'\(method)' is no method of the API")
        }
        let pairs = query.map { (name: $0.name, value: $0.value) }
        return try await client.request(method, path, query: pairs, body: body).json
    }
}
