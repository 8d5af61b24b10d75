package import FleetRules
internal import SQLite
internal import VastModels
internal import VastJSON
#if canImport(Glibc)
internal import Glibc
#elseif canImport(Darwin)
internal import Darwin
#endif

/// The statements that put an intent into the database, inside a transaction of the caller.
struct IntentWriter {
    let database: Database
    let account: String
    let time: Double

    func insert(_ run: RunInfo, lease: String) throws -> Int64 {
        // A commit that was reported as failed may have worked all the same.
        let known = try Int64.fetchOne(
            database, sql: "SELECT number FROM run WHERE id = ? AND lease = ? AND started = ?", arguments: [run.id, lease, run.started])
        if let known { return known }
        try database.execute(
            sql: """
                INSERT INTO run (id, account, script, script_hash, command, started, host, pid, lease)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                run.id, account, run.script, run.scriptHash, run.command, run.started, HostName.current, ProcessNumber.own, lease
            ])
        return database.lastInsertedRowID
    }

    func insert(_ intent: ChangeIntent, _ note: CallNote?, run: Int64) throws -> Int64 {
        try database.cachedStatement(
            sql: """
                INSERT INTO exchange (run, account, at, request, verb, attempt, is_compensation) VALUES (?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            run, account, time, intent.request, intent.change.verb.rawValue, intent.attempt, intent.change.isCompensation
        ])
        let exchange = database.lastInsertedRowID
        // Without a note every request is a call of its own; such numbers are below zero.
        let note = note ?? CallNote(call: Int(-exchange))
        // An unknown request without a known instance is kept under the instance 0.
        for id in intent.change.instances.isEmpty ? [0] : intent.change.instances {
            try insert(id, intent.change, note, run: run, exchange: exchange, status: .sent)
        }
        return exchange
    }

    func insertSatisfied(_ change: Change, _ note: CallNote, run: Int64) throws {
        for id in change.instances { try insert(id, change, note, run: run, exchange: nil, status: .satisfied) }
    }

    /// Makes room for a call: one row for each instance that counts like a sent one, and one for a withdrawal that the
    /// call may need.
    ///
    /// - Parameter sent: the instances that are about to be written as sent.
    func reserve(_ change: Change, withdraws: Bool, _ note: CallNote, run: Int64, but sent: Set<InstanceID> = []) throws {
        for id in change.instances {
            if !sent.contains(id) { try insert(id, change, note, run: run, exchange: nil, status: .reserved) }
            if withdraws {
                try insert(id, Change(.stop, [id], isCompensation: true), note, run: run, exchange: nil, status: .reserved)
            }
        }
    }

    /// A run has ended: what it has reserved and not sent is free again, and a withdrawal that may be needed is open for
    /// whoever comes next. What was sent and has no outcome, since that could not be written, stays in doubt.
    func closeReservations(_ run: Int64) throws {
        try database.execute(
            sql: "DELETE FROM change WHERE run = ? AND status = 'reserved' AND NOT is_compensation AND exchange IS NULL", arguments: [run])
        try database.execute(sql: "UPDATE change SET status = 'unknown' WHERE run = ? AND status = 'reserved'", arguments: [run])
    }

    /// A repetition of a request of the same call counts as an attempt of the same change.
    private func insert(
        _ id: InstanceID, _ change: Change, _ note: CallNote, run: Int64, exchange: Int64?, status: JournalChange.Status
    ) throws {
        let facts = note.before[id]
        let entry = GuardEntry(change.verb, id, change.payload, facts: facts)
        try database.cachedStatement(
            sql: """
                INSERT INTO change (run, account, at, call, instance, verb, is_compensation, exchange, attempts, status,
                    label_after, before, rate, gpus, reason, line)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET exchange = excluded.exchange, attempts = attempts + excluded.attempts,
                    status = excluded.status, was_lost = was_lost OR status IN ('sent', 'unknown'),
                    error_kind = NULL, error_text = NULL
                """
        ).execute(arguments: [
            run, account, time, note.call, id.rawValue, change.verb.rawValue, change.isCompensation, exchange,
            exchange == nil ? 0 : 1, status.rawValue, change.payload?.text, facts.map { try Self.text($0) }, entry.rate?.rawValue,
            entry.gpuCount, note.reasons[id], note.line
        ])
    }

    private static func text(_ facts: InstanceFacts) throws -> String {
        String(decoding: try JSONValue.object(facts.json).serialized(), as: UTF8.self)
    }
}

/// The number of this process.
enum ProcessNumber {
    static var own: Int64 { Int64(getpid()) }
}
