internal import Synchronization
package import VastAPI
package import VastJSON

/// The link that refuses the key of another account than the configured one, before anything else is done with it.
package final class AccountChecked: FleetService {
    private let next: VastService
    private let account: String?
    private let isChecked = Mutex(false)

    /// - Parameter account: an id or an email; nil: any account.
    package init(_ next: VastService, only account: String?) {
        self.next = next
        self.account = account
    }

    package func list(_ query: ListQuery) async throws -> FleetSnapshot {
        try await check()
        return try await next.list(query)
    }

    package func show(_ id: InstanceID) async throws -> Instance? {
        try await check()
        return try await next.show(id)
    }

    package func user() async throws -> User {
        try await check()
        return try await next.user()
    }

    package func change(_ order: ChangeOrder) async -> ChangeOutcomes {
        do { try await check() } catch { return ChangeOutcomes(order.ids, endedBy: VastError(refusing: error)) }
        return await next.change(order)
    }

    package func request(_ order: RequestOrder) async throws -> JSON? {
        try await check()
        return try await next.request(order)
    }

    private func check() async throws {
        guard let account, !isChecked.withLock({ $0 }) else { return }
        if let refusal = Self.refusal(of: try await next.user(), only: account) { throw refusal }
        isChecked.withLock { $0 = true }
    }

    /// Why a user may not be used; nil when it is the account.
    package static func refusal(of user: User, only account: String) -> VastError? {
        if account == "\(user.id)" || account.lowercased() == user.email?.lowercased() { return nil }
        return VastError(
            .guard, "the key belongs to the account \(user.email ?? "\(user.id)"), and the config file allows only \(account)",
            hint: "use a key of \(account), or change \"account\" in the config file")
    }
}
