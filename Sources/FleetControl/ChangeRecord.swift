package import VastAPI

extension Change.Verb {
    /// The past tense for reports: "stopped 2".
    package var past: String {
        switch self {
        case .stop: "stopped"
        case .start: "started"
        case .label: "labelled"
        case .reboot: "rebooted"
        case .recycle: "recycled"
        case .destroy: "destroyed"
        case .other: "changed"
        }
    }

    /// What the verb acts on: a later change of the same aspect replaces an earlier one.
    package var aspect: ChangeAspect {
        switch self {
        case .label: .label
        case .other: .other
        case .stop, .start, .reboot, .recycle, .destroy: .state
        }
    }
}

/// The parts of an instance that changes are about.
package enum ChangeAspect: Hashable, Sendable, CaseIterable {
    case state, label, other
}

/// A change that a script asked for, and how far it came.
package struct ChangeRecord: Sendable {
    /// How far a change came.
    package enum Status: Sendable, Equatable {
        /// It was already so; nothing was sent.
        case satisfied
        /// It is on its way; if that is the last word, nobody knows whether it arrived.
        case sent
        /// The service said `success`; the fleet does not show it yet.
        case accepted
        /// The fleet showed it.
        case confirmed
        /// It did not happen: the error's kind and text.
        case failed(kind: String, message: String)
    }

    package var id: InstanceID
    package var verb: Change.Verb
    /// The label that a `label` change sets.
    package var label: String?
    /// Why, in the script's words.
    package var reason: String?
    /// What was billed, in $/h, before the change; nil when unknown.
    package var rateBefore: Double?
    /// How the instance is called in reports, such as its label.
    package var name: String
    package var status: Status
    /// Whether the script dealt with its failure on purpose (`vast.try`).
    package var isSettled = false

    package init(
        id: InstanceID, verb: Change.Verb, label: String? = nil, reason: String? = nil, rateBefore: Double? = nil,
        name: String = "", status: Status
    ) {
        self.id = id
        self.verb = verb
        self.label = label
        self.reason = reason
        self.rateBefore = rateBefore
        self.name = name
        self.status = status
    }

    /// Whether the fleet still has to show it.
    package var isUnconfirmed: Bool { status == .accepted || status == .sent }

    /// Whether a row of the fleet, or its absence from a complete list, shows that the change has happened.
    package func isShown(by instance: Instance?) -> Bool {
        guard let instance else { return verb == .destroy }
        switch verb {
        case .stop: return instance.intendedStatus == "stopped" && instance.curState == "stopped"
        case .start, .reboot, .recycle: return instance.state == .running
        case .label: return instance.label == (label ?? "")
        case .destroy: return false
        case .other: return true
        }
    }
}
