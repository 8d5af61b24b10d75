internal import FleetRules
package import FleetStore
internal import Synchronization
package import VastAPI
package import VastJSON

/// The last link of the chain: the service behind a ``VastClient``.
package struct VastService: FleetService {
    private let client: VastClient
    /// What was said last of rows that cannot be read.
    private let lastWarning = LastWarning()

    /// Neither sends nor opens anything by itself: that begins with the first request.
    package init(client: VastClient) { self.client = client }

    package func list(_ query: ListQuery) async throws -> FleetSnapshot {
        let snapshot = try await client.list(query)
        warn(of: snapshot.contradicted, in: snapshot)
        warn(of: snapshot.unreadable)
        return snapshot
    }

    /// Says once a reading which rows are believed.
    private func warn(of ids: [InstanceID], in snapshot: FleetSnapshot) {
        guard let first = ids.first else { return }
        let state = snapshot[first].map { ", as \($0.state.rawValue)" } ?? ""
        let others = ids.count > 1 ? " and \(ids.count - 1) more" : ""
        client.configuration.logger.warning(
            "the service lists \(first)\(others) twice with different states or labels; the row that bills is believed\(state)")
    }

    /// How many rows that cannot be read a warning names.
    private static let mostNamed = 10

    /// Says what is missing in a reading, once for as long as it is the same.
    private func warn(of unreadable: [String]) {
        guard lastWarning.take(unreadable.joined(separator: "; ")), !unreadable.isEmpty else { return }
        let (rows, them) =
            unreadable.count == 1
            ? ("a row without a usable id of its", "it") : ("\(unreadable.count) rows without a usable id of their", "them")
        let rest = unreadable.count > Self.mostNamed ? "; and \(unreadable.count - Self.mostNamed) more" : ""
        let names = unreadable.prefix(Self.mostNamed).joined(separator: "; ") + rest
        // A label may hold anything.
        let text = PrintableText.safe(
            "the service lists \(rows) own (\(names)): nothing can be done about \(them)", limit: 2_000)
        client.configuration.logger.warning("\(text), and the fleet is larger than what is shown")
    }

    package func show(_ id: InstanceID) async throws -> Instance? { try await client.show(id) }

    package func user() async throws -> User { try await client.user() }

    package func change(_ order: ChangeOrder) async -> ChangeOutcomes {
        let before = order.note?.before.mapValues {
            ChangeBaseline(
                intendedStatus: $0.intendedStatus, label: $0.label, isOutbid: $0.state == .outbid, isInterruptible: $0.isInterruptible)
        }
        let operations = Operations(client, note: order.note, before: before ?? [:])
        if order.isCompensation { return await operations.withdraw(order.ids) }
        return await operations.perform(order.verb, order.ids, order.payload, unavailable: order.unavailable)
    }

    package func request(_ order: RequestOrder) async throws -> JSON? {
        let pairs = order.query.map { (name: $0.name, value: $0.value) }
        return try await client.request(order.method, order.path, query: pairs, body: order.body, note: order.note).json
    }
}

/// What was warned of last.
private final class LastWarning: Sendable {
    private let text = Mutex("")

    /// Whether it is something new.
    func take(_ new: String) -> Bool {
        text.withLock { text in
            defer { text = new }
            return new != text
        }
    }
}
