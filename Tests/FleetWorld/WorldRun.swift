package import FleetRules
package import FleetSafety
package import FleetStore

/// How a script ended in a world, and everything that can be told of it.
package struct WorldRun: Sendable {
    /// What the script returned, as text.
    package var values: [String] = []
    /// The kind of the error that ended it; nil: none.
    package var errorKind: String?
    /// What a person reads about the error.
    package var errorText: String?
    /// The line at the end.
    package var report: String?
    package var ledger = ChangeLedger()
    /// What was logged, and what was found out about earlier runs.
    package var messages: [String] = []
    /// One line for each exchange that ended while it ran.
    package var trace: [String] = []
    /// What its requests really changed.
    package var changes: [WorldChange] = []
    /// The journal's rows of this run, without ids and paths.
    package var journal: [String] = []
    /// Its calls of verbs, and its own requests, in the order in which they ended.
    package var calls: [WorldCall] = []
    package var requests: [WorldRequest] = []
    /// The rows of the journal.
    package var rows: [JournalChange] = []
    /// What the guard counts of the last hour, and what the journal counts of this run, when it had ended.
    package var usage: [GuardEntry] = [], counted: [GuardEntry] = []
    /// What was planned before, by the chains that only plan.
    package var planned: [PlanAction] = []
    /// Whether nothing went wrong with writing the journal.
    package var isJournalComplete = true
    /// Virtual time at its end, since the world's beginning.
    package var ended: Duration = .zero

    /// Where the state lay: another place for each world.
    var folder = ""

    /// Everything as one text, which the same seed gives byte for byte.
    package var text: String {
        let ledger = ledger.changes.map { "\($0.id) \($0.verb) \($0.payload?.text ?? "-") \($0.name) \($0.status) \($0.isHandled)" }
        let parts: [(String, [String])] = [
            ("values", values), ("error", [errorKind ?? "none", errorText ?? ""]), ("report", [report ?? "none"]), ("ledger", ledger),
            ("messages", messages), ("trace", trace), ("changes", changes.map(\.description)), ("journal", journal),
            ("ended", ["\(ended.components)"])
        ]
        return parts.map { name, lines in "== \(name)\n" + lines.map { $0 + "\n" }.joined() }.joined()
            .replacing(folder, with: "STATE")
    }
}
