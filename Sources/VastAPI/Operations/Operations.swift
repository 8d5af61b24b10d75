/// The verbs on many instances: as few requests as the service allows, each change checked, what did not work tried
/// one by one, and everything that could be done done.
///
/// Every verb returns a report for each id. Errors that end a list at once (`unauthorized`, `cancelled`, `guard`, and
/// whatever an observer throws) are thrown, a ``VastError`` with the `results` so far.
public struct Operations: Sendable {
    public let client: VastClient
    /// Handed to the observer with every intent.
    public var note: (any ChangeNote)?

    public init(_ client: VastClient, note: (any ChangeNote)? = nil) {
        self.client = client
        self.note = note
    }
}
