internal import FleetClock
internal import VastAPI

/// The time of one exchange, which ends when its time-out is over.
struct ExchangeTime: Sendable {
    private let clock: any FleetClock
    private let limit: Duration

    init(_ clock: any FleetClock, timeout: Duration) {
        self.clock = clock
        limit = clock.uptime + timeout
    }

    /// - Throws: `CancellationError`; ``TransportError`` of kind `timedOut`.
    func pass(_ length: Duration) async throws {
        let wanted = clock.uptime + length
        try await clock.sleep(untilUptime: min(wanted, limit))
        if wanted > limit { throw Self.timedOut }
    }

    /// Waits for an answer that does not come.
    func passForEver() async throws -> Never {
        try await clock.sleep(untilUptime: limit)
        throw Self.timedOut
    }

    private static let timedOut = TransportError(.timedOut, detail: "no answer in time")
}
