/// Is told of every request that changes something, compensating ones and repetitions too: the journal.
public protocol ExchangeObserver: Sendable {
    /// Called before the request leaves. When it throws, nothing is sent and the error goes to the caller.
    func willSend(_ intent: ChangeIntent) async throws

    /// Called once for each `willSend` that returned.
    func didFinish(_ intent: ChangeIntent, _ outcome: ChangeOutcome) async
}

/// A request that is about to change something.
public struct ChangeIntent: Sendable {
    /// Counts the intents of one client, from 1.
    public let number: Int
    /// What the request is about to change.
    public var change: Change
    /// The request, such as `PUT /api/v0/instances/12/`.
    public let request: String
    /// Which sending of the same request this is, from 1.
    public let attempt: Int
    /// What the caller of the verb passed along.
    public let note: (any ChangeNote)?

    /// - Parameters:
    ///   - number: counts the intents of one client, from 1.
    ///   - request: such as `PUT /api/v0/instances/12/`.
    ///   - attempt: which sending of the same request this is, from 1.
    package init(number: Int, change: Change, request: String, attempt: Int, note: (any ChangeNote)?) {
        (self.number, self.change, self.request, self.attempt, self.note) = (number, change, request, attempt, note)
    }
}

/// Something that a caller wants its observer to see with every request of a call, such as reasons.
public protocol ChangeNote: Sendable {}

/// How a request that changes something ended.
public enum ChangeOutcome: Sendable {
    /// The service said `success`.
    case accepted
    /// It failed; `effect` says whether something may have been changed all the same.
    case failed(VastError)
}
