package import FleetStore
package import FleetClock
package import VastAPI

/// What a client tells of every change: the journal first, without which nothing leaves, then the ledger.
package struct ChangeObserver: ExchangeObserver {
    private let ledger: ChangeLedger
    private let journal: Journal?
    private let clock: any FleetClock

    /// - Parameter journal: nil: nothing is kept beyond the process.
    package init(ledger: ChangeLedger, journal: Journal?, clock: any FleetClock) {
        (self.ledger, self.journal, self.clock) = (ledger, journal, clock)
    }

    package func willSend(_ intent: ChangeIntent) async throws {
        let note = intent.note as? CallNote
        // It may have waited for its turn since it was judged, and another one gone before it.
        if let note { try ledger.claim(intent.change, note, at: clock.unixTime) }
        try await journal?.willSend(intent)
        guard let note else { return }
        ledger.noteSent(intent.change, call: note.call, at: clock.unixTime)
    }

    package func didFinish(_ intent: ChangeIntent, _ outcome: ChangeOutcome) async {
        await journal?.didFinish(intent, outcome)
        guard let note = intent.note as? CallNote, !intent.change.isCompensation else { return }
        switch outcome {
        case .accepted: ledger.noteAccepted(intent.change, call: note.call)
        case .failed(let error) where intent.change.verb == .start && error.kind == .unavailable:
            ledger.noteQueued(intent.change, call: note.call)
        default: break
        }
    }
}
