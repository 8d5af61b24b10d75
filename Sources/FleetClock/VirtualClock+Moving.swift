import Synchronization

extension VirtualClock {
    /// Moves the clock at once, and wakes, in the order of their deadlines, all whose time has come. Waits for nobody:
    /// everybody who was woken finds the clock at its new time.
    public func advance(by length: Duration) {
        advance(to: uptime + length)
    }

    /// See ``advance(by:)``.
    public func advance(to instant: Duration) {
        let due = state.withLock { state -> [SleeperQueue.Sleeper] in
            state.uptime = max(state.uptime, instant)
            state.limit = state.limit.map { max($0, instant) }
            var due: [SleeperQueue.Sleeper] = []
            while let sleeper = state.takeFirst() { due.append(sleeper) }
            return due
        }
        for sleeper in due { sleeper.wake(false) }
    }

    /// Lets so much time pass as if it passed by itself: deadline after deadline, each when everybody who was woken before
    /// sleeps again or has ended. Returns when that is so at the end too.
    public func run(for length: Duration) async {
        await run(until: uptime + length)
    }

    /// See ``run(for:)``.
    public func run(until instant: Duration) async {
        let work = FleetWork.current
        if let work { endWork(work) }
        await withCheckedContinuation { continuation in
            ring(at: instant) { continuation.resume() }
        }
        await untilQuiet()
        if let work { beginWork(work) }
    }

    private func ring(at instant: Duration, _ body: @escaping @Sendable () -> Void) {
        state.withLock { $0.limit = $0.limit.map { max($0, instant) } }
        _ = alarm(atUptime: instant, body)
    }

    /// Returns when nobody is at work, and those of whom the clock does not know have had a moment.
    private func untilQuiet() async {
        repeat {
            await Self.moment()
            // Rings as soon as everybody sleeps, and those due at this instant have been woken.
            await withCheckedContinuation { continuation in
                ring(at: uptime) { continuation.resume() }
            }
        } while !state.withLock { $0.isQuiet }
    }

    // MARK: by itself

    /// Wakes one sleeper after the other as long as nobody is at work and time may pass.
    func move() {
        while let sleeper = state.withLock({ $0.nextToWake() }) {
            sleeper.wake(false)
            let needsLook = state.withLock { state -> Bool in
                state.isMoving = false
                guard sleeper.kind == .stranger, !state.isLookDue else { return false }
                state.isLookDue = true
                return true
            }
            if needsLook { lookAfterMoment() }
        }
    }

    /// The same after a moment, for those of whom the clock does not know whether they are at work.
    func moveSoon() {
        let isNew = state.withLock { state -> Bool in
            defer { state.isLookDue = true }
            return !state.isLookDue
        }
        if isNew { lookAfterMoment() }
    }

    private func lookAfterMoment() {
        Task {
            await Self.moment()
            state.withLock { $0.isLookDue = false }
            move()
        }
    }

    /// Lets all Swift tasks that can run do so a few times.
    private static func moment() async {
        for _ in 0..<8 { await Task.yield() }
    }
}

extension VirtualClock.State {
    /// Takes out who is due now. An operation is at work from here on, before it knows.
    mutating func takeFirst() -> SleeperQueue.Sleeper? {
        guard let sleeper = sleepers.takeFirst(until: uptime) else { return nil }
        if sleeper.kind == .operation { change(sleeper.operation) { $0.sleeping -= 1 } }
        return sleeper
    }

    /// Moves to the next deadline, when nobody is at work, and takes out who is first there.
    mutating func nextToWake() -> SleeperQueue.Sleeper? {
        guard !isMoving, !isLookDue, isQuiet, let deadline = sleepers.nextDeadline() else { return nil }
        if deadline > uptime {
            if let limit, deadline > limit { return nil }
            uptime = deadline
        }
        isMoving = true
        return takeFirst()
    }
}
