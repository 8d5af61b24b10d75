import FleetRules

/// What a function of the script has asked about an instance while a policy was judging it: kept with what is done, so
/// that "why was it stopped" has an answer.
struct Evidence {
    /// In few words, for the journal.
    var text: String
    /// Predicate by predicate, for `explain`.
    var lines: [PolicyFinding.Line]
    /// When it would say yes if nothing changed, in Unix seconds; nil: never, or not known.
    var expected: Double?
    /// Where it could not be known: how far apart readings may be, in seconds, for it ever to be known.
    var longestHole: Double?
}
