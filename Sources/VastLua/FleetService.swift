package import VastAPI
package import VastJSON

/// One order to change instances, as a verb of a script gives it.
package struct ChangeOrder: Sendable {
    package var verb: Change.Verb
    package var ids: [InstanceID]
    package var label: String?
    /// What to do when the GPUs of a start are rented to somebody else.
    package var unavailable = UnavailableRule.cancel

    package init(_ verb: Change.Verb, _ ids: [InstanceID], label: String? = nil) {
        self.verb = verb
        self.ids = ids
        self.label = label
    }
}

/// How each instance of an order fared.
package typealias ChangeResults = [InstanceID: Result<Void, VastError>]

/// What the bindings need of a service: the real one, or whatever stands in for it.
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
    func request(_ method: String, _ path: String, query: JSONObject, body: JSONValue?) async throws -> JSON?
}
