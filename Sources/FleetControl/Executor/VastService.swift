package import VastAPI
package import VastJSON

/// The last link of the chain: the service behind a ``VastClient``.
package struct VastService: FleetService {
    private let client: VastClient

    package init(client: VastClient) { self.client = client }

    package func list(_ query: ListQuery) async throws -> FleetSnapshot { try await client.list(query) }

    package func show(_ id: InstanceID) async throws -> Instance? { try await client.show(id) }

    package func user() async throws -> User { try await client.user() }

    package func change(_ order: ChangeOrder) async throws -> ChangeResults { try await change(order, note: nil) }

    package func request(_ order: RequestOrder) async throws -> JSON? { try await request(order, note: nil) }

    /// - Parameter note: goes to the client's observer with every request of the call.
    func change(_ order: ChangeOrder, note: (any ChangeNote)?) async throws -> ChangeResults {
        let operations = Operations(client, note: note)
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

    /// - Parameter note: goes to the client's observer.
    func request(_ order: RequestOrder, note: (any ChangeNote)?) async throws -> JSON? {
        let pairs = order.query.map { (name: $0.name, value: $0.value) }
        return try await client.request(order.method, order.path, query: pairs, body: order.body, note: note).json
    }
}
