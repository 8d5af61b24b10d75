internal import FleetClock

/// Decides whether a request that failed is sent again, and when. Pure.
struct RetryPolicy: Sendable {
    /// How often a request whose answer was lost is sent at most.
    var attempts = 6
    var firstWait: Duration = .milliseconds(250)
    var longestWait: Duration = .seconds(15)
    /// How long one request is repeated, waits included.
    var patience: Duration = .seconds(300)

    enum Decision: Equatable {
        case retry(after: Duration)
        case giveUp
    }

    /// After an answer was lost or the service failed.
    ///
    /// - Parameters:
    ///   - failures: how many sendings have failed so, this one included.
    ///   - mayRepeat: whether sending again is safe.
    ///   - asked: how long the service asks to wait.
    ///   - elapsed: time since the first sending.
    func afterFailure(
        failures: Int, mayRepeat: Bool, asked: Duration?, elapsed: Duration, using generator: inout SeededGenerator
    ) -> Decision {
        guard mayRepeat, failures < attempts else { return .giveUp }
        let doubled = firstWait * (1 << min(failures - 1, 20))
        let wait = max(asked ?? .zero, min(longestWait, doubled) * Double.random(in: 0.75...1.25, using: &generator))
        return elapsed + wait > patience ? .giveUp : .retry(after: wait)
    }

    /// After a refusal because of too many requests, when the pacer lets the next one leave `wait` from now.
    func afterRefusal(wait: Duration, isDailyQuota: Bool, elapsed: Duration) -> Decision {
        isDailyQuota || elapsed + wait > patience ? .giveUp : .retry(after: wait)
    }
}
