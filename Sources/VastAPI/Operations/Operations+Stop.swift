extension Operations {
    /// Stops instances; storage goes on billing.
    public func stop(_ ids: [InstanceID]) async throws -> ChangeReport {
        var report = ChangeReport()
        do {
            try await setStopped(ids.unique, isCompensation: false, &report)
        } catch var error as VastError where error.endsList {
            error.results.merge(report.results) { late, _ in late }
            throw error
        }
        return report
    }

    /// Stops instances in as few requests as possible and checks that they are to be stopped.
    func setStopped(_ ids: [InstanceID], isCompensation: Bool, _ report: inout ChangeReport) async throws {
        guard ids.count > 1 else { return try await stopSingly(ids, isCompensation: isCompensation, &report) }
        var unchecked: [InstanceID] = []
        var singles: [InstanceID] = []
        for chunk in ids.chunks(of: Self.bulkSize) {
            switch try await sendBulk(.stopped, chunk, isCompensation: isCompensation) {
            case .noSuchRoute: singles += chunk
            case .accepted, .refused, .lost: unchecked += chunk
            }
            // A check runs on another route while the next change has to wait for its turn.
            if unchecked.count >= Self.checkSize {
                singles += try await checkStopped(Array(unchecked.prefix(Self.checkSize)), &report)
                unchecked.removeFirst(Self.checkSize)
            }
        }
        singles += try await checkStopped(unchecked, &report)
        try await stopSingly(singles, isCompensation: isCompensation, &report)
    }

    /// Returns those that do not show the change; the others are entered as done.
    private func checkStopped(_ ids: [InstanceID], _ report: inout ChangeReport) async throws -> [InstanceID] {
        guard !ids.isEmpty else { return [] }
        do {
            let late = Set(try await StateCheck(client: client, target: .stopped).notProven(ids))
            for id in ids where !late.contains(id) { report.results[id] = .success(()) }
            return ids.filter(late.contains)
        } catch let error as VastError where !error.endsList {
            for id in ids { report.results[id] = .failure(error.afterUncheckedChange(id)) }
            return []
        }
    }

    private func stopSingly(_ ids: [InstanceID], isCompensation: Bool, _ report: inout ChangeReport) async throws {
        let singles = try await each(ids) { id in
            _ = try await client.send(.setState(.stopped, of: id, isCompensation: isCompensation), note: note)
        }
        report.results.merge(singles.results) { _, new in new }
    }

    /// What became of one request for many instances.
    enum BulkOutcome {
        case accepted
        /// The service refused, perhaps because of some of them only: what happened is to be read.
        case refused(VastError)
        /// There was no answer.
        case lost(VastError)
        case noSuchRoute
    }

    /// Sends one request for up to 64 instances.
    ///
    /// - Throws: what ends a list.
    func sendBulk(
        _ target: TargetState, _ ids: [InstanceID], isCompensation: Bool = false
    ) async throws -> BulkOutcome {
        if client.capabilities.lacksBulk { return .noSuchRoute }
        do {
            _ = try await client.send(.setState(target, of: ids, isCompensation: isCompensation), note: note)
            return .accepted
        } catch let error as VastError where !error.endsList {
            if error.meansMissingRoute {
                client.capabilities.lacksBulk = true
                return .noSuchRoute
            }
            return error.effect == .unknown ? .lost(error) : .refused(error)
        }
    }
}

extension VastError {
    /// Whether the service does not know the route at all, as opposed to an instance.
    var meansMissingRoute: Bool {
        guard kind != .unauthorized, kind != .forbidden, code != "no_such_instance" else { return false }
        switch status {
        case 405, 501: return true
        case 404, 410: return code != "not_found" && code != "invalid_args"
        default: return false
        }
    }

    /// The error for an instance whose change was sent but could not be checked, because reading failed so.
    func afterUncheckedChange(_ id: InstanceID) -> VastError {
        var error = self
        error.instance = id
        error.effect = .unknown
        error.message = "the change was sent, but whether it was made could not be read: \(message)"
        return error
    }
}
