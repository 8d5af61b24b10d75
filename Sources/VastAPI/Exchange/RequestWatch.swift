internal import FleetClock
internal import Synchronization

/// Looks after one request: tells when it has no good answer after a few seconds.
final class RequestWatch: Sendable {
    private struct State {
        var attempts = 0
        var problem: String?
        var nextTry: Duration?
        /// When it is given up, on the clock's uptime.
        var deadline = Duration.zero
        var alarm: FleetAlarm?
        var isOver = false
    }

    private let teller: WaitTeller
    private let request: String
    private let scope: RequestScope?
    private let state = Mutex(State())

    init(_ teller: WaitTeller, request: String, scope: RequestScope?) {
        (self.teller, self.request, self.scope) = (teller, request, scope)
    }

    /// It is about to be sent.
    func noteSending(givenUpAt deadline: Duration) {
        let isFirst = state.withLock { state in
            state.attempts += 1
            state.deadline = deadline
            state.nextTry = nil
            return state.attempts == 1
        }
        guard isFirst else { return }
        let now = teller.clock.uptime
        // What is part of something may have used up the patience before it began.
        let time = scope.map { max($0.startedAt + WaitTeller.scopePatience, now + .seconds(1)) } ?? now + WaitTeller.patience
        let alarm = teller.clock.alarm(atUptime: time) { [weak self] in self?.tell() }
        let isOver = state.withLock { state in
            state.alarm = alarm
            return state.isOver
        }
        if isOver { alarm.cancel() }
    }

    /// It was answered with an error, and will be sent again.
    ///
    /// - Parameter nextTry: when, on the clock's uptime.
    func note(_ error: VastError, nextTry: Duration) {
        state.withLock { state in
            state.problem = Self.words(error)
            state.nextTry = nextTry
        }
    }

    /// It has to wait for its turn. When that takes longer than any pace, the service has refused others before it.
    func noteTurn(in length: Duration, givenUpAfter atMost: Duration) {
        guard length > Self.longestTurn else { return }
        teller.tell(
            WaitNotice(
                purpose: scope?.purpose, request: request, problem: "the service has refused requests as too many", attempts: 0,
                nextTry: length, atMost: atMost), of: scope)
    }

    /// The longest documented interval is shorter.
    private static let longestTurn = Duration.seconds(8)

    /// It has ended.
    func end(isSuccess: Bool) {
        let alarm = state.withLock { state in
            state.isOver = true
            return state.alarm
        }
        alarm?.cancel()
        if isSuccess { teller.succeeded() }
    }

    private func tell() {
        let now = teller.clock.uptime
        let notice = state.withLock { state -> WaitNotice? in
            guard !state.isOver else { return nil }
            return WaitNotice(
                purpose: scope?.purpose, request: request, problem: state.problem, attempts: state.attempts,
                nextTry: state.nextTry.map { max(.zero, $0 - now) }, atMost: max(.zero, state.deadline - now))
        }
        if let notice { teller.tell(notice, of: scope) }
    }

    /// Status and message, as far as a line has room for them.
    static func words(_ error: VastError) -> String {
        let status = error.status.map { "status \($0)" }
        let message = error.message.count > 200 ? "\(error.message.prefix(200))…" : error.message
        guard let status, !message.contains(status) else { return message }
        return "\(status), \(message)"
    }
}
