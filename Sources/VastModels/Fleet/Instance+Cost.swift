#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif
internal import FleetClock

extension Instance {
    /// What is billed now (Vast API contract, section 5).
    public var billing: Billing {
        switch state {
        case .stopping: StatusWords(self).actual?.isBeingMade == true ? .storage : .gpu
        case .running, .dead, .frozen: .gpu
        case .starting, .stopped, .queued, .outbid, .failed: .storage
        case .offline: actualStatus == "offline" ? .none : .unknown
        case .unknown: .unknown
        }
    }

    /// What it costs now, by the row's own `instance.totalHour`; in a row without it, by what is billed. As with the other
    /// rates, nil for what can be no rate.
    public var rate: USDPerHour? {
        if let own = raw("instance")?["totalHour"], !own.isNull { return cost("instance", "totalHour") }
        return switch billing {
        case .gpu: rateOn
        case .storage: rateOff
        case .none, .unknown: nil
        }
    }

    /// What it costs when it runs: of an interruptible one its bid and its storage; `dph_total` does not drop when it is stopped.
    public var rateOn: USDPerHour? {
        if let bid, let rateOff { return bid + rateOff }
        return cost("search", "totalHour") ?? Self.rate(number("dph_total"))
    }

    /// What it costs when it is stopped: its storage.
    public var rateOff: USDPerHour? {
        Self.rate(number("storage_total_cost")) ?? cost("instance", "diskHour") ?? cost("search", "diskHour")
    }

    /// The own bid for an interruptible instance, for the whole of it; nil for one on demand, and when it is not known.
    ///
    /// It is `dph_base`; `min_bid` may be a late echo of it (Vast API contract, part 2, section C).
    public var bid: USDPerHour? { isInterruptible == true ? Self.rate(number("dph_base")) : nil }

    /// How long ago the rental began, at `date` (when it was read, if nil). Never negative: 0 where the clocks differ and it is
    /// still to begin, nil where ``startDate`` is.
    public func age(at date: Date? = nil) -> Duration? {
        startDate.map { Duration(clampingSeconds: max(0, (date ?? observedAt).timeIntervalSince($0))) }
    }

    /// How long until the contract ends, at `date` (when it was read, if nil); negative afterwards.
    public func endsIn(at date: Date? = nil) -> Duration? {
        endDate.map { Duration(clampingSeconds: $0.timeIntervalSince(date ?? observedAt)) }
    }

    private func cost(_ group: String, _ name: String) -> USDPerHour? {
        Self.rate(raw(group)?[name]?.double)
    }

    /// A rate below zero, or above a million dollars an hour, is no rate: nobody knows then what is billed, and no bill
    /// is reckoned from it.
    private static func rate(_ number: Double?) -> USDPerHour? {
        number.flatMap { (0...1_000_000).contains($0) ? USDPerHour($0.withoutNoise) : nil }
    }
}
