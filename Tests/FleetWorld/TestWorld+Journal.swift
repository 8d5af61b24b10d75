package import FleetRules
package import FleetStore

extension TestWorld {
    /// What the journal says of a run, one line for each change and exchange, without the database's own numbers.
    func journalLines(of id: String) -> [String] {
        let database = soundDatabase()
        defer { database.close() }
        guard database.exists else { return [] }
        do {
            let history = JournalHistory(database)
            return try history.runs(limit: 1_000).filter { $0.info.id == id }.flatMap { run in
                let end = run.exitCode.map { "\($0)" } ?? "none"
                return try ["run \(run.info.id), exit code \(end), crashed \(run.hasCrashed)"]
                    + history.changes(of: run).map(Self.line) + history.exchanges(of: run).map(Self.line)
            }
            .map(anonymous)
        } catch {
            return [anonymous("the journal cannot be read: \(error)")]
        }
    }

    /// The changes of a run, and what of them counts for the guard.
    func journalRows(of id: String) -> (rows: [JournalChange], counted: [GuardEntry]) {
        let database = soundDatabase()
        defer { database.close() }
        let history = JournalHistory(database)
        let since = clock.unixTime - 3_600
        guard database.exists, let run = try? history.runs(limit: 1_000).first(where: { $0.info.id == id }),
            let rows = try? history.changes(of: run),
            let all = try? history.guardEntries(account: Self.account, since: since).entries,
            let others = try? history.guardEntries(account: Self.account, since: since, excluding: id).entries
        else { return ([], []) }
        var counted = all
        for entry in others { if let place = counted.firstIndex(of: entry) { counted.remove(at: place) } }
        return (rows, counted)
    }

    private static func line(_ change: JournalChange) -> String {
        let parts: [String?] = [
            "change", "\(change.time)", "\(change.call)", "\(change.instance)", change.verb.rawValue, "\(change.status)",
            "attempts \(change.attempts)", change.isCompensation ? "compensation" : nil, change.payload.map { "\($0.kind) \($0.text)" },
            change.reason.map { "reason \($0)" }, change.line, change.confirmed.map { "confirmed \($0)" },
            change.before.map { "before \($0.state) \($0.label)" }, change.errorKind, change.errorText
        ]
        return parts.compactMap(\.self).joined(separator: ", ")
    }

    private static func line(_ exchange: JournalExchange) -> String {
        let parts: [String?] = [
            "exchange", "\(exchange.time)", exchange.request, "attempt \(exchange.attempt)",
            exchange.isCompensation ? "compensation" : nil, exchange.outcome ?? "no outcome",
            exchange.finished.map { "\($0)" }, exchange.errorKind, exchange.errorCode, exchange.errorText
        ]
        return parts.compactMap(\.self).joined(separator: ", ")
    }
}
