/// Keeps repetitions in proportion to successes, so that many callers do not bury a service that is down.
struct RetryBudget: Sendable {
    private static let capacity = 50.0
    private static let refund = 0.5
    private var tokens = capacity

    /// Takes one repetition out; false when there is none left.
    mutating func spend() -> Bool {
        guard tokens >= 1 else { return false }
        tokens -= 1
        return true
    }

    /// A request has succeeded.
    mutating func succeeded() { tokens = min(Self.capacity, tokens + Self.refund) }
}
