import FleetCalendar
import FleetStore
import VastAPI
import VastLua

/// Runs and their changes from the journal, for people.
struct HistoryReport {
    let zone: Zone

    /// One line a run.
    func lines(_ runs: [RunSummary]) -> [String] {
        guard !runs.isEmpty else { return ["no run has changed anything"] }
        var table = TextTable([
            .init("RUN"), .init("STARTED"), .init("SCRIPT", limit: 48), .init("COMMAND"), .init("CHANGES"), .init("EXIT", isRight: true)
        ])
        for run in runs {
            table.add([
                run.info.id, ShownTime.full(run.info.started, zone), run.info.script, run.info.command == "run" ? "" : run.info.command,
                Self.counts(run.counts), Self.exit(run)
            ])
        }
        return table.lines
    }

    /// `stop 2 confirmed, 1 failed; label 2 confirmed`
    private static func counts(_ counts: [RunSummary.Count]) -> String {
        let named =
            Change.Verb.allCases.map { verb in (verb.rawValue, counts.filter { $0.verb == verb && !$0.isWithdrawal }) }
            + [("withdrawal", counts.filter(\.isWithdrawal))]
        return named.filter { !$0.1.isEmpty }.map { name, counts in
            "\(name) \(counts.map { "\($0.count) \($0.status.word)" }.joined(separator: ", "))"
        }.joined(separator: "; ")
    }

    private static func exit(_ run: RunSummary) -> String {
        run.exitCode.map { "\($0)" } ?? (run.hasCrashed ? "died" : run.ended == nil ? "open" : "")
    }

    /// A run with every change, and the requests that were made for them.
    func lines(_ run: RunSummary, _ changes: [JournalChange], _ exchanges: [JournalExchange]) -> [String] {
        let ended = run.ended.map { " - \(ShownTime.full($0, zone))" } ?? ""
        let head =
            "run \(run.info.id)  \(PlainText.safe(run.info.script))  \(ShownTime.full(run.info.started, zone))\(ended)  "
            + "exit \(Self.exit(run))  process \(run.pid) on \(run.host)"
        return [head] + table(changes).lines + (exchanges.isEmpty ? [] : [""] + table(exchanges).lines)
    }

    private func table(_ changes: [JournalChange]) -> TextTable {
        var table = TextTable([
            .init("TIME"), .init("ID", isRight: true), .init("LABEL", limit: 28), .init("CHANGE", limit: 40), .init("STATUS"),
            .init("TRIES", isRight: true), .init("WHY", limit: 40), .init("LINE"), .init("ERROR", limit: 80)
        ])
        for change in changes {
            table.add([
                ShownTime.full(change.time, zone), change.instance == 0 ? "" : "\(change.instance)", change.before?.label ?? "",
                change.shownVerb, change.status.word,
                "\(change.attempts)", change.reason ?? "", change.line ?? "",
                [change.errorKind, change.errorText].compactMap(\.self).joined(separator: ": ")
            ])
        }
        return table
    }

    private func table(_ exchanges: [JournalExchange]) -> TextTable {
        var table = TextTable([
            .init("TIME"), .init("REQUEST"), .init("TRY", isRight: true), .init("OUTCOME"), .init("ERROR", limit: 80)
        ])
        for exchange in exchanges {
            table.add([
                ShownTime.full(exchange.time, zone), exchange.request, "\(exchange.attempt)", exchange.outcome ?? "not known",
                [exchange.errorKind, exchange.errorCode, exchange.errorText].compactMap(\.self).joined(separator: ": ")
            ])
        }
        return table
    }
}

extension JournalChange.Status {
    /// In words: `not applied`.
    var word: String { rawValue.split(separator: "_").joined(separator: " ") }
}

extension JournalChange {
    /// What was done: `label 'spot'`, `stop (withdrawal)`.
    var shownVerb: String { verb.shown(payload) + (isCompensation ? " (withdrawal)" : "") }

    /// How far it came, and why not further.
    var shownOutcome: String {
        switch status {
        case .failed, .unknown, .notApplied: [status.word, errorText].compactMap(\.self).joined(separator: ": ")
        case .satisfied, .reserved, .sent, .accepted, .confirmed: status.word
        }
    }
}
