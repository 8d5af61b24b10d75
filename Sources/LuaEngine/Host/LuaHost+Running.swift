internal import CLuaBridge

extension LuaHost {
    /// Runs a function, and whatever else is ready meanwhile, until the function has returned.
    ///
    /// Other tasks may be left over; see ``runUntilIdle()``.
    /// - Throws: the `LuaError` it raised, or one of kind `interrupted`.
    @discardableResult
    public func run(
        _ function: LuaReference, name: String? = nil, arguments: (LuaWriter) throws -> Void = { _ in }
    ) throws -> [LuaValue] {
        let task = try spawn(function, name: name, arguments: arguments)
        try run(until: task)
        return try results(of: task)
    }

    /// Compiles and runs a chunk.
    ///
    /// - Throws: `LuaError`.
    @discardableResult
    public func run(_ source: String, name: String = "=chunk") throws -> [LuaValue] {
        try run(try load(source, name: name))
    }

    /// Runs everything that is ready until `task` has ended.
    ///
    /// - Throws: `LuaError` of kind `interrupted`; `LuaConflict` when nothing is left that could end it. How the task
    ///   itself ended is in its state.
    public func run(until task: LuaTask) throws {
        guard let blocker = runningTask else { return try pump { task.isEnded } }
        scheduler.blockers.append((blocker, task))
        defer { scheduler.blockers.removeLast() }
        try pump { task.isEnded || blocker.isCancelled }
        if !task.isEnded { throw CancellationError() }
    }

    /// Runs until no task is left, and no timer.
    ///
    /// - Throws: `LuaError` of kind `interrupted`; `LuaConflict` when the tasks left wait for each other.
    public func runUntilIdle() throws {
        try pump { [self] in scheduler.tasks.isEmpty && scheduler.timers.nextDeadline() == nil }
    }

    private func pump(_ isDone: () -> Bool) throws {
        try checkUsable()
        enter()
        defer { leave() }
        while !isDone() {
            if vl_interrupted(handle) { break }
            collectWord()
            fireTimers()
            if runReady() { continue }
            if isDone() { break }
            guard isWorthWaiting else { throw LuaConflict("everything that is left waits for something that cannot happen") }
            sleepUntilWord()
        }
        guard vl_interrupted(handle) else { return }
        let error = interruption()
        if scheduler.depth == 1 { dropTasks(error) }
        throw error
    }

    private func enter() {
        if scheduler.depth == 0 { clock.beginWork(.thread) }
        vl_host_enter(handle)
        scheduler.depth += 1
    }

    private func leave() {
        scheduler.depth -= 1
        vl_host_leave(handle)
        guard scheduler.depth == 0 else { return }
        drain()
        clock.endWork(.thread)
    }

    /// Gives every ready task its turn, or those up to the first that does more than yield.
    ///
    /// - Returns: whether there was any.
    private func runReady() -> Bool {
        var record: UnsafeMutablePointer<vl_task>?
        let outcome = vl_run_ready(handle, &record)
        if Int(outcome) == VL_TASK_IDLE { return false }
        if Int(outcome) != VL_TASK_ROUND, let record { settle(LuaTask.from(record), outcome) }
        if scheduler.depth == 1 { drain() }
        scheduler.busyRounds += 1
        if scheduler.busyRounds >= 1024 { listen() }
        return true
    }

    /// On a clock that only hands over word when nobody is at work, tasks that are never all asleep would wait for it for
    /// ever.
    private func listen() {
        scheduler.busyRounds = 0
        if !clock.isSystem, mailbox.isHoldingBack { collectWord(blocking: true) }
    }

    private var isWorthWaiting: Bool {
        !scheduler.operations.isEmpty || scheduler.timers.nextDeadline() != nil
    }

    private func fireTimers() {
        guard scheduler.timers.nextDeadline() != nil else { return }
        let now = clock.uptime
        while let target = scheduler.timers.popDue(at: now) {
            switch target {
            case .task(let task, _): wake(task)
            case .timer(let timer): timer.takeAction()?()
            case .blocked(let id): unblock(id)
            }
        }
    }

    /// Blocks the thread until an operation has ended, a deadline has come, or somebody wakes it.
    private func sleepUntilWord() {
        scheduler.busyRounds = 0
        setTicker()
        collectWord(blocking: true)
    }

    /// One sleeper for the earliest deadline of all.
    private func setTicker() {
        let deadline = scheduler.timers.nextDeadline()
        if let ticker = scheduler.ticker {
            if ticker.deadline == deadline, clock.uptime < ticker.deadline { return }
            ticker.alarm.cancel()
            scheduler.ticker = nil
        }
        guard let deadline else { return }
        scheduler.ticker = (deadline, clock.alarm(atUptime: deadline) { [mailbox] in mailbox.wake() })
    }

    // MARK: blocking

    /// Waits where Lua cannot yield. A wait for another task runs the scheduler in here; any other stops everything.
    ///
    /// - Throws: `LuaError` of kind `interrupted`; `LuaConflict`.
    func block(on wait: LuaWait) throws {
        switch wait.reason {
        case .task(let task):
            if !task.isEnded { try run(until: task) }
        case .deadline(let deadline): try blockAtWork { try block(untilUptime: deadline) }
        case .operation(let start): try blockAtWork { try block(for: start) }
        }
    }

    /// Outside a run, as in the `__tostring` of a value that the embedder shows, nobody has told the clock.
    private func blockAtWork(_ body: () throws -> Void) rethrows {
        let isOutside = scheduler.depth == 0
        if isOutside { clock.beginWork(.thread) }
        defer { if isOutside { clock.endWork(.thread) } }
        try body()
    }

    private func block(untilUptime deadline: Duration) throws {
        let id = scheduler.nextID()
        scheduler.timers.insert(.blocked(id: id), at: deadline)
        try sleep(untilUnblocked: id, isCancellable: true)
    }

    private func block(for start: LuaWait.Start) throws {
        let id = scheduler.nextID()
        let task = runningTask
        scheduler.operations[id] = .blocked
        let cancel = startOperation(start, id: id)
        task?.cancelOperation = cancel
        defer { task?.cancelOperation = nil }
        do {
            try sleep(untilUnblocked: id, isCancellable: false)
        } catch {
            cancel()
            scheduler.operations[id] = nil
            scheduler.abandoned.insert(id)
            throw error
        }
    }

    /// - Parameter isCancellable: whether the wait ends at once when its task is cancelled, as a sleep does.
    private func sleep(untilUnblocked id: UInt64, isCancellable: Bool) throws {
        let task = isCancellable ? runningTask : nil
        let outer = scheduler.blockingID
        scheduler.blockingID = id
        defer { scheduler.blockingID = outer }
        while true {
            if vl_interrupted(handle) { throw interruption() }
            collectWord()
            fireTimers()
            if scheduler.blockingID != id { return }
            if let task, task.isCancelled { throw CancellationError() }
            sleepUntilWord()
        }
    }

    func unblock(_ id: UInt64) {
        if scheduler.blockingID == id { scheduler.blockingID = 0 }
    }

    // MARK: giving up

    /// Ends every task without running any of it.
    func dropTasks(_ error: LuaError) {
        for (id, waiter) in scheduler.operations {
            if case .task(let task) = waiter { task.cancelOperation?() }
            scheduler.abandoned.insert(id)
        }
        scheduler.operations.removeAll()
        scheduler.queue.removeAll()
        scheduler.timers.removeAll()
        vl_ready_clear(handle)
        scheduler.ticker?.alarm.cancel()
        scheduler.ticker = nil
        let tasks = scheduler.tasks.values.sorted { $0.id < $1.id }
        scheduler.tasks.removeAll()
        for task in tasks {
            task.joiners = []
            task.noteEnd(error)
            vl_task_finished(task.thread)
        }
        for task in tasks { task.onEnd?(task) }
    }

    /// Waits until the operations that were cancelled by an interrupt have really ended, so that nothing is in flight
    /// when the process goes. Bounded by whoever watches over the process.
    public func finishAbandonedOperations() {
        clock.beginWork(.thread)
        defer { clock.endWork(.thread) }
        while !scheduler.abandoned.isEmpty { collectWord(blocking: true) }
    }
}
