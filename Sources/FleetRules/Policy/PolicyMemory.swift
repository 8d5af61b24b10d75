package import VastModels

/// What a policy remembers from one tick to the next, also over a restart.
package struct PolicyMemory: Sendable, Equatable {
    /// Something that the policy has done to an instance.
    package struct Act: Sendable, Equatable {
        /// Unix seconds.
        package var time: Double
        package var verb: Change.Verb
        /// Whether the fleet has shown it since.
        package var isSeen = false

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

    package init() {}

    /// Whether the policy has had to do with an instance.
    package func knows(_ id: InstanceID) -> Bool {
        marks[id] != nil || acts[id] != nil || leftAlone[id] != nil || edges[id] != nil
    }

    /// What an instance that is gone has left behind is forgotten, and the mark of one that the policy is not about any
    /// more; what was done to it is not.
    package mutating func keep(matching: Set<InstanceID>, existing: Set<InstanceID>) {
        marks = marks.filter { matching.contains($0.key) }
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
        if let until = leftAlone[id], until <= now { leftAlone[id] = nil }
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
        guard marks[id] == nil else { return false }
        marks[id] = now
        return true
    }
}
