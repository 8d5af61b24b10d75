package import VastModels

/// How to put back what a run changed, as far as it can be.
package struct UndoPlan: Sendable, Equatable {
    /// One change to be sent.
    package struct Step: Sendable, Equatable {
        /// `start`, `stop`, or one that sets something.
        package var verb: Change.Verb
        /// The instance as it is now.
        package var facts: InstanceFacts
        /// What is put back.
        package var payload: ChangePayload?
        /// What it puts at risk, and what it does not bring back.
        package var risks: [ChangeRisk] = []
        /// What it undoes, such as `undo of stop by run 7f3a9c`.
        package var reason: String

        /// The instance that the change is sent for.
        package var id: InstanceID { facts.id }
    }

    /// What is not put back.
    package struct Remark: Sendable, Equatable {
        /// The instance that was changed.
        package var id: InstanceID
        /// Id and label, for people.
        package var name: String
        /// What was done to it.
        package var verb: Change.Verb
        /// Why it is not put back, in words.
        package var why: String

        /// For people: `stop of 12 train-a: its contract has ended`.
        package var text: String { "\(verb.rawValue) of \(name): \(why)" }
    }

    /// What to send: starts first, the most valuable before the others, then stops, the most expensive first, then labels.
    package var steps: [Step] = []
    /// What cannot come back.
    package var lost: [Remark] = []
    /// What needs nothing, since it is as it was.
    package var unneeded: [Remark] = []

    /// - Parameters:
    ///   - changes: those of the run, as ``JournalHistory`` gives them.
    ///   - snapshot: the fleet as it is now.
    ///   - now: Unix seconds.
    package init(_ changes: [JournalChange], fleet snapshot: FleetSnapshot, now: Double) {
        var seen: [UndoSubject: Int] = [:]
        var grouped: [[JournalChange]] = []
        for change in changes where change.mayHaveHappened && !change.isCompensation {
            let subject = UndoSubject(id: change.instance, aspect: change.verb.aspect)
            if let index = seen[subject] {
                grouped[index].append(change)
            } else {
                seen[subject] = grouped.count
                grouped.append([change])
            }
        }
        for group in grouped { add(UndoDecision(group, snapshot, now: now).outcome) }
        steps.sort(by: Self.comesBefore)
    }

    private mutating func add(_ outcome: UndoDecision.Outcome?) {
        switch outcome {
        case .step(let step)?: steps.append(step)
        case .lost(let remark)?: lost.append(remark)
        case .unneeded(let remark)?: unneeded.append(remark)
        case nil: break
        }
    }

    private static func comesBefore(_ left: Step, _ right: Step) -> Bool {
        let (leftKey, rightKey) = (key(left), key(right))
        return leftKey < rightKey
    }

    private static func key(_ step: Step) -> (Int, Double, InstanceID) {
        let order = step.verb == .start ? 0 : step.verb == .stop ? 1 : 2
        let value = step.verb.rules.switchesTo == nil ? 0 : step.facts.rateOn?.rawValue ?? 0
        return (order, -value, step.id)
    }
}

/// What changes are undone together.
struct UndoSubject: Hashable {
    let id: InstanceID
    let aspect: ChangeAspect
}

extension JournalChange {
    /// Whether it was made, or may have been.
    fileprivate var mayHaveHappened: Bool {
        switch status {
        case .sent, .accepted, .unknown, .confirmed: true
        case .satisfied, .reserved, .failed, .notApplied: false
        }
    }
}
