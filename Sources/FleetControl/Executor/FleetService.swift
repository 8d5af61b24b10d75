package import VastAPI
package import VastJSON

/// What the bindings need of a service: the real one, a simulated one, or one link of the chain before it that judges,
/// plans or writes down every change.
package protocol FleetService: Sendable {
    /// One consistent snapshot.
    func list(_ query: ListQuery) async throws -> FleetSnapshot
    /// One instance, nil when the service says that there is none.
    func show(_ id: InstanceID) async throws -> Instance?
    /// Carries an order out as far as it can be done; every id has its own result.
    func change(_ order: ChangeOrder) async throws -> ChangeResults
    /// The account of the key.
    func user() async throws -> User
    /// Any request; the answer's body, nil when it is empty.
    func request(_ order: RequestOrder) async throws -> JSON?
    /// Takes note of an order that had nothing to do, since everything was so already.
    func noteSatisfied(_ order: ChangeOrder)
}

extension FleetService {
    package func noteSatisfied(_ order: ChangeOrder) {}
}

/// How each instance of an order fared.
package typealias ChangeResults = [InstanceID: Result<Void, VastError>]
