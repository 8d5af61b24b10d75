package import FleetStore
package import VastAPI
package import VastJSON

/// A service as one link of the chain sees the next one: the real one, a simulated one, or a link that judges, plans or
/// writes down every change.
package protocol FleetService: Sendable {
    /// One consistent snapshot.
    func list(_ query: ListQuery) async throws -> FleetSnapshot
    /// One instance, nil when the service says that there is none.
    func show(_ id: InstanceID) async throws -> Instance?
    /// Carries an order out as far as it can be done; every id has its own outcome, whatever ends it.
    func change(_ order: ChangeOrder) async -> ChangeOutcomes
    /// The account of the key.
    func user() async throws -> User
    /// A request that is no verb; the answer's body, nil when it is empty.
    func request(_ order: RequestOrder) async throws -> JSON?
    /// Takes note of an order that had nothing to do, since everything was so already.
    func noteSatisfied(_ order: ChangeOrder)
    /// Makes room for orders that are about to be sent, so that no other run takes it.
    ///
    /// - Throws: ``VastError`` of kind `guard` when another run has taken it meanwhile.
    func reserve(_ orders: [ChangeOrder], _ reservation: Reservation) async throws
    /// Gives back what was reserved and not sent.
    func release(_ orders: [ChangeOrder]) async
}

extension FleetService {
    package func noteSatisfied(_ order: ChangeOrder) {}
    package func reserve(_ orders: [ChangeOrder], _ reservation: Reservation) async throws {}
    package func release(_ orders: [ChangeOrder]) async {}
}

/// The first link of a chain: what scripts and commands hold.
package protocol FleetChain: FleetService {
    /// What was changed through it.
    var ledger: ChangeLedger { get }
}
