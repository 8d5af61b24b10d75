internal import FleetClock

/// The verbs on many instances: as few requests as the service allows, each change checked, what did not work tried
/// one by one, and everything that could be done done.
///
/// Every verb returns an outcome for each id and throws nothing. A change whose answer was lost is looked up once, and
/// sent again only where that cannot undo what somebody else has done (Vast API contract, section 7).
public struct Operations: Sendable {
    /// Sends the requests.
    public let client: VastClient
    /// Handed to the observer with every intent.
    public var note: (any ChangeNote)?
    /// What was known of the instances; without it a change whose answer was lost is not sent again, and a start that is
    /// to be withdrawn when it is queued reads them first.
    public var before: [InstanceID: ChangeBaseline]

    /// How many ids the official client sends in one request at most (Vast API contract, section 2.2).
    static let bulkSize = 64
    /// How many ids one check asks about at most: more make the request line too long.
    static let checkSize = 300
    /// How many single requests are under way at once; on a paced route they leave one by one all the same.
    private static let concurrency = 8
    /// How long after its first sending a change may be sent again.
    private static let resendTime = Duration.seconds(10)

    /// - Parameters:
    ///   - note: handed to the observer with every intent.
    ///   - before: what was known of the instances; without it a lost change is not sent again.
    public init(_ client: VastClient, note: (any ChangeNote)? = nil, before: [InstanceID: ChangeBaseline] = [:]) {
        self.client = client
        self.note = note
        self.before = before
    }

    // MARK: one request for each instance

    /// Does `body` for each id, several at once, until all have an outcome or one of them ends the list; what has
    /// been sent then comes to its end, and what waits for its turn is not sent.
    func each(
        _ ids: [InstanceID], _ body: @escaping @Sendable (InstanceID) async -> ChangeOutcomes.Outcome
    ) async -> ChangeOutcomes {
        let end = ListEnd()
        return await ListEnd.$current.withValue(end) { await each(ids, until: end, body) }
    }

    private func each(
        _ ids: [InstanceID], until end: ListEnd, _ body: @escaping @Sendable (InstanceID) async -> ChangeOutcomes.Outcome
    ) async -> ChangeOutcomes {
        var outcomes = ChangeOutcomes(ids)
        await withTaskGroup(of: (InstanceID, ChangeOutcomes.Outcome).self) { group in
            var waiting = ids.makeIterator()
            func addNext() {
                guard end.error == nil, let id = waiting.next() else { return }
                client.configuration.clock.beginPart()
                group.addTask {
                    let outcome = await body(id)
                    if let error = outcome.error, error.endsList { end.note(error) }
                    return (id, outcome)
                }
            }
            for _ in 0..<Self.concurrency { addNext() }
            while !group.isEmpty {
                // The part that comes next hands its place to this task.
                client.configuration.clock.endPart()
                guard let (id, outcome) = await group.next() else { break }
                outcomes.set(id, outcome)
                addNext()
            }
            if let error = end.error { outcomes.end(by: error) }
        }
        return outcomes
    }

    /// Sends one request about one instance; a lost answer is looked up.
    func sendSingle(_ endpoint: Endpoint, _ id: InstanceID) async -> ChangeOutcomes.Outcome {
        guard let change = endpoint.change else { return .notSent(VastError(.invalidArgument, "this changes nothing")) }
        guard let lost = await send(endpoint, id) else { return .accepted }
        guard case .unknown(let error) = lost, !error.endsList else { return lost }
        if let known = await whatBecame(of: change, id, after: error) { return known }
        guard let second = await send(endpoint, id), var failure = second.error else { return .accepted }
        failure.attempts += error.attempts
        if error.refusalOnTheWay != nil, !failure.endsList {
            if case .refused = second { return .refused(failure) }
            if let refusal = failure.refusalOnTheWay { return await whatBecame(of: change, id, after: failure) ?? .refused(refusal) }
        }
        // The first sending may still arrive, whatever is said of the second.
        return .unknown(failure.after("it was sent twice; \(Self.unknownAdvice)"))
    }

    /// Looks up a change whose answer was lost, or given by something between here and the service.
    ///
    /// - Returns: nil: nothing has happened, and it may be sent again.
    private func whatBecame(of change: Change, _ id: InstanceID, after error: VastError) async -> ChangeOutcomes.Outcome? {
        let row: Instance?
        do {
            row = try await lookUp(id, change.verb)
        } catch let failure {
            return .unknown(error.after("and what became of it could not be read: \(failure.message)"))
        }
        if isShown(change, row) { return .accepted }
        return mayBeSentAgain(change, row, after: error) ? nil : .unknown(error.after(Self.unknownAdvice))
    }

    static let unknownAdvice = "whether it was done is not known, and it was not sent again: look before you do"

    /// nil: accepted.
    private func send(_ endpoint: Endpoint, _ id: InstanceID) async -> ChangeOutcomes.Outcome? {
        do {
            _ = try await client.send(endpoint, note: note)
            return nil
        } catch let ended as ListEnd.Reached {
            return .notSent(ended.error.unsent(id))
        } catch {
            return .init(VastError.of(error).about(id))
        }
    }

    /// The row of one instance; nil when the service itself says that there is none.
    private func lookUp(_ id: InstanceID, _ verb: Change.Verb) async throws(VastError) -> Instance? {
        do {
            if verb.rules.endsRental { return try await client.show(id) }
            guard let row = try await client.instances([id])[id] else {
                throw VastError(.notFound, "the list does not show the instance", instance: id)
            }
            return row
        } catch {
            throw VastError.of(error)
        }
    }

    private func isShown(_ change: Change, _ row: Instance?) -> Bool {
        guard let row else { return change.verb.rules.endsRental }
        return isProvable(change.verb, row.id) && change.verb.isAccepted(by: row, change.payload)
    }

    /// Whether a row can prove such a change of an instance, by what was known of it before.
    func isProvable(_ verb: Change.Verb, _ id: InstanceID) -> Bool { before[id]?.canProve(verb) ?? true }

    /// Whether sending a change once more can do no harm: no reading can prove that nobody has intervened since, but one
    /// that shows everything as it was, seconds later, makes it unlikely.
    func mayBeSentAgain(_ change: Change, _ row: Instance?, after error: VastError) -> Bool {
        guard let row else { return false }
        return switch change.verb.rules.resending {
        case .never: false
        case .whileUnchanged: isRecent(error) && before[row.id]?.isShown(by: row) == true
        case .whileWantedStopped: row.intendedStatus == "stopped"
        case .whileThere: true
        }
    }

    private func isRecent(_ error: VastError) -> Bool {
        guard let sent = error.firstSentAt else { return false }
        return client.configuration.clock.uptime - sent < Self.resendTime
    }

    // MARK: one request for many

    /// What became of one request for many instances.
    enum BulkOutcome {
        case accepted
        /// The service refused, perhaps because of some of them only: what happened is to be read.
        case refused(VastError)
        /// There was no answer.
        case lost(VastError)
        case noSuchRoute
        /// Nothing more is to be tried.
        case ended(VastError)
    }

    /// Sends one request for up to 64 instances.
    func sendBulk(_ target: TargetState, _ ids: [InstanceID]) async -> BulkOutcome {
        if client.capabilities.lacksBulk { return .noSuchRoute }
        do {
            _ = try await client.send(.setState(target, of: ids), note: note)
            return .accepted
        } catch {
            let error = VastError.of(error)
            if error.endsList { return .ended(error) }
            if error.meansMissingRoute {
                client.capabilities.lacksBulk = true
                return .noSuchRoute
            }
            return error.effect == .unknown ? .lost(error) : .refused(error)
        }
    }

    /// What a request for many that ended the list means for its instances.
    func enterEnd(_ error: VastError, of ids: [InstanceID], _ outcomes: inout ChangeOutcomes) {
        for id in ids { outcomes.set(id, .init(error.about(id))) }
        outcomes.end(by: error)
    }
}
