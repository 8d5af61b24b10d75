internal import FleetClock

/// The pace of one route: when the next request may leave, and what has been learned about the limit. Pure; instants
/// are lengths of ``FleetClock/uptime``.
struct PacingBucket: Equatable, Sendable {
    /// The interval that is kept at least.
    let base: Duration
    /// The interval that a refusal without figures leads to at least.
    let documented: Duration
    /// The interval that is kept now.
    private(set) var interval: Duration
    /// The instant at which the next request may leave.
    private(set) var nextFree: Duration = .zero
    private var refusalsInARow = 0
    private var acceptedInARow = 0
    private var isNamed = false
    private var shortestExchange: Duration?

    static let longest: Duration = .seconds(60)
    // What was learned is forgotten when nobody has used the route for so long.
    private static let longestMemory: Duration = .seconds(600)
    // An interval is kept one percent longer than it has to be, for clocks and networks are not exact.
    private static let margin = 1.01
    private static let acceptedBeforeDecay = 20

    init(base: Duration, documented: Duration) {
        self.base = base
        self.documented = documented
        interval = base
    }

    /// Takes the slot at `now`; false when it is not free yet.
    mutating func take(now: Duration) -> Bool {
        guard nextFree <= now else { return false }
        nextFree = now + interval * Self.margin
        return true
    }

    /// An answer that is no refusal has come.
    ///
    /// The service counts from the arrival of a request, which is later than its sending: by the set-up of a
    /// connection, for example. The exchange cannot have arrived later than the answer less the shortest way back.
    mutating func accepted(sentAt: Duration, answeredAt: Duration) {
        let length = answeredAt - sentAt
        if interval > .zero {
            let wayBack = shortestExchange.map { min($0, length) } ?? .zero
            nextFree = max(nextFree, answeredAt - wayBack + interval * Self.margin)
        }
        shortestExchange = min(shortestExchange ?? length, length)
        refusalsInARow = 0
        acceptedInARow += 1
        // What the service has named stays; what was guessed is tried a little shorter after a good while.
        guard !isNamed, interval > base, acceptedInARow >= Self.acceptedBeforeDecay else { return }
        acceptedInARow = 0
        interval = max(base, interval * 0.8)
    }

    /// The service has refused; returns when the next request may leave.
    ///
    /// - Parameter jitter: 0 to 1.
    @discardableResult
    mutating func refused(_ notice: RateLimitNotice, now: Duration, jitter: Double) -> Duration {
        refusalsInARow += 1
        acceptedInARow = 0
        if let threshold = notice.threshold {
            interval = max(base, min(threshold, Self.longest))
            isNamed = true
        } else if let asked = notice.retryAfter {
            interval = max(interval, documented, refusalsInARow > 1 || base > .zero ? min(asked, Self.longest) : .zero)
        } else {
            let grown = interval < documented ? documented : interval * 1.4
            interval = min(Self.longest, max(grown, documented))
        }
        var wait = max(interval, notice.retryAfter ?? .zero)
        if notice.retryAfter == nil, refusalsInARow > 1 {
            wait = min(Self.longest, wait * Double(1 << min(refusalsInARow - 1, 6)))
        }
        nextFree = max(nextFree, now + wait * (Self.margin + 0.1 * jitter))
        return nextFree
    }

    /// What another process has found out and taken.
    mutating func merge(nextFree other: Duration, interval learned: Duration, now: Duration) {
        guard other <= now + Self.longest else { return }
        nextFree = max(nextFree, other)
        guard other > now - Self.longestMemory else { return }
        if learned > interval, learned <= Self.longest { interval = learned }
    }
}
