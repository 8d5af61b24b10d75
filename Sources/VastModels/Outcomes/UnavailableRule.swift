/// What to do about a start whose GPUs are rented to somebody else: the service queues it, and it may fire, and bill,
/// at any time later (Vast API contract, section 5).
public enum UnavailableRule: Sendable, Equatable {
    /// Withdraw it, confirm that, and fail with kind `unavailable`.
    case cancel
    /// Leave it queued and report success.
    case queue
    /// Withdraw it and try again every so often within a time; fail with kind `unavailable` afterwards.
    ///
    /// `maxRate` is what all instances of the call together may add, in dollars per hour; one that would exceed it is
    /// not tried.
    case retry(every: Duration, within: Duration, maxRate: USDPerHour? = nil)
}
