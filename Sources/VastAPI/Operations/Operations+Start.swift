internal import FleetClock

extension Operations {
    /// Starts instances; a start whose answer was lost is never sent again without looking first.
    ///
    /// - Parameter unavailable: what to do where the GPUs are rented to somebody else.
    public func start(_ ids: [InstanceID], unavailable: UnavailableRule = .cancel) async throws -> ChangeReport {
        var report = ChangeReport()
        do {
            try await start(ids.unique, unavailable, &report)
        } catch var error as VastError where error.endsList {
            error.results.merge(report.results) { late, _ in late }
            throw error
        }
        return report
    }

    private func start(_ ids: [InstanceID], _ rule: UnavailableRule, _ report: inout ChangeReport) async throws {
        switch rule {
        case .queue:
            for id in try await startOnce(ids, &report).keys { report.results[id] = .success(()) }
        case .cancel:
            try await withdraw(try await startOnce(ids, &report), &report)
        case .retry(let every, let within, let maxRate):
            try await startRepeatedly(ids, every: every, within: within, maxRate: maxRate, &report)
        }
    }

    /// Tries each instance and enters how it went, except for those whose GPUs are taken, which are returned.
    func startOnce(
        _ ids: [InstanceID], _ report: inout ChangeReport
    ) async throws -> [InstanceID: VastError] {
        var singles: [InstanceID] = ids
        var refused: [InstanceID: VastError] = [:]
        if ids.count > 1 { singles = try await startInBulk(ids, &report, &refused) }
        let attempts = try await each(singles) { id in try await startSingly(id) }
        for (id, result) in attempts.results {
            if case .failure(let error) = result, error.kind == .unavailable {
                refused[id] = error
            } else {
                report.results[id] = result
            }
        }
        return refused
    }

    /// Returns those that are to be tried one by one.
    private func startInBulk(
        _ ids: [InstanceID], _ report: inout ChangeReport, _ refused: inout [InstanceID: VastError]
    ) async throws -> [InstanceID] {
        var singles: [InstanceID] = []
        var unchecked: [InstanceID] = []
        for chunk in ids.chunks(of: Self.bulkSize) {
            if case .noSuchRoute = try await sendBulk(.running, chunk) { singles += chunk } else { unchecked += chunk }
        }
        for part in unchecked.chunks(of: Self.checkSize) {
            do {
                singles += try await checkStarted(part, &report, &refused)
            } catch let error as VastError where !error.endsList {
                for id in part { report.results[id] = .failure(error.afterUncheckedChange(id)) }
            }
        }
        return singles
    }

    private func checkStarted(
        _ ids: [InstanceID], _ report: inout ChangeReport, _ refused: inout [InstanceID: VastError]
    ) async throws -> [InstanceID] {
        let check = StateCheck(client: client, target: .running)
        var late = Set(try await check.notProven(ids))
        for id in ids where !late.contains(id) { report.results[id] = .success(()) }
        guard !late.isEmpty else { return [] }
        // A start that has only just been taken may not show yet that the GPU was free.
        try await client.pause(for: .seconds(2))
        let rows = try await client.instances(Array(late))
        for (id, row) in rows where check.isProven(row) {
            report.results[id] = .success(())
            late.remove(id)
        }
        for id in late where rows[id]?.isStartQueued == true {
            refused[id] = .queuedStart(id)
            late.remove(id)
        }
        return ids.filter(late.contains)
    }

    private func startSingly(_ id: InstanceID) async throws {
        for attempt in 1... {
            do {
                _ = try await client.send(.setState(.running, of: id), note: note)
                return
            } catch let error as VastError where error.effect == .unknown && !error.endsList {
                guard let row = try? await client.instances([id])[id] else { throw error }
                if StateCheck(client: client, target: .running).isProven(row) { return }
                if row.isStartQueued { throw VastError.queuedStart(id) }
                guard row.intendedStatus == "stopped", attempt < 3 else { throw error }
            }
        }
    }
}

extension Instance {
    /// Whether a start is wanted and the GPU is not there.
    var isStartQueued: Bool { intendedStatus == "running" && curState == "stopped" }
}

extension VastError {
    /// What a start is that the service has queued without saying so.
    static func queuedStart(_ id: InstanceID) -> VastError {
        VastError(
            .unavailable, "the GPU is rented to someone else", code: "resources_unavailable", instance: id,
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
