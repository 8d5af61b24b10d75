internal import FleetClock
package import VastModels

/// Why a policy leaves an instance alone that it is about.
package enum PolicyHold: Sendable, Equatable, CustomStringConvertible {
    /// This tick's reading is the first that anybody made of it.
    case firstSeen
    /// Somebody started it again after the policy had stopped it; until then, in Unix seconds.
    case leftAlone(until: Double)
    /// The policy has acted on it a moment ago.
    case coolingDown(until: Double)
    /// Its label says so.
    case label(String)
    /// It cannot be reached, or its state is none that we know.
    case unclear(InstanceState)

    /// - Parameters:
    ///   - wish: what the label says against it, in words.
    ///   - isNew: whether it was never read before this tick.
    ///   - now: Unix seconds.
    /// - Returns: nil where nothing is against it.
    package static func find(
        _ id: InstanceID, _ state: InstanceState, wish: String?, isNew: Bool, _ memory: PolicyMemory, _ rules: PolicyRules,
        now: Double
    ) -> PolicyHold? {
        if let wish { return .label(wish) }
        if state == .offline || state == .unknown { return .unclear(state) }
        if isNew { return .firstSeen }
        if let until = memory.leftAlone[id], until > now { return .leftAlone(until: until) }
        if let act = memory.acts[id], act.time + rules.cooldown.seconds > now {
            return .coolingDown(until: act.time + rules.cooldown.seconds)
        }
        return nil
    }

    /// The first instant at which it no longer stands in the way, in Unix seconds; nil when that is not known.
    package var end: Double? {
        switch self {
        case .leftAlone(let until), .coolingDown(let until): until
        case .firstSeen, .label, .unclear: nil
        }
    }

    package var description: String {
        switch self {
        case .firstSeen: "seen for the first time; left alone in this tick"
        case .leftAlone: "started again by hand; left alone for now"
        case .coolingDown: "acted on a moment ago"
        case .label(let wish): wish
        case .unclear(let state): "it is \(state.rawValue)"
        }
    }
}
