internal import FleetClock

extension Operations {
    /// Starts instances; a start whose answer was lost is never sent again without looking first.
    ///
    /// - Parameter unavailable: what to do where the GPUs are rented to somebody else. What is withdrawn is withdrawn to
    ///   its end also when the call is cancelled.
    public func start(_ ids: [InstanceID], unavailable: UnavailableRule = .cancel) async -> ChangeOutcomes {
        let ids = ids.unique
        switch unavailable {
        case .queue: return await startOnce(ids).queueing
        case .cancel: return await startOrWithdraw(ids)
        case .retry(let every, let within, let maxRate):
            return await startRepeatedly(ids, every: every, within: within, maxRate: maxRate)
        }
    }

    /// Tries each instance. A start whose GPU is taken is refused with kind `unavailable`, and queued at the service.
    private func startOnce(_ ids: [InstanceID]) async -> ChangeOutcomes {
        var outcomes = ChangeOutcomes(ids)
        var singles = ids
        var (refused, reached): (Set<InstanceID>, Set<InstanceID>) = ([], [])
        if ids.count > 1 { singles = await startInBulk(ids, &outcomes, &refused, &reached) }
        if outcomes.endedBy == nil {
            outcomes.merge(await each(singles) { id in Self.asRefusal(await sendSingle(.setState(.running, of: id), id), id) })
        }
        outcomes.enterReached(reached, isRefused: false)
        outcomes.enterReached(refused, isRefused: true)
        return outcomes
    }

    /// Returns those that are to be tried one by one.
    ///
    /// - Parameters:
    ///   - refused: gets those of which the service has refused a request for many.
    ///   - reached: gets the others of which one was sent.
    private func startInBulk(
        _ ids: [InstanceID], _ outcomes: inout ChangeOutcomes, _ refused: inout Set<InstanceID>, _ reached: inout Set<InstanceID>
    ) async -> [InstanceID] {
        var singles: [InstanceID] = []
        var unchecked: [InstanceID] = []
        for chunk in ids.chunks(of: Self.bulkSize) where outcomes.endedBy == nil {
            switch await sendBulk(.running, chunk) {
            case .noSuchRoute: singles += chunk
            case .refused:
                unchecked += chunk
                refused.formUnion(chunk)
            case .accepted, .lost:
                unchecked += chunk
                reached.formUnion(chunk)
            case .ended(let error): enterEnd(error, of: chunk, &outcomes)
            }
        }
        for part in unchecked.chunks(of: Self.checkSize) {
            do {
                singles += try await checkStarted(part, &outcomes)
            } catch {
                enterUnchecked(VastError.of(error), part.filter { !outcomes.isDone($0) }, &outcomes)
            }
        }
        return singles
    }

    private func checkStarted(_ ids: [InstanceID], _ outcomes: inout ChangeOutcomes) async throws -> [InstanceID] {
        var late = Set(try await StateCheck(client: client, target: .running).notProven(ids))
        for id in ids where !late.contains(id) { outcomes.set(id, .accepted) }
        guard !late.isEmpty else { return [] }
        // A start that has only just been taken may not show yet that the GPU was free.
        try await client.pause(for: .seconds(2))
        let rows = try await client.instances(ids.filter(late.contains))
        for (id, row) in rows where Change.Verb.start.isAccepted(by: row) {
            outcomes.set(id, .accepted)
            late.remove(id)
        }
        for id in late where rows[id]?.isStartQueued == true {
            outcomes.set(id, .refused(.queuedStart(id)))
            late.remove(id)
        }
        return ids.filter(late.contains)
    }

    /// A start that is shown as queued after its answer was lost has been refused.
    private static func asRefusal(_ outcome: ChangeOutcomes.Outcome, _ id: InstanceID) -> ChangeOutcomes.Outcome {
        guard case .unknown(let error) = outcome, error.kind == .unavailable else { return outcome }
        return .refused(.queuedStart(id))
    }

    // MARK: taken GPUs

    /// Tries each instance, and takes back what the service has queued.
    private func startOrWithdraw(_ ids: [InstanceID]) async -> ChangeOutcomes {
        let wanted: Set<InstanceID>
        do {
            wanted = try await wantedAlready(ids)
        } catch {
            return ChangeOutcomes(ids, endedBy: VastError.of(error))
        }
        var outcomes = await startOnce(ids)
        let doubtful = ids.filter { outcomes[$0]?.mayHaveQueued ?? false }
        for id in doubtful where wanted.contains(id) { outcomes.set(id, outcomes.keptQueued(id, before[id])) }
        let open = doubtful.filter { !wanted.contains($0) }
        guard !open.isEmpty else { return outcomes }
        // Whoever cancels the call does not want a start that fires later.
        let withdrawn = await Task { [outcomes] in await Withdrawal(self, outcomes).withdraw(open) }.value
        for id in open { if let outcome = withdrawn[id] { outcomes.set(id, outcome) } }
        return outcomes
    }

    /// Takes back starts that are queued at the service.
    ///
    /// - Returns: refused with kind `unavailable` where that is shown to have worked, accepted where the instance has
    ///   started in between.
    public func withdraw(_ ids: [InstanceID]) async -> ChangeOutcomes {
        var queued = ChangeOutcomes(ids)
        for id in ids { queued.set(id, .refused(.queuedStart(id))) }
        return await Task { [queued] in await Withdrawal(self, queued).withdraw(ids.unique) }.value
    }

    /// Those that were wanted on before, queued or outbid: their own wish stays.
    private func wantedAlready(_ ids: [InstanceID]) async throws -> Set<InstanceID> {
        let unknown = ids.filter { before[$0] == nil }
        let rows = unknown.isEmpty ? [:] : try await client.instances(unknown)
        return Set(ids.filter { before[$0]?.isOutbid == true || (before[$0]?.intendedStatus ?? rows[$0]?.intendedStatus) == "running" })
    }

    /// Tries again every so often, withdrawing in between and at the end.
    private func startRepeatedly(
        _ ids: [InstanceID], every: Duration, within: Duration, maxRate: USDPerHour?
    ) async -> ChangeOutcomes {
        var outcomes = ChangeOutcomes(ids)
        let clock = client.configuration.clock
        let deadline = clock.uptime + within
        var allowance: RateAllowance
        do { allowance = try await RateAllowance(maxRate: maxRate, ids: ids, client: client) } catch {
            outcomes.end(by: VastError.of(error))
            return outcomes
        }
        var pending = ids
        while true {
            let (tried, left) = allowance.split(pending)
            for id in left { outcomes.set(id, .notSent(allowance.error(id))) }
            let attempt = await startOrWithdraw(tried)
            outcomes.merge(attempt)
            for id in tried { allowance.spend(id, attempt[id]) }
            pending = tried.filter { attempt[$0]?.wasWithdrawn ?? false }
            guard outcomes.endedBy == nil, !pending.isEmpty, clock.uptime + every <= deadline else { return outcomes }
            do { try await client.pause(for: every) } catch {
                outcomes.end(by: VastError.of(error))
                return outcomes
            }
        }
    }
}

extension ChangeOutcomes.Outcome {
    /// Whether the service may have queued this start.
    fileprivate var mayHaveQueued: Bool {
        switch self {
        // What refuses without a reason that is known may have queued it all the same.
        case .refused(let error): [.unavailable, .conflict, .server].contains(error.kind)
        case .unknown: true
        case .satisfied, .accepted, .notSent: false
        }
    }

    /// Whether it may be tried again: the GPU was taken, and nothing is left queued.
    fileprivate var wasWithdrawn: Bool { if case .refused(let error) = self { error.kind == .unavailable } else { false } }
}

extension ChangeOutcomes {
    /// A start that the service has queued is what was asked for.
    fileprivate var queueing: ChangeOutcomes {
        var copy = self
        for (id, outcome) in byID {
            if case .refused(let error) = outcome, error.kind == .unavailable { copy.set(id, .accepted) }
        }
        return copy
    }

    /// The outcome of a start that was refused, of an instance that was queued before and stays so.
    fileprivate func keptQueued(_ id: InstanceID, _ before: ChangeBaseline?) -> Outcome {
        guard case .refused(var error)? = self[id] else { return self[id] ?? .refused(.queuedStart(id)) }
        error.message =
            before?.isOutbid == true
            ? "its bid does not win the GPU; it comes back by itself when it does, so the start is not withdrawn. A higher bid may "
                + "start it: vast.bid"
            : "\(before.whyUnavailable); the instance was waiting for it before, and still is"
        return .refused(error)
    }
}

extension ChangeBaseline? {
    /// Why a start does not come about, as far as is known: what is interruptible waits for its bid (Vast API contract, part 2,
    /// section C).
    var whyUnavailable: String {
        self?.isInterruptible == true
            ? "as far as is known, its bid does not win the GPU (a higher one may: vast.bid)" : "the GPU is rented to someone else"
    }
}

extension VastError {
    /// What a start is that the service has queued without saying so.
    static func queuedStart(_ id: InstanceID) -> VastError {
        VastError(
            .unavailable, "the GPU is rented to someone else", status: 200, code: "resources_unavailable", instance: id,
            request: Endpoint.setState(.running, of: id).name, attempts: 1)
    }
}

extension VastClient {
    /// Waits, cooperatively.
    ///
    /// - Throws: ``VastError`` of kind `cancelled`.
    func pause(for length: Duration) async throws {
        do {
            try await configuration.clock.sleep(for: length)
        } catch is CancellationError {
            throw VastError(.cancelled, "cancelled")
        }
    }
}
