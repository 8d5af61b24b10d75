package import VastAPI

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
        /// Another change of ours has taken its place before the fleet could show it; whether the service had accepted it.
        case replaced(isCertain: Bool)
        /// A start that was refused and could not be withdrawn: it may run and bill later.
        case queued
        /// It did not happen: the error's kind and text.
        case failed(kind: String, message: String)
    }

    /// The instance that was to be changed; 0 for a request that names none.
    package var id: InstanceID
    /// What was asked for.
    package var verb: Change.Verb
    /// What was set beside the verb.
    package var payload: ChangePayload?
    /// Why, in the script's words.
    package var reason: String?
    /// What was billed, in $/h, before the change; nil when unknown.
    package var rateBefore: Double?
    /// How the instance is called in reports, such as its label.
    package var name: String
    /// How far it came.
    package var status: Status
    /// When it was last sent or answered, in Unix seconds.
    package var time: Double
    /// Whether the script dealt with its failure on purpose (`vast.try`).
    package var isHandled = false
    /// Whether an earlier run has left it: how it ends is no result of this run.
    package var isLeftover = false
    /// Whether it is a start that a reading has shown to wait for its GPU.
    package var isQueued = false
    /// Whether a reading can show that it was made; else the service's own answer is all that is ever known of it.
    var isProvable = true
    /// The call that it belongs to.
    var call = 0

    /// - Parameters:
    ///   - rateBefore: what was billed before the change, in $/h; nil when unknown.
    ///   - time: when it was last sent or answered, in Unix seconds.
    package init(
        id: InstanceID, verb: Change.Verb, payload: ChangePayload? = nil, reason: String? = nil, rateBefore: Double? = nil,
        name: String = "", status: Status, time: Double = 0
    ) {
        self.id = id
        self.verb = verb
        self.payload = payload
        self.reason = reason
        self.rateBefore = rateBefore
        self.name = name
        self.status = status
        self.time = time
    }

    /// Whether the fleet still has to show it.
    package var isUnconfirmed: Bool { status == .accepted && verb.rules.isVisible || status == .sent || status == .queued }

    /// Whether nobody knows what became of it.
    var isInDoubt: Bool { status == .sent || status == .queued }

    /// Whether the service has taken it, as far as is known.
    package var isAccepted: Bool { status == .accepted || status == .confirmed }

    /// Whether anything about it has left.
    package var wasSent: Bool {
        switch status {
        case .satisfied, .failed: false
        case .sent, .accepted, .confirmed, .queued, .replaced: true
        }
    }

    /// Whether it is neither done nor dealt with.
    package var isOpen: Bool {
        switch status {
        case .failed, .replaced(isCertain: false): !isHandled
        default: isUnconfirmed
        }
    }

    /// Whether nobody knows what became of it, also after others have taken its place.
    var isOfUnknownFate: Bool { isInDoubt || status == .replaced(isCertain: false) }

    /// Whether a later change is the same once more.
    func isRepeated(by later: ChangeRecord) -> Bool { verb == later.verb && verb != .other && payload == later.payload }

    /// Whether a later change says all that is to be said of this one: it is the same, or this one is known to have been made. A
    /// label whose fate is unknown may still come after a later, different one.
    func isCovered(by later: ChangeRecord) -> Bool { verb == later.verb && (!isOfUnknownFate || isRepeated(by: later)) }

    /// The change after another one of ours, which was made, has taken its place.
    var replaced: ChangeRecord {
        var copy = self
        if isInDoubt { copy.status = .replaced(isCertain: false) }
        if status == .accepted, verb.rules.isVisible { copy.status = .replaced(isCertain: true) }
        return copy
    }

    /// What a reading makes of it.
    ///
    /// - Parameter row: nil when the instance is gone.
    mutating func note(_ row: Instance?) {
        guard verb.rules.isVisible else { return }
        isQueued = verb == .start && row?.isStartQueued ?? false
        if isLeftover {
            if !(row?.isStartQueued ?? false) { status = .satisfied }
        } else if status == .sent, row != nil, !isProvable {
            return
        } else if status == .sent, verb.rules.leavesNoTrace {
            if let row, verb.isAccepted(by: row, payload) { status = .accepted }
        } else if verb.isSettled(by: row, payload) {
            status = .confirmed
        } else if status == .sent, let row, verb.isAccepted(by: row, payload) {
            status = .accepted
        } else if row == nil {
            status = .failed(kind: VastError.Kind.notFound.rawValue, message: "the instance is gone")
        } else if status == .queued, let row, !row.isStartQueued, row.intendedStatus == "stopped" {
            status = .failed(kind: VastError.Kind.unavailable.rawValue, message: "the queued start is withdrawn, as the fleet shows")
        }
    }
}

extension ChangeRecord.Status {
    /// What an outcome makes of a change.
    init(_ outcome: ChangeOutcomes.Outcome) {
        switch outcome {
        case .satisfied: self = .satisfied
        case .accepted: self = .accepted
        case .notSent(let error), .refused(let error): self = .failed(kind: error.kind.rawValue, message: error.message)
        case .unknown: self = outcome.mayBeQueued ? .queued : .sent
        }
    }
}
