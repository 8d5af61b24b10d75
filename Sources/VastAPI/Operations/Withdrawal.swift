internal import FleetClock

/// Takes back starts that the service may have queued: they would run, and bill, at any time later. It is tried until the
/// fleet shows it, or its time is over; it is never cancelled. When it takes longer than a few seconds, that is told once.
struct Withdrawal {
    private let operations: Operations
    private let outcomes: ChangeOutcomes
    private var client: VastClient { operations.client }

    private static let firstPause = Duration.seconds(1)
    private static let longestPause = Duration.seconds(15)
    /// How long it is tried at most: the run goes on then, and tries again whenever it reads the fleet.
    private static let longest = Duration.seconds(90)
    /// How often an instance is looked for that the list does not show.
    private static let mostLooks = 4

    /// - Parameter outcomes: those of the start.
    init(_ operations: Operations, _ outcomes: ChangeOutcomes) {
        self.operations = operations
        self.outcomes = outcomes
    }

    /// - Returns: the outcome of each start in the end.
    func withdraw(_ ids: [InstanceID]) async -> ChangeOutcomes {
        let now = client.configuration.clock.uptime
        let left = WithdrawalLimit.deadline.map { max(.zero, $0 - now) } ?? Self.longest
        let length = min(client.configuration.patience, Self.longest, left)
        let names = ids.prefix(5).map(\.description).joined(separator: ", ") + (ids.count > 5 ? " and \(ids.count - 5) more" : "")
        let scope = RequestScope(
            purpose: "a start of \(names) has still to be withdrawn, or it may run and bill later",
            startedAt: now, length: length)
        return await RequestScope.$current.withValue(scope) { await withdraw(ids, scope) }
    }

    private func withdraw(_ ids: [InstanceID], _ scope: RequestScope) async -> ChangeOutcomes {
        var result = ChangeOutcomes(ids)
        // What was refused because its GPU is taken is queued; of the others that is to be read first.
        var queued = ids.filter { if case .refused(let error)? = outcomes[$0] { error.kind == .unavailable } else { false } }
        var unseen = ids.filter { !queued.contains($0) }
        var problem: VastError?
        var (pause, looks) = (Self.firstPause, 0)
        var seenQueued = Set(queued)
        while true {
            if !queued.isEmpty { problem = await sendStops(queued) ?? problem }
            do {
                let rows = try await client.instances(queued + unseen)
                (queued, unseen) = enter(rows, queued: queued, unseen: unseen, seenQueued, &result)
                seenQueued.formUnion(queued)
                looks += 1
            } catch {
                problem = VastError.of(error)
            }
            let isRefused = problem.map { [.unauthorized, .forbidden].contains($0.kind) } ?? false
            let isHopeless = isRefused || queued.isEmpty && looks >= Self.mostLooks
            let timeLeft = scope.deadline - client.configuration.clock.uptime
            guard !(queued + unseen).isEmpty, !isHopeless, pause < timeLeft else { break }
            if !queued.isEmpty, let problem = problem ?? notShown(scope) {
                client.tell(problem, nextTry: pause, atMost: timeLeft, of: scope)
            }
            guard (try? await client.pause(for: pause)) != nil else { break }
            pause = min(pause * 2, Self.longestPause)
        }
        for id in queued { result.set(id, .unknown(notWithdrawn(id, problem))) }
        for id in unseen { result.set(id, notSeen(id, problem)) }
        return result
    }

    /// The service takes the stops, and the fleet does not show them for too long; nil: not yet too long.
    private func notShown(_ scope: RequestScope) -> VastError? {
        guard client.configuration.clock.uptime - scope.startedAt >= WaitTeller.scopePatience else { return nil }
        return VastError(.server, "the fleet still shows it as queued", request: "GET \(Route.list.template)")
    }

    /// - Returns: what went wrong; nil when the service has taken all.
    private func sendStops(_ ids: [InstanceID]) async -> VastError? {
        var bulkError: VastError?
        if ids.count > 1, !client.capabilities.lacksBulk {
            bulkError = await send(.setState(.stopped, of: ids, isCompensation: true))
            guard let bulkError, bulkError.meansMissingRoute else { return bulkError }
            client.capabilities.lacksBulk = true
        }
        var problem: VastError?
        for id in ids { problem = await send(.setState(.stopped, of: id, isCompensation: true)) ?? problem }
        return problem
    }

    private func send(_ endpoint: Endpoint) async -> VastError? {
        do {
            _ = try await client.send(endpoint, note: operations.note)
            return nil
        } catch {
            return VastError.of(error)
        }
    }

    /// Takes a reading: who is seen off is done with.
    private func enter(
        _ rows: [InstanceID: Instance], queued: [InstanceID], unseen: [InstanceID], _ seenQueued: Set<InstanceID>,
        _ result: inout ChangeOutcomes
    ) -> (queued: [InstanceID], unseen: [InstanceID]) {
        var (stillQueued, stillUnseen): ([InstanceID], [InstanceID]) = ([], [])
        for id in queued + unseen {
            guard let row = rows[id] else {
                stillUnseen.append(id)
                continue
            }
            if row.intendedStatus == "stopped" {
                result.set(id, withdrawn(id, wasQueued: seenQueued.contains(id)))
            } else if row.isStartQueued {
                stillQueued.append(id)
            } else if Change.Verb.start.isAccepted(by: row) {
                // The GPU has become free in between.
                result.set(id, .accepted)
            } else {
                stillUnseen.append(id)
            }
        }
        return (stillQueued, stillUnseen)
    }

    /// A start that is seen off: it was refused and taken back, or has never arrived.
    private func withdrawn(_ id: InstanceID, wasQueued: Bool) -> ChangeOutcomes.Outcome {
        guard wasQueued else { return outcomes[id] ?? .refused(.queuedStart(id)) }
        var error = VastError.queuedStart(id)
        if case .refused(let refusal)? = outcomes[id] { error = refusal.about(id) }
        error.message = "\(operations.before[id].whyUnavailable); the queued start was withdrawn and that is confirmed"
        return .refused(error)
    }

    /// A start of which the list shows nothing: what was refused is queued, as far as anybody knows.
    private func notSeen(_ id: InstanceID, _ problem: VastError?) -> ChangeOutcomes.Outcome {
        guard case .unknown(let error)? = outcomes[id] else { return .unknown(notWithdrawn(id, problem)) }
        return .unknown(error)
    }

    private func notWithdrawn(_ id: InstanceID, _ cause: VastError?) -> VastError {
        var error = VastError.queuedStart(id)
        error.effect = .unknown
        error.cause = cause
        let why = cause.map { " (\($0.message))" } ?? ""
        error.message =
            "\(operations.before[id].whyUnavailable), and the queued start could NOT be withdrawn\(why): it may start and bill "
            + "at any time; stop instance \(id)"
        return error
    }
}
