package import FleetStore
package import VastAPI
package import VastJSON

/// Compares a plan with the fleet as it is now: only what the decision used counts. Several actions on one instance are
/// folded: each is compared with what those before it leave.
package struct PlanCheck: Sendable {
    /// A field that is not as the decision saw it.
    package struct Difference: Sendable, Equatable {
        /// The name of the field in scripts.
        package var field: String
        /// What it saw; nil: nothing.
        package var seen: JSONValue?
        /// What it is now, after the actions before this one; nil: nothing.
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
        /// An action before it in the plan leaves the instance as it wants it; nothing more has to be sent.
        case repeated
        case differs([Difference])
        /// The instance is not there any more.
        case gone
        /// The instance was not in the reading.
        case notRead

        /// Whether an action is not made that was meant to be.
        var isRefused: Bool {
            switch self {
            case .matches, .satisfied, .repeated: false
            case .differs, .gone, .notRead: true
            }
        }
    }

    /// One action, and whether it may be carried out.
    package struct Result: Sendable, Equatable {
        /// The action as it stands in the plan.
        package var action: PlanAction
        /// What is to become of it.
        package var outcome: Outcome
    }

    /// Each action, in the plan's order, with what is to become of it.
    package var results: [Result]

    /// Compares each action with the snapshot. One whose instance is not in it is gone only when the snapshot is of the
    /// whole fleet.
    package init(_ plan: Plan, against snapshot: FleetSnapshot) {
        var overlay = PlanOverlay()
        results = plan.actions.map { action in
            let row = snapshot[action.id]
            let shown = row.flatMap { overlay.shown($0) }
            var outcome = row != nil || snapshot.isAuthoritative ? Self.outcome(action, shown) : .notRead
            if outcome == .satisfied, Self.outcome(action, row) != .satisfied { outcome = .repeated }
            if let shown, !outcome.isRefused { overlay.apply(action.verb, to: shown, action.payload) }
            return Result(action: action, outcome: outcome)
        }
    }

    /// What still matches, and is to be sent.
    package var matching: [PlanAction] { results.filter { $0.outcome == .matches }.map(\.action) }

    /// What the guard judges: what is to be sent, and what only repeats it, for a run asks for that too.
    package var judged: [PlanAction] { results.filter { $0.outcome == .matches || $0.outcome == .repeated }.map(\.action) }

    /// What is refused, so that `--strict` refuses everything.
    package var refused: [Result] { results.filter(\.outcome.isRefused) }

    /// - Parameter instance: as the actions before leave it; nil when it is gone.
    private static func outcome(_ action: PlanAction, _ instance: Instance?) -> Outcome {
        guard let instance else { return action.verb.rules.endsRental ? .satisfied : .gone }
        if action.verb.rules.isSatisfied(InstanceFacts(instance), action.payload) { return .satisfied }
        let differences = PlanFields.compared(action).compactMap { name, seen -> Difference? in
            let now = PlanFields.value(name, of: instance)
            return PlanFields.isSame(name, seen, now) ? nil : Difference(field: name, seen: seen, now: now)
        }
        return differences.isEmpty ? .matches : .differs(differences)
    }
}
