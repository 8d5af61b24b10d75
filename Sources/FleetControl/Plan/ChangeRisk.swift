internal import FleetClock
package import VastAPI

/// What a change puts at risk on Vast.ai, in words for a table (Vast API contract, sections 4 and 5).
package enum ChangeRisk {
    /// A contract that ends sooner than this is worth a word even if no next start is known, in seconds.
    private static let soon = 48 * 3_600.0

    /// - Parameters:
    ///   - facts: what is known of the instance.
    ///   - now: Unix seconds.
    ///   - starts: how starts on its machine have fared; nil: not known.
    ///   - nextStart: when the instance is to be started again, in Unix seconds; nil when that is not known.
    package static func list(
        _ verb: Change.Verb, _ facts: InstanceFacts, now: Double, starts: (tried: Int, refused: Int)? = nil, nextStart: Double? = nil
    ) -> [String] {
        switch verb {
        case .stop: stop(facts, now, nextStart) + refusals(starts)
        case .start: ["GPU may be rented to someone else"] + ending(facts, now, nextStart)
        case .reboot: ["interrupts what runs"]
        case .recycle: ["container data is lost"]
        case .destroy: ["everything on it is lost"]
        case .label: []
        case .other: ["unknown"]
        }
    }

    private static func stop(_ facts: InstanceFacts, _ now: Double, _ nextStart: Double?) -> [String] {
        var risks: [String] = []
        switch facts.isInterruptible {
        case true?: risks.append("loses its bid")
        case false?: risks.append("GPU may be taken")
        case nil: risks.append("GPU may be taken, or its bid lost")
        }
        risks += ending(facts, now, nextStart)
        risks.append(facts.rateOff.map { "disk keeps billing \($0)" } ?? "disk keeps billing")
        return risks
    }

    private static func refusals(_ starts: (tried: Int, refused: Int)?) -> [String] {
        guard let starts, starts.refused > 0 else { return [] }
        return ["\(starts.refused) of \(starts.tried) starts on this machine were refused"]
    }

    private static func ending(_ facts: InstanceFacts, _ now: Double, _ nextStart: Double?) -> [String] {
        guard let end = facts.endDate else { return [] }
        if end <= now { return ["contract has ended: it cannot start again"] }
        let length = LengthText.format(Duration(clampingSeconds: end - now))
        if let nextStart, end <= nextStart { return ["contract ends in \(length), before the next start"] }
        return end - now < soon ? ["contract ends in \(length)"] : []
    }
}
