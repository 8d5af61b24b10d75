internal import Synchronization

/// What the requests of a task are for, and until when they are tried: for what must neither be silent nor go on for ever,
/// however many requests it takes.
final class RequestScope: Sendable {
    /// That of the requests which the current task sends; nil: each is for itself.
    @TaskLocal static var current: RequestScope?

    /// What is waited for, as in ``WaitNotice/purpose``.
    let purpose: String
    /// When it began, on the clock's uptime.
    let startedAt: Duration
    /// When the last request gives up, on the clock's uptime.
    let deadline: Duration
    private let hasTold = Mutex(false)

    init(purpose: String, startedAt: Duration, length: Duration) {
        (self.purpose, self.startedAt, deadline) = (purpose, startedAt, startedAt + length)
    }

    /// Whether nobody was told yet that it takes long; from now on somebody was.
    func takeFirstNotice() -> Bool {
        hasTold.withLock { hasTold in
            defer { hasTold = true }
            return !hasTold
        }
    }
}
