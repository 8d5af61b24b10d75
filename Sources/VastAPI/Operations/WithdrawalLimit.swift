/// Until when withdrawals of a task are tried at most, besides their own 90 seconds: the end of a run does not wait longer for
/// one that was tried before than for everything else.
package enum WithdrawalLimit {
    /// On the clock's uptime; nil: they have only their own limit.
    @TaskLocal package static var deadline: Duration?
}
