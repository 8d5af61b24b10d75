package import FleetRules
package import VastModels

/// What goes with every request of a call, for the ledger and the journal.
package struct CallNote: ChangeNote {
    /// Counts the calls of a run, from 1: repeated requests of one call are one change.
    package var call: Int
    /// Where in the script, such as `nightly.lua:9`.
    package var line: String?
    /// Why, in the script's words.
    package var reasons: [InstanceID: String]
    /// What was known of the instances when it was decided.
    package var before: [InstanceID: InstanceFacts]
    /// What the whole call is about, to be reserved with its first request; nil: it is reserved already, or counts for
    /// nothing.
    package var reservation: Reservation?

    /// - Parameters:
    ///   - call: the number of the call in its run.
    ///   - line: where in the script; nil when that is not known.
    ///   - reasons: why, for the instances for which the script said it.
    ///   - before: what was known of the instances when it was decided.
    package init(
        call: Int, line: String? = nil, reasons: [InstanceID: String] = [:], before: [InstanceID: InstanceFacts] = [:]
    ) {
        self.call = call
        self.line = line
        self.reasons = reasons
        self.before = before
    }

    /// Why a change may not leave so soon after another one of ours.
    ///
    /// - Parameter since: how long ago that one left, in seconds.
    package func refusal(of change: Change, _ id: InstanceID, since: Double) -> VastError {
        let known = before[id].flatMap { change.verb.rules.refusal(change.payload, ChangeBounds(sinceLast: max(0, since)), on: $0) }
        return known
            ?? VastError(.conflict, "a \(change.verb) of \(id) was sent \(Int(max(0, since))) s ago", code: "too_soon", instance: id)
    }
}

/// Calls that were let through, and how to judge them again by what other runs have done until the moment at which they
/// are written down.
package struct Reservation: Sendable {
    /// The changes of the calls, each with the instances whose starts are withdrawn when their GPUs are taken.
    package var changes: [(change: Change, withdraws: Bool, note: CallNote?)]
    /// What was known of other runs when it was judged.
    let judgedWith: OtherRuns
    /// Judges again; nil: it may go ahead.
    package var refusal: @Sendable (_ others: [GuardEntry]) -> VastError?

    /// - Parameters:
    ///   - changes: what is written down with the first request.
    ///   - judgedWith: the changes of other runs that were known when the calls were let through.
    ///   - refusal: judges again by what others have done since; without it nothing is refused.
    package init(
        changes: [(change: Change, withdraws: Bool, note: CallNote?)] = [], judgedWith: OtherRuns = OtherRuns(),
        refusal: @escaping @Sendable (_ others: [GuardEntry]) -> VastError? = { _ in nil }
    ) {
        (self.changes, self.judgedWith, self.refusal) = (changes, judgedWith, refusal)
    }
}

/// The changes of other runs of the account that count.
package struct OtherRuns: Sendable {
    /// Their changes, in no order.
    package var entries: [GuardEntry]
    /// A number that is another one as soon as somebody else has written; nil: not known.
    package var version: Int?
    /// The instances of which they have started one that they take back unless its GPU is free: that such an instance is wanted on
    /// is nobody's wish.
    package var takenBack: Set<InstanceID> = []

    /// - Parameter version: changes as soon as somebody else has written; nil: not known.
    package init(_ entries: [GuardEntry] = [], version: Int? = nil) {
        self.entries = entries
        self.version = version
    }
}
