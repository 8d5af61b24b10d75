/// What the fleet bills, before the first change and after the last one.
struct LedgerBill {
    private(set) var last = RunReport.Bill()
    /// When the fleet was last read whole, and when a change was last shown, in Unix seconds.
    private var readAt = -Double.infinity
    private var confirmedAt = -Double.infinity

    /// The fleet was read whole, and bills so much, in $/h.
    ///
    /// - Parameter hasBegun: whether anything was sent before.
    mutating func note(_ rate: Double, at time: Double, hasBegun: Bool) {
        // Only a reading from before the first change tells what the bill was.
        if last.before == nil, !hasBegun { last.before = rate }
        (last.after, readAt) = (rate, time)
    }

    /// A change was shown.
    mutating func noteConfirmed(at time: Double) { confirmedAt = max(confirmedAt, time) }

    /// What the fleet bills now is known only by a reading that shows all that was confirmed.
    var known: RunReport.Bill { RunReport.Bill(before: last.before, after: readAt >= confirmedAt ? last.after : nil) }
}
