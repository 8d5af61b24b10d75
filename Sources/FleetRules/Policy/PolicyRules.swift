package import FleetCalendar
internal import FleetClock
package import VastModels

/// What a policy says beside the functions of its script.
package struct PolicyRules: Sendable {
    /// What becomes of more matches than ``max``.
    package enum Overflow: String, Sendable, CaseIterable {
        /// None is acted on.
        case refuse
        /// The ones whose condition has held longest are.
        case oldest
    }

    /// Which switches of the hours are followed.
    package enum Only: String, Sendable, CaseIterable {
        case stop, start
    }

    /// By which reports, the journal and its memory on disk know it.
    package var name: String
    /// How long the condition has to hold, from the first time seen.
    package var grace: Duration = .zero
    /// How many instances are acted on in one tick at most; nil: as many as the guard lets through.
    package var max: Int?
    /// What becomes of more matches than ``max``; without a maximum it has no effect.
    package var overflow = Overflow.refuse
    /// How long an instance is not acted on again.
    package var cooldown: Duration = .seconds(600)
    /// How long an instance is left alone that somebody has started again by hand.
    package var leaveAloneFor: Duration = .seconds(4 * 3_600)
    /// When instances are to be up; nil for policies that have a `when`.
    package var hours: Hours?
    /// Whether hours are held against what people do by hand.
    package var isEnforced = false
    /// The one kind of switch that is followed; nil: both.
    package var only: Only?

    /// A policy with the built-in values: no grace, no maximum, a cooldown of ten minutes.
    package init(name: String) { self.name = name }

    /// What the hours ask for now.
    ///
    /// - Parameters:
    ///   - handled: the last switch that was dealt with for the instance; nil: it is new to the policy.
    ///   - now: Unix seconds.
    /// - Returns: what to do, and the switch that is dealt with when there is nothing to do, or when it is done.
    package func wanted(_ state: InstanceState, handled: Int64?, now: Double) -> (verb: Change.Verb?, edge: Int64?) {
        let instant = Int64(clampingNumber: now.rounded(.down))
        guard let hours, let edge = hours.lastEdge(atOrBefore: instant) else { return (nil, nil) }
        if let handled, handled > instant, !isEnforced { return (nil, Self.rebased(handled, hours, edge.instant, instant)) }
        let isDue = handled.map { $0 < edge.instant } ?? false
        guard isDue || (isEnforced && handled != nil), only.map({ $0 == (edge.isOn ? .start : .stop) }) ?? true else {
            return (nil, edge.instant)
        }
        return (Self.verb(toward: edge.isOn, from: state), edge.instant)
    }

    /// The switch that counts as dealt with after somebody has set the clock back. The one ahead is not made twice; when there
    /// are others before it, they come anew.
    private static func rebased(_ handled: Int64, _ hours: Hours, _ edge: Int64, _ now: Int64) -> Int64 {
        hours.lastEdge(atOrBefore: handled - 1).map { $0.instant > now } ?? false ? edge : handled
    }

    /// What brings an instance up or down; nil where it is so already, or nobody knows. A queued or outbid one would come
    /// up by itself, so that a stop is for it too.
    private static func verb(toward isOn: Bool, from state: InstanceState) -> Change.Verb? {
        switch state {
        case .running, .starting, .dead, .frozen, .queued, .outbid: isOn ? nil : .stop
        case .stopped: isOn ? .start : nil
        case .stopping, .offline, .failed, .unknown: nil
        }
    }

    /// Whether the hours keep an instance up at the moment, against what other policies want.
    package func keepsUp(now: Double) -> Bool {
        guard let hours, only != .stop else { return false }
        return hours.contains(Int64(clampingNumber: now.rounded(.down)))
    }
}
