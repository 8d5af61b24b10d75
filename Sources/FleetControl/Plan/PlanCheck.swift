package import VastAPI
package import VastJSON

/// Compares a plan with the fleet as it is now: only what the decision used counts.
package struct PlanCheck: Sendable {
    /// A field that is not as the decision saw it.
    package struct Difference: Sendable, Equatable {
        package var field: String
        /// What it saw; nil: nothing.
        package var seen: JSONValue?
        package var now: JSONValue?

        /// For people: `state: running -> stopped`.
        package var text: String { "\(field): \(Self.text(seen)) -> \(Self.text(now))" }

        private static func text(_ value: JSONValue?) -> String {
            switch value {
            case nil, .null?: "nil"
            case .string(let text)?: text.isEmpty ? "''" : text
            case let value?: (try? value.serialized()).map { String(decoding: $0, as: UTF8.self) } ?? "?"
            }
        }
    }

    /// What is to become of an action.
    package enum Outcome: Sendable, Equatable {
        /// Everything that the decision saw is as it was.
        case matches
        /// The instance is as the action wants it; nothing has to be sent.
        case satisfied
        case differs([Difference])
        /// The instance is not there any more.
        case gone
        /// The instance was not in the reading.
        case notRead
    }

    package struct Result: Sendable, Equatable {
        package var action: PlanAction
        package var outcome: Outcome
    }

    /// Each action, in the plan's order, with what is to become of it.
    package var results: [Result]

    package init(_ plan: Plan, against snapshot: FleetSnapshot) {
        results = plan.actions.map { Result(action: $0, outcome: Self.outcome($0, snapshot)) }
    }

    /// What still matches.
    package var matching: [PlanAction] { results.filter { $0.outcome == .matches }.map(\.action) }

    /// What is refused, so that `--strict` refuses everything.
    package var refused: [Result] { results.filter { $0.outcome != .matches && $0.outcome != .satisfied } }

    private static func outcome(_ action: PlanAction, _ snapshot: FleetSnapshot) -> Outcome {
        guard let instance = snapshot[action.id] else {
            guard snapshot.isAuthoritative else { return .notRead }
            return action.verb == .destroy ? .satisfied : .gone
        }
        if isSatisfied(action, instance) { return .satisfied }
        let differences = PlanFields.compared(action).compactMap { name, seen -> Difference? in
            let now = PlanFields.value(name, of: instance)
            return PlanFields.isSame(name, seen, now) ? nil : Difference(field: name, seen: seen, now: now)
        }
        return differences.isEmpty ? .matches : .differs(differences)
    }

    private static func isSatisfied(_ action: PlanAction, _ instance: Instance) -> Bool {
        switch action.verb {
        case .stop, .start, .label:
            ChangeRecord(id: action.id, verb: action.verb, label: action.labelAfter, status: .accepted).isShown(by: instance)
        case .reboot, .recycle, .destroy, .other: false
        }
    }
}
