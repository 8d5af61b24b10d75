package import FleetStore

extension GuardMiddleware.Settings {
    /// Takes the changes of other runs and the readings of earlier ones from a database.
    ///
    /// - Parameter run: the run whose changes are not those of others; nil: there is none.
    package mutating func remember(by database: StateDatabase, account: String, run: String? = nil) {
        let history = JournalHistory(database, account: account)
        others = { since in
            try await database.perform { try history.guardEntries(account: account, since: since, excluding: run) }
        }
        guard database.exists else { return }
        let samples = SampleStore(database, account: account)
        lastState = { id in
            (try? await database.perform { try samples.spells(of: id).last.map { ($0.state, $0.began) } }) ?? nil
        }
        lastOn = { id in
            // What nobody has looked at may have been found on by a change of ours.
            try? await database.perform { try [samples.lastOn(id), history.lastOn(id)].compactMap(\.self).max() }
        }
    }
}
