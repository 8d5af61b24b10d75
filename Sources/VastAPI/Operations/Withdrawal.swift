internal import FleetClock

/// Takes back starts that the service may have queued: they would run, and bill, at any time later. It is tried until the
/// fleet shows it, or the client's patience ends; it is never cancelled.
struct Withdrawal {
    private let operations: Operations
    private let outcomes: ChangeOutcomes
    private var client: VastClient { operations.client }

    private static let firstPause = Duration.seconds(1)
    private static let longestPause = Duration.seconds(15)
    /// How long it is tried at most: the run goes on then, and tries again whenever it reads the fleet.
    private static let longest = Duration.seconds(120)
    /// How often an instance is looked for that the list does not show.
    private static let mostLooks = 4

    /// - Parameter outcomes: those of the start.
    init(_ operations: Operations, _ outcomes: ChangeOutcomes) {
        self.operations = operations
        self.outcomes = outcomes
    }

    /// - Returns: the outcome of each start in the end.
    func withdraw(_ ids: [InstanceID]) async -> ChangeOutcomes {
        var result = ChangeOutcomes(ids)
        // What was refused because its GPU is taken is queued; of the others that is to be read first.
        var queued = ids.filter { if case .refused(let error)? = outcomes[$0] { error.kind == .unavailable } else { false } }
        var unseen = ids.filter { !queued.contains($0) }
        var problem: VastError?
        let deadline = client.configuration.clock.uptime + min(client.configuration.patience, Self.longest)
        var (pause, looks, hasTold) = (Self.firstPause, 0, false)
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
            if !hasTold, !isRefused, !queued.isEmpty, let problem {
                tell(queued, problem)
                hasTold = true
            }
            guard !(queued + unseen).isEmpty, !isHopeless, client.configuration.clock.uptime + pause < deadline else { break }
            guard (try? await client.pause(for: pause)) != nil else { break }
            pause = min(pause * 2, Self.longestPause)
        }
        for id in queued { result.set(id, .unknown(notWithdrawn(id, problem))) }
        for id in unseen { result.set(id, notSeen(id, problem)) }
        return result
    }

    private func tell(_ queued: [InstanceID], _ problem: VastError) {
        let names = queued.map(\.description).joined(separator: ", ")
        let length = Self.longest.components.seconds
        client.configuration.logger.warning(
            """
            the queued start of \(names) cannot be withdrawn yet, and may run and bill: \(problem.message); it is tried again for \
            \(length) s and longer
            """)
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
