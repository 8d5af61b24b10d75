/// A run that is dead and did not say so, or that was ended while a request was on its way.
struct DeadRun {
    let number: Int64
    let script: String
    let lease: String
    let hasEnded: Bool

    /// What has become of it, for people.
    var end: String { hasEnded ? "ended before it knew" : "died" }
    /// Of which changes it is not known what became of them.
    var open: Set<JournalChange.Status> { hasEnded ? [.sent] : [.sent, .accepted, .unknown] }
}
