package import VastModels
package import VastJSON

/// One change of one instance as the journal has it.
package struct JournalChange: Sendable, Equatable {
    /// How far a change came.
    package enum Status: String, Sendable, CaseIterable {
        /// It was so already; nothing was sent.
        case satisfied
        /// It was let through, and nothing of it has left yet; of a withdrawal: it may be needed.
        case reserved
        /// The request is on its way; as the last word of a dead run, nobody knows whether it arrived.
        case sent
        /// The service said `success`; the fleet does not show it yet.
        case accepted
        /// It did not happen.
        case failed
        /// The answer was lost: it may have happened.
        case unknown
        /// The fleet showed it.
        case confirmed
        /// The fleet showed later that it had not happened.
        case notApplied = "not_applied"
    }

    /// The journal's own number of it.
    package var number: Int64
    /// The run's id.
    package var run: String
    /// When it was first sent, or found satisfied, in Unix seconds.
    package var time: Double
    /// Which call of the run it belongs to.
    package var call: Int
    /// 0 for a request that names no instance.
    package var instance: InstanceID
    /// What was asked for.
    package var verb: Change.Verb
    /// Whether it undoes an earlier change of the same call, such as a start that was withdrawn.
    package var isCompensation: Bool
    /// How often it was sent.
    package var attempts: Int
    /// How far it came.
    package var status: Status
    /// What was set beside the verb.
    package var payload: ChangePayload?
    /// What was known when it was decided.
    package var before: InstanceFacts?
    /// Why, in the script's words; nil when it gave none.
    package var reason: String?
    /// Where in the script.
    package var line: String?
    /// When the fleet showed it, in Unix seconds.
    package var confirmed: Double?
    /// The kind of the error with which it failed; nil when it did not.
    package var errorKind: String?
    /// The message of that error, for people.
    package var errorText: String?

    /// Id and label, for people.
    package var name: String { before?.name ?? (instance == 0 ? "no instance" : "\(instance)") }

    /// For `--json`.
    package var json: JSONObject {
        var object: JSONObject = [
            "run": .string(run), "time": .double(time), "verb": .string(verb.rawValue),
            "status": .string(status.rawValue), "attempts": .integer(Int64(attempts)), "compensation": .bool(isCompensation)
        ]
        if instance != 0 { object["instance"] = .integer(instance.rawValue) }
        if let payload { object[payload.afterName] = payload.json }
        object["before"] = before.map { .object($0.json) }
        object["reason"] = reason.map { .string($0) }
        object["line"] = line.map { .string($0) }
        object["confirmed"] = confirmed.map { .double($0) }
        object["error_kind"] = errorKind.map { .string($0) }
        object["error"] = errorText.map { .string($0) }
        return object
    }
}
