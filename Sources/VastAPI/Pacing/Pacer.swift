internal import FleetClock
internal import Logging
internal import Synchronization

/// Lets requests of each route leave one after the other, as far apart as the service allows, for everything in this
/// process and, through ``PacingFile``, for other processes with the same key.
final class Pacer: Sendable {
    private struct State {
        var buckets: [Route: PacingBucket] = [:]
        var waiting: [Route: [UInt64]] = [:]
        var tickets: UInt64 = 0
        var generator: SeededGenerator
    }

    private let clock: any FleetClock
    private let pacing: ClientConfiguration.Pacing
    private let file: PacingFile?
    private let logger: Logger?
    private let hasWarned = Mutex(false)
    private let state: Mutex<State>

    init(clock: any FleetClock, pacing: ClientConfiguration.Pacing, file: PacingFile?, seed: UInt64, logger: Logger? = nil) {
        self.logger = logger
        self.clock = clock
        self.pacing = pacing
        self.file = file
        state = Mutex(State(generator: SeededGenerator(seed: seed)))
    }

    /// Returns when a request of this route may leave, in the order of the calls; the slot is then taken.
    ///
    /// - Parameter onWait: is told how long the request has to wait, and may throw to give it up.
    /// - Returns: the instant of leaving.
    /// - Throws: `CancellationError`, and what `onWait` throws.
    func take(_ route: Route, onWait: (Duration) throws -> Void = { _ in }) async throws -> Duration {
        let route = route.bucket
        let ticket = enqueue(route)
        defer { dequeue(ticket, route) }
        while true {
            try Task.checkCancellation()
            let now = clock.uptime
            guard let wakeUp = tryTake(route, ticket, now: now) else { return now }
            try onWait(wakeUp - now)
            try await clock.sleep(untilUptime: wakeUp)
        }
    }

    /// An answer that is no refusal.
    func accepted(_ route: Route, sentAt: Duration) {
        let now = clock.uptime
        update(route) { $0.accepted(sentAt: sentAt, answeredAt: now) }
    }

    /// A refusal; returns how long until the next request of this route may leave.
    func refused(_ route: Route, _ notice: RateLimitNotice) -> Duration {
        let now = clock.uptime
        let jitter = state.withLock { Double.random(in: 0...1, using: &$0.generator) }
        return update(route) { $0.refused(notice, now: now, jitter: jitter) } - now
    }

    /// The interval that is kept for a route now.
    func interval(_ route: Route) -> Duration {
        state.withLock { bucket($0, route.bucket).interval }
    }

    private func enqueue(_ route: Route) -> UInt64 {
        state.withLock { state in
            state.tickets += 1
            state.waiting[route, default: []].append(state.tickets)
            return state.tickets
        }
    }

    private func dequeue(_ ticket: UInt64, _ route: Route) {
        state.withLock { $0.waiting[route]?.removeAll { $0 == ticket } }
    }

    /// Takes the slot and returns nil, or returns the instant at which to try again.
    private func tryTake(_ route: Route, _ ticket: UInt64, now: Duration) -> Duration? {
        state.withLock { state in
            var bucket = bucket(state, route)
            let ahead = state.waiting[route]?.firstIndex(of: ticket) ?? 0
            // Without an interval there is no queue: everybody may leave once the route is free.
            if ahead > 0, bucket.interval > .zero {
                // Just after those ahead. They may have given up by then, so nobody sleeps through a slot.
                return max(bucket.nextFree, now) + .milliseconds(1) * ahead
            }
            let isTaken = take(&bucket, route, now: now)
            state.buckets[route] = bucket
            return isTaken ? nil : max(bucket.nextFree, now + .microseconds(100))
        }
    }

    private func take(_ bucket: inout PacingBucket, _ route: Route, now: Duration) -> Bool {
        guard let file, bucket.interval > .zero else { return bucket.take(now: now) }
        var isTaken = false
        file.update(route) { nextFree, interval in
            if let nextFree { bucket.merge(nextFree: nextFree, interval: interval, now: now) }
            isTaken = bucket.take(now: now)
            return (bucket.nextFree, bucket.interval)
        } otherwise: {
            warn($0)
            isTaken = bucket.take(now: now)
        }
        return isTaken
    }

    /// That this process now goes by its own pace alone: once.
    private func warn(_ reason: String) {
        guard
            !hasWarned.withLock({ hasWarned in
                defer { hasWarned = true }; return hasWarned
            })
        else { return }
        logger?.warning("the pace of requests is not shared with other processes, and the service may refuse some: \(reason)")
    }

    @discardableResult
    private func update(_ route: Route, _ change: (inout PacingBucket) -> Void) -> Duration {
        let route = route.bucket
        return state.withLock { state in
            var bucket = bucket(state, route)
            change(&bucket)
            state.buckets[route] = bucket
            if bucket.interval > .zero {
                file?.update(route) { nextFree, interval in
                    (max(nextFree ?? .zero, bucket.nextFree), max(interval, bucket.interval))
                } otherwise: {
                    warn($0)
                }
            }
            return bucket.nextFree
        }
    }

    private func bucket(_ state: borrowing State, _ route: Route) -> PacingBucket {
        if let bucket = state.buckets[route] { return bucket }
        let documented = PacingTable.documented(route)
        let base: Duration
        switch pacing {
        case .documented: base = documented
        case .unpaced: base = .zero
        case .custom(let intervals): base = intervals[route] ?? documented
        }
        return PacingBucket(base: base, documented: PacingTable.afterRefusal(route))
    }
}
