internal import FleetClock
internal import Synchronization

/// Tells when requests of a client take longer than a few seconds: once, and not again before the service has answered and a
/// minute has passed.
final class WaitTeller: Sendable {
    /// How long a request may take before that is told.
    static let patience = Duration.seconds(5)
    /// The same of a request that is part of something that must not be left undone.
    static let scopePatience = Duration.seconds(3)
    private static let pause = Duration.seconds(60)

    let clock: any FleetClock
    private let tell: @Sendable (WaitNotice) -> Void
    /// When it was told last and the service has not been answering since.
    private let toldAt = Mutex<Duration?>(nil)

    init(clock: any FleetClock, tell: @escaping @Sendable (WaitNotice) -> Void) { (self.clock, self.tell) = (clock, tell) }

    /// A request has succeeded.
    func succeeded() {
        let now = clock.uptime
        toldAt.withLock { time in if let told = time, now - told >= Self.pause { time = nil } }
    }

    /// Tells, unless it is known.
    func tell(_ notice: WaitNotice, of scope: RequestScope?) {
        let now = clock.uptime
        let isNew = toldAt.withLock { time in
            defer { time = time ?? now }
            return time == nil
        }
        if scope.map({ $0.takeFirstNotice() }) ?? isNew { tell(notice) }
    }
}
