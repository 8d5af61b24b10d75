internal import FleetClock

/// Starts whose GPUs are rented to somebody else.
extension Operations {
    /// Withdraws queued starts, confirms that, and enters the refusals.
    func withdraw(_ refused: [InstanceID: VastError], _ report: inout ChangeReport) async throws {
        guard !refused.isEmpty else { return }
        let ids = refused.keys.sorted()
        var stops = ChangeReport()
        do {
            try await setStopped(ids, isCompensation: true, &stops)
        } catch let error as VastError where error.endsList {
            // The caller learns which starts are still queued before the list ends.
            for id in ids { report.results[id] = .failure(Self.notWithdrawn(refused[id], error, id)) }
            throw error
        }
        let confirmed = try await confirmWithdrawn(ids)
        for id in ids {
            if case .failure(let error)? = stops.results[id], !confirmed.contains(id) {
                report.results[id] = .failure(Self.notWithdrawn(refused[id], error, id))
            } else {
                report.results[id] = .failure(Self.withdrawn(refused[id], id, isConfirmed: confirmed.contains(id)))
            }
        }
    }

    /// Tries again every so often, withdrawing in between and at the end.
    func startRepeatedly(
        _ ids: [InstanceID], every: Duration, within: Duration, maxRate: USDPerHour?, _ report: inout ChangeReport
    ) async throws {
        let clock = client.configuration.clock
        let deadline = clock.uptime + within
        var allowance = try await RateAllowance(maxRate: maxRate, ids: ids, client: client)
        var pending = ids
        while true {
            let (tried, left) = allowance.split(pending)
            let refused = try await startOnce(tried, &report)
            try await withdraw(refused, &report)
            for id in tried where refused[id] == nil { allowance.spend(id, succeeded: report.results[id]) }
            for id in left { report.results[id] = .failure(allowance.error(id)) }
            pending = pending.filter { refused[$0] != nil }
            guard !pending.isEmpty, clock.uptime + every <= deadline else { return }
            try await client.pause(for: every)
        }
    }

    /// The instances that are shown to be wanted stopped; none when reading fails.
    private func confirmWithdrawn(_ ids: [InstanceID]) async throws -> Set<InstanceID> {
        do {
            let rows = try await client.instances(ids)
            return Set(rows.values.filter { $0.intendedStatus == "stopped" }.map(\.id))
        } catch let error as VastError where !error.endsList {
            return []
        }
    }

    private static func withdrawn(_ refusal: VastError?, _ id: InstanceID, isConfirmed: Bool) -> VastError {
        var error = refusal ?? .queuedStart(id)
        error.instance = id
        error.effect = isConfirmed ? .none : .unknown
        error.message =
            isConfirmed
            ? "the GPU is rented to someone else; the queued start was withdrawn and that is confirmed"
            : "the GPU is rented to someone else; the queued start was withdrawn, but that could not be confirmed"
        return error
    }

    private static func notWithdrawn(_ refusal: VastError?, _ cause: VastError, _ id: InstanceID) -> VastError {
        var error = refusal ?? .queuedStart(id)
        error.instance = id
        error.effect = .unknown
        error.cause = cause
        error.message =
            "the GPU is rented to someone else, and the queued start could NOT be withdrawn (\(cause.message)): it may "
            + "start and bill at any time; stop instance \(id)"
        return error
    }
}

/// How much per hour the starts of one call may still add.
struct RateAllowance {
    private var left: USDPerHour?
    private let maxRate: USDPerHour?
    private let rates: [InstanceID: USDPerHour]

    /// Reads the rates of `ids` when there is a limit.
    init(maxRate: USDPerHour?, ids: [InstanceID], client: VastClient) async throws {
        self.maxRate = maxRate
        left = maxRate
        rates = maxRate == nil ? [:] : try await client.instances(ids).compactMapValues(Self.added)
    }

    private static func added(_ instance: Instance) -> USDPerHour? {
        guard let on = instance.rateOn else { return nil }
        return on - (instance.rateOff ?? .zero)
    }

    /// Those that fit in together, in their order, and the others. What is not known does not fit.
    func split(_ ids: [InstanceID]) -> (fitting: [InstanceID], others: [InstanceID]) {
        guard var left else { return (ids, []) }
        var fitting: [InstanceID] = []
        for id in ids {
            guard let rate = rates[id], rate <= left else { continue }
            left = left - rate
            fitting.append(id)
        }
        return (fitting, ids.filter { !fitting.contains($0) })
    }

    /// A start has been made, or may have been.
    mutating func spend(_ id: InstanceID, succeeded result: Result<Void, VastError>?) {
        if case .failure(let error)? = result, error.effect == .none { return }
        if let rate = rates[id], let left { self.left = left - rate }
    }

    /// Why an instance was not tried.
    func error(_ id: InstanceID) -> VastError {
        let limit = maxRate?.description ?? "the limit"
        let message = rates[id].map { "it would add \($0), more than is left of \(limit)" } ?? "its rate is not known"
        return VastError(.unavailable, "not tried: \(message)", instance: id)
    }
}
