extension Operations: VerbOperations {
    /// The longest label that the service takes, in characters (Vast API contract, section 3).
    public static let labelLimit = ChangePayload.longestLabel

    /// Replaces the label of instances; an empty text removes it. Nothing is sent for a text that is too long.
    public func label(_ ids: [InstanceID], _ text: String) async -> ChangeOutcomes { await perform(.label, ids, .label(text)) }

    /// Restarts containers; the GPUs are kept. Never sent again when the answer was lost.
    public func reboot(_ ids: [InstanceID]) async -> ChangeOutcomes { await perform(.reboot, ids) }

    /// Makes containers again from a fresh image; their data is lost. Never sent again when the answer was lost.
    public func recycle(_ ids: [InstanceID]) async -> ChangeOutcomes { await perform(.recycle, ids) }

    /// Ends rentals; everything on them is lost. Refused with `not_found` for an instance that was gone before.
    public func destroy(_ ids: [InstanceID]) async -> ChangeOutcomes { await perform(.destroy, ids) }

    /// Changes the bid for interruptible instances, in $/h for the whole of each. Never sent again when the answer was lost.
    public func bid(_ ids: [InstanceID], _ price: USDPerHour) async -> ChangeOutcomes { await perform(.bid, ids, .bid(price.rawValue)) }

    /// Carries out a verb on instances.
    ///
    /// - Parameters:
    ///   - payload: what is set beside the verb; without the one that the verb needs, nothing is sent.
    ///   - unavailable: what a start does where the GPUs are rented to somebody else.
    public func perform(
        _ verb: Change.Verb, _ ids: [InstanceID], _ payload: ChangePayload? = nil, unavailable: UnavailableRule = .cancel
    ) async -> ChangeOutcomes { await verb.rules.perform(self, ids, payload, unavailable) }

    /// One request for each id.
    package func each(_ verb: some ChangeVerb, _ ids: [InstanceID], _ payload: ChangePayload?) async -> ChangeOutcomes {
        await each(ids.unique) { id in
            guard let request = verb.request(for: id, payload) else {
                return .notSent(VastError(.invalidArgument, "\(verb.name) cannot be sent so", instance: id))
            }
            return await sendSingle(request, id)
        }
    }
}
