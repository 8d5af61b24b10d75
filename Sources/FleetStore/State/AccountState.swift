/// What is kept on disk about one account, whatever script or process it comes from.
package struct AccountState: Sendable {
    private let database: StateDatabase
    private let account: String

    /// What the database keeps of that account; nothing is read before it is asked for.
    package init(_ database: StateDatabase, account: String) {
        self.database = database
        self.account = account
    }

    /// What readings have said.
    package var samples: SampleStore { SampleStore(database, account: account) }

    /// How far it has come from the label grammar of version 0.1 to the present one.
    package var labelGrammar: LabelGrammarStore { LabelGrammarStore(database, account: account) }

    /// Drops what is older than it has to be kept, as long as there is time; see ``StatePruner/usualTime``.
    ///
    /// - Throws: ``StateError``.
    package func prune(_ periods: RetentionPeriods, now: Double) throws { try StatePruner(database, periods).prune(now: now) }

    /// What was changed.
    package var history: JournalHistory { JournalHistory(database, account: account) }
}
