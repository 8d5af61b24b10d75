internal import FleetClock

extension JobTrigger {
    /// The next instant after `now` when the clock may have been set back, so that an instant ahead was dealt with already.
    ///
    /// Such an instant comes a second time. It counts as the same when the job would run again before half of its interval is
    /// over, by a clock that nobody can set; else the job would pause for as long as the clock was set back.
    ///
    /// - Parameters:
    ///   - handled: the last instant that was dealt with.
    ///   - ago: how long ago that was, at least.
    package func next(after now: Int64, handled: Int64, ago: Duration) -> Int64? {
        var candidate = next(after: now)
        while let instant = candidate, instant <= handled {
            guard let following = next(after: instant) else { return nil }
            let apart = ago.seconds + Double(instant) - Double(now)
            if apart * 2 >= Double(following) - Double(instant) { return instant }
            candidate = following
        }
        return candidate
    }
}
