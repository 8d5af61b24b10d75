import VastAPI

/// The words that a field may hold, under the name of a type.
package struct WordSet: Sendable {
    /// With `vast.`, such as `vast.State`.
    package let name: String
    /// The words in the order in which the reference lists them.
    package let words: [String]
    /// One line, beginning in lower case, without a full stop.
    package let summary: String
    /// Whether scripts may add words of their own.
    package let isOpen: Bool

    private init(_ name: String, _ words: [String], _ summary: String, isOpen: Bool = false) {
        self.name = name
        self.words = words
        self.summary = summary
        self.isOpen = isOpen
    }

    /// As annotations write it.
    package var annotation: String { words.map { "\"\($0)\"" }.joined(separator: "|") }

    /// Every set that has a name.
    package static let all = [
        WordSet("vast.State", InstanceState.allCases.map(\.rawValue), "what an instance does"),
        WordSet("vast.Billing", Billing.allCases.map(\.rawValue), "what is billed for an instance"),
        WordSet("vast.Event", FleetPoller.events, "what can happen to an instance"),
        WordSet("vast.ErrorKind", VastError.Kind.all.map(\.rawValue), "what kind of failure an error is", isOpen: true),
        WordSet("vast.Verb", Change.Verb.allCases.map(\.rawValue), "what a change does"),
        WordSet("vast.Outcome", VerbResult.words, "what became of an instance that a verb was asked to change")
    ]
}
