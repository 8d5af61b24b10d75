internal import SQLite
internal import VastModels

/// The statements that put outcomes into the database, inside a transaction of the caller.
struct OutcomeWriter {
    let database: Database
    let time: Double

    /// How a request ended, for itself and for its changes.
    func write(_ outcome: ChangeOutcome, of change: Change, exchange: Int64) throws {
        let (verb, (status, error)) = (change.verb, Self.status(outcome))
        try database.cachedStatement(
            sql: "UPDATE exchange SET outcome = ?, finished = ?, error_kind = ?, error_code = ?, error_text = ? WHERE number = ?"
        ).execute(arguments: [
            status.rawValue, time, error?.kind.rawValue, error?.code, error.flatMap { Self.text($0, verb) }, exchange
        ])
        // After a lost answer a refusal of the repetition proves nothing about the first sending. A withdrawal that fails is
        // still to be made. Of a call, a request that has failed may be sent again: until the call's outcome is written it
        // goes on counting.
        try database.cachedStatement(
            sql: """
                UPDATE change SET status = CASE WHEN ?1 = 'failed' AND (was_lost OR is_compensation) THEN 'unknown'
                        WHEN ?1 = 'failed' AND call > 0 AND verb != 'other' THEN 'reserved' ELSE ?1 END,
                    error_kind = ?2, error_text = ?3
                WHERE exchange = ?4 AND status = 'sent'
                """
        ).execute(arguments: [
            (Self.maybePartial(error, change) ? .unknown : status).rawValue, error?.kind.rawValue, error.flatMap { Self.text($0, verb) },
            exchange
        ])
    }

    /// Whether a refusal may be about some of the instances only: the others are changed, as the call will find out, or the
    /// next run when this one dies before.
    private static func maybePartial(_ error: VastError?, _ change: Change) -> Bool {
        guard let error, error.status != nil, change.instances.count > 1 else { return false }
        return ![.unauthorized, .forbidden, .rateLimited].contains(error.kind)
    }

    /// How a call ended for an instance, after all that was read to check it.
    func write(_ outcome: ChangeOutcomes.Outcome, of verb: Change.Verb, call: Int, instance: InstanceID, run: Int64) throws {
        if case .notSent = outcome { try release(call: call, instance: instance, run: run) }
        guard let status = Self.status(outcome) else { return }
        try database.cachedStatement(
            sql: """
                UPDATE change SET status = ?, error_kind = ?, error_text = ?
                WHERE run = ? AND call = ? AND instance = ? AND NOT is_compensation AND status NOT IN ('confirmed', 'satisfied')
                """
        ).execute(arguments: [
            status.rawValue, outcome.error?.kind.rawValue, outcome.error.flatMap { Self.text($0, verb) }, run, call, instance.rawValue
        ])
        if verb == .start { try writeWithdrawal(outcome, call: call, instance: instance, run: run) }
    }

    private func release(call: Int, instance: InstanceID, run: Int64) throws {
        try database.cachedStatement(
            sql: "DELETE FROM change WHERE run = ? AND call = ? AND instance = ? AND NOT is_compensation AND status = 'reserved'"
        ).execute(arguments: [run, call, instance.rawValue])
    }

    /// The withdrawal of a start is done with when the start was made, or is shown to be taken back; otherwise it stays
    /// open for whoever comes next.
    private func writeWithdrawal(_ outcome: ChangeOutcomes.Outcome, call: Int, instance: InstanceID, run: Int64) throws {
        if case .unknown = outcome { return }
        try database.cachedStatement(
            sql: "DELETE FROM change WHERE run = ? AND call = ? AND instance = ? AND is_compensation AND status = 'reserved'"
        ).execute(arguments: [run, call, instance.rawValue])
        let isWithdrawn = if case .refused = outcome { true } else { false }
        let status: JournalChange.Status = isWithdrawn ? .confirmed : .notApplied
        try database.cachedStatement(
            sql: """
                UPDATE change SET status = ?, confirmed = ?, error_kind = NULL, error_text = NULL
                WHERE run = ? AND call = ? AND instance = ? AND is_compensation AND status IN ('sent', 'accepted', 'unknown', 'failed')
                """
        ).execute(arguments: [status.rawValue, isWithdrawn ? time : nil, run, call, instance.rawValue])
    }

    /// nil: there is nothing to be written.
    private static func status(_ outcome: ChangeOutcomes.Outcome) -> JournalChange.Status? {
        switch outcome {
        case .satisfied: nil
        case .accepted: .accepted
        case .notSent, .refused: .failed
        case .unknown: .unknown
        }
    }

    private static func status(_ outcome: ChangeOutcome) -> (JournalChange.Status, VastError?) {
        switch outcome {
        case .accepted: (.accepted, nil)
        case .failed(let error): (error.effect == .unknown ? .unknown : .failed, error)
        }
    }

    /// What the service says about a request of unknown meaning may repeat what was in it.
    private static func text(_ error: VastError, _ verb: Change.Verb) -> String? {
        verb == .other ? nil : String(error.message.prefix(500))
    }
}
