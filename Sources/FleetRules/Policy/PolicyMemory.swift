package import VastModels

/// What a policy remembers from one tick to the next, also over a restart.
///
/// A time that lies in the future was noted before somebody set the clock back, and counts as now: nothing waits until the
/// clock is there again.
package struct PolicyMemory: Sendable, Equatable {
    /// Something that the policy has done to an instance.
    package struct Act: Sendable, Equatable {
        /// Unix seconds.
        package var time: Double
        /// What it did.
        package var verb: Change.Verb
        /// Whether the fleet has shown it since.
        package var isSeen = false

        /// - Parameter time: Unix seconds.
        package init(time: Double, verb: Change.Verb, isSeen: Bool = false) {
            self.time = time
            self.verb = verb
            self.isSeen = isSeen
        }
    }

    /// Since when the condition has held for an instance, in Unix seconds.
    package var marks: [InstanceID: Double] = [:]
    /// The last act on each instance.
    package var acts: [InstanceID: Act] = [:]
    /// Instances that somebody has put right by hand, and until when they are left alone, in Unix seconds.
    package var leftAlone: [InstanceID: Double] = [:]
    /// The last switch of the hours that was dealt with for each instance, in Unix seconds.
    package var edges: [InstanceID: Int64] = [:]

    /// Why the policy cannot work, since when, and when that was found last, in Unix seconds; nil: it can.
    package private(set) var failure: Failure?

    /// What is the matter with a policy as a whole.
    package struct Failure: Sendable, Equatable {
        /// What went wrong, in one line.
        package let text: String
        /// Since when the policy fails, in Unix seconds, also when it failed of something else before.
        package let since: Double
        /// When it was found last, in Unix seconds, to the quarter of an hour.
        package let last: Double
        /// What of the policy has failed.
        package let function: PolicyFunction

        /// - Parameters:
        ///   - since: when it was found first, in Unix seconds.
        ///   - last: when it was found last, in Unix seconds.
        package init(text: String, since: Double, last: Double, function: PolicyFunction = .condition) {
            (self.text, self.since, self.last, self.function) = (text, since, last, function)
        }
    }

    /// The memory of a policy that has never looked at the fleet.
    package init() {}

    /// Somebody has set the clock while the policy was at work: what has passed stays as long as it was.
    ///
    /// - Parameter jump: how far it was set forward, in seconds.
    package mutating func noteClockSet(by jump: Double) {
        marks = marks.mapValues { $0 + jump }
        leftAlone = leftAlone.mapValues { $0 + jump }
        for id in acts.keys { acts[id]?.time += jump }
    }

    /// Notes that a look at the fleet has failed as a whole, or that it has not. The moment is kept to the quarter of an hour, so
    /// that not every look writes.
    package mutating func noteFailure(_ text: String?, of function: PolicyFunction = .condition, now: Double) {
        let quarter = (now / 900).rounded(.down) * 900
        failure = text.map {
            Failure(
                text: $0, since: min(failure?.since ?? now, now), last: max(quarter, failure?.since ?? now), function: function)
        }
    }

    /// Takes what was kept.
    mutating func resume(_ kept: Failure?) { failure = kept }

    /// Whether the policy has had to do with an instance.
    package func knows(_ id: InstanceID) -> Bool {
        marks[id] != nil || acts[id] != nil || leftAlone[id] != nil || edges[id] != nil
    }

    /// What an instance that is gone has left behind is forgotten, and the mark of one that the policy is not about any
    /// more; what was done to it is not.
    ///
    /// - Parameter existing: nil: nobody knows what is gone.
    package mutating func keep(matching: Set<InstanceID>, existing: Set<InstanceID>?) {
        marks = marks.filter { matching.contains($0.key) }
        guard let existing else { return }
        acts = acts.filter { existing.contains($0.key) }
        leftAlone = leftAlone.filter { existing.contains($0.key) }
        edges = edges.filter { existing.contains($0.key) }
    }

    /// Notes what a reading shows of an instance: whether our act was followed, and whether somebody has started again by
    /// hand what this policy had stopped.
    ///
    /// - Parameters:
    ///   - leaveAloneFor: how long it is left alone then.
    ///   - isOurs: whether vast-lua itself has started it since; asked only where somebody has.
    package mutating func note(
        _ state: InstanceState, of id: InstanceID, now: Double, leaveAloneFor: Duration, isOurs: () -> Bool
    ) {
        if let until = leftAlone[id] { leftAlone[id] = until <= now ? nil : min(until, now + leaveAloneFor.seconds) }
        if let act = acts[id], act.time > now { acts[id]?.time = now }
        guard var act = acts[id], act.verb == .stop else { return }
        if !state.isOn, state != .unknown, state != .offline {
            act.isSeen = true
            acts[id] = act
        } else if state.isOn, act.isSeen {
            acts[id] = nil
            if !isOurs() { leftAlone[id] = now + leaveAloneFor.seconds }
        }
    }

    /// Notes whether the condition holds.
    ///
    /// - Returns: whether it begins to.
    package mutating func mark(_ id: InstanceID, holds: Bool, now: Double) -> Bool {
        guard holds else {
            marks[id] = nil
            return false
        }
        let isNew = marks[id] == nil
        marks[id] = min(marks[id] ?? now, now)
        return isNew
    }
}
