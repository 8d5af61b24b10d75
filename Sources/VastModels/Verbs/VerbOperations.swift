/// What a verb needs to be carried out at the service.
package protocol VerbOperations: Sendable {
    /// One request of a verb for each id.
    func each(_ verb: some ChangeVerb, _ ids: [InstanceID], _ payload: ChangePayload?) async -> ChangeOutcomes

    /// Stops instances in as few requests as the service allows.
    func stop(_ ids: [InstanceID]) async -> ChangeOutcomes

    /// Starts instances in as few requests as the service allows.
    func start(_ ids: [InstanceID], unavailable: UnavailableRule) async -> ChangeOutcomes
}
