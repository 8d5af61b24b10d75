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
    mutating func spend(_ id: InstanceID, _ outcome: ChangeOutcomes.Outcome?) {
        switch outcome {
        case .accepted?, .unknown?: if let rate = rates[id], let left { self.left = left - rate }
        case .satisfied?, .notSent?, .refused?, nil: break
        }
    }

    /// Why an instance was not tried.
    func error(_ id: InstanceID) -> VastError {
        let limit = maxRate?.description ?? "the limit"
        let message = rates[id].map { "it would add \($0), more than is left of \(limit)" } ?? "its rate is not known"
        return VastError(.unavailable, "not tried: \(message)", instance: id)
    }
}
