package import VastAPI
package import VastJSON

/// A service of which only the reading is real: changes are answered as if they had been made, and nothing is sent.
package struct ReadingService: FleetService {
    private let service: any FleetService

    package init(_ service: any FleetService) {
        self.service = service
    }

    package func list(_ query: ListQuery) async throws -> FleetSnapshot { try await service.list(query) }

    package func show(_ id: InstanceID) async throws -> Instance? { try await service.show(id) }

    package func user() async throws -> User { try await service.user() }

    package func change(_ order: ChangeOrder) async throws -> ChangeResults {
        Dictionary(uniqueKeysWithValues: order.ids.map { ($0, .success(())) })
    }

    package func request(
        _ method: String, _ path: String, query: JSONObject, body: JSONValue?
    ) async throws -> JSON? {
        if let known = HTTPMethod(rawValue: method), try KnownRequest(known, path: path, body: body).change == nil {
            return try await service.request(method, path, query: query, body: body)
        }
        return nil
    }
}
