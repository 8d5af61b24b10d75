package import VastAPI
package import VastJSON

/// The last link of the chain: the service behind a ``VastClient``.
package struct VastService: FleetService {
    private let client: VastClient

    package init(client: VastClient) { self.client = client }

    package func list(_ query: ListQuery) async throws -> FleetSnapshot { try await client.list(query) }

    package func show(_ id: InstanceID) async throws -> Instance? { try await client.show(id) }

    package func user() async throws -> User { try await client.user() }

    package func change(_ order: ChangeOrder) async -> ChangeOutcomes {
        let before = order.note?.before.mapValues { ChangeBaseline(intendedStatus: $0.intendedStatus, label: $0.label) }
        let operations = Operations(client, note: order.note, before: before ?? [:])
        let ids = order.ids
        return switch order.verb {
        case .stop where order.isCompensation: await operations.withdraw(ids)
        case .stop: await operations.stop(ids)
        case .start: await operations.start(ids, unavailable: order.unavailable)
        case .label: await operations.label(ids, order.label ?? "")
        case .reboot: await operations.reboot(ids)
        case .recycle: await operations.recycle(ids)
        case .destroy: await operations.destroy(ids)
        case .other: ChangeOutcomes(ids, endedBy: VastError(.invalidArgument, "no such verb"))
        }
    }

    package func request(_ order: RequestOrder) async throws -> JSON? {
        let pairs = order.query.map { (name: $0.name, value: $0.value) }
        return try await client.request(order.method, order.path, query: pairs, body: order.body, note: order.note).json
    }
}

extension VastError {
    /// Any error as the one that refuses a change.
    init(refusing error: any Error) {
        switch error {
        case let error as VastError: self = error
        case let error as StateError: self = error.refusal
        case is CancellationError: self.init(.cancelled, "cancelled")
        default: self.init(.guard, "no change is made that cannot be noted: \(error)", code: VastError.stateCode, cause: error)
        }
    }
}
