internal import CLuaBridge

extension LuaHost {
    /// Makes a task of a function. It runs when a run is under way and it is its turn.
    ///
    /// - Parameters:
    ///   - place: what its errors name when it is a function of Swift by itself.
    ///   - arguments: writes the arguments.
    /// - Throws: what `arguments` throws; `LuaError` of kind `memory`.
    @discardableResult
    public func spawn(
        _ function: LuaReference, name: String? = nil, place: LuaPosition? = nil, arguments: (LuaWriter) throws -> Void = { _ in }
    ) throws -> LuaTask {
        let task = try spawn(name: name) { writer in
            writer.reference(function)
            try arguments(writer)
        }
        task.setPlace(place)
        return task
    }

    /// Makes a task of the function, and its arguments, that `body` writes.
    func spawn(name: String?, _ body: (LuaWriter) throws -> Void) throws -> LuaTask {
        let task = try withBuilt(body) { last in
            // withBuilt has pushed everything up to `last`; what lies below the function belongs to others.
            try makeTask(last)
        }
        task.name = name
        scheduler.tasks[task.id] = task
        vl_ready_append(handle, task.record)
        return task
    }

    private func makeTask(_ last: LuaView) throws -> LuaTask {
        let count = builtCount
        var thread: OpaquePointer?
        var slot: Int32 = 0
        let status = vl_task_create(handle, last.state, count - 1, &thread, &slot)
        guard status == LUA_OK, let thread else { throw LuaError.helper(status) }
        let reference = reference(slot: slot, kind: .thread)
        return LuaTask(id: scheduler.nextID(), reference: reference, thread: thread, startArguments: count - 1)
    }

    /// Asks a task to end.
    ///
    /// A sleep or join that it is in fails at once with `CancellationError`; work that runs elsewhere is cancelled, and
    /// the task goes on when that has ended. One that has not started ends without running.
    public func cancel(_ task: LuaTask) {
        guard !task.isEnded, !task.isCancelled else { return }
        task.isCancelled = true
        task.onCancel?()
        guard task.isWaiting else {
            task.cancelOperation?()  // it blocks in one
            return
        }
        guard let wait = task.wait else { return wake(task) }
        switch wait.reason {
        case .operation where task.cancelOperation != nil: task.cancelOperation?()
        case .operation, .deadline, .task:
            wait.failure = CancellationError()
            wake(task)
        }
    }

    /// Calls `action` on this thread once the clock's uptime has reached `deadline`, while a run is under way. It must
    /// not run Lua, but may spawn tasks. A timer keeps ``runUntilIdle()`` going.
    @discardableResult
    public func schedule(atUptime deadline: Duration, _ action: @escaping () -> Void) -> LuaTimer {
        let timer = LuaTimer(scheduler.timers.cancellations, action)
        scheduler.timers.insert(.timer(timer), at: deadline)
        return timer
    }

    /// The task whose binding runs now.
    public var currentTask: LuaTask? { runningTask }

    var runningTask: LuaTask? { vl_running_task(handle).map { LuaTask.from($0) } }

    /// How many tasks have not ended.
    public var liveTaskCount: Int { scheduler.tasks.count }

    /// What a finished task returned.
    ///
    /// - Throws: the error it ended with; `LuaError` of kind `memory`.
    public func results(of task: LuaTask) throws -> [LuaValue] {
        try checkUsable()
        if let failure = task.failure { throw failure }
        let first = lua_gettop(task.thread) - task.resultCount + 1
        return try (0..<task.resultCount).map { try LuaView(state: task.thread, index: first + $0).value() }
    }

    /// Ends the wait of a task: it is its turn again.
    func wake(_ task: LuaTask) {
        task.waitID = 0
        task.cancelOperation = nil
        vl_ready_append(handle, task.record)
    }

    // MARK: one turn of a task

    /// Does what the task that has just run wants.
    func settle(_ task: LuaTask, _ outcome: Int32) {
        switch Int(outcome) {
        case VL_TASK_WAITING: begin(task)
        case VL_TASK_DONE:
            vl_task_finished(task.thread)
            end(task, nil)
        case VL_TASK_FAILED: end(task, failure(of: task))
        case VL_TASK_UNSTARTED: end(task, thrown(CancellationError()))
        default:
            var error = interruption()
            error.traceback = traceback(of: task.thread)
            end(task, error)
        }
    }

    /// The error on top of a task that has failed, with where it was raised; closes its pending variables.
    private func failure(of task: LuaTask) -> LuaError {
        let top = lua_gettop(task.thread)
        var error = takeError(task.thread, status: lua_status(task.thread), at: top)
        error.traceback = traceback(of: task.thread)
        if !vl_task_close(handle, task.thread), !vl_interrupted(handle) {
            let closing = takeError(task.thread, status: LUA_ERRRUN, at: lua_gettop(task.thread))
            if closing.message != error.message { error = closing }
        }
        if let crossed = task.crossed, crossed.message == error.message, let inner = crossed.traceback {
            error.traceback = [error.traceback, "raised in another task:", inner].compactMap { $0 }.joined(separator: "\n")
        }
        return error
    }

    /// What an error of Swift looks like when it ends a task that never ran.
    private func thrown(_ error: any Error) -> LuaError {
        guard let value = try? build({ write(describeError(error), $0) }),
            let result = try? withReference(value, { takeError($0.state, status: LUA_ERRRUN, at: $0.index) })
        else { return .memory }
        return result
    }

    private func end(_ task: LuaTask, _ error: LuaError?) {
        task.noteEnd(error)
        scheduler.tasks[task.id] = nil
        for joiner in task.joiners { wake(joiner) }
        task.joiners = []
        let onEnd = task.onEnd
        task.onEnd = nil
        task.onCancel = nil
        onEnd?(task)
    }

    // MARK: waiting

    /// Starts the wait that a task has just yielded for.
    private func begin(_ task: LuaTask) {
        task.record.pointee.phase = UInt8(VL_WAITING)
        task.waitID = scheduler.nextID()
        guard let wait = task.wait else { return sleep(task, until: task.record.pointee.deadline.duration) }
        switch wait.reason {
        case .deadline(let deadline): sleep(task, until: deadline)
        case .operation(let start): beginOperation(start, task)
        case .task(let other):
            if other.isEnded { return wake(task) }
            other.joiners.append(task)
        }
    }

    private func sleep(_ task: LuaTask, until deadline: Duration) {
        if deadline <= .zero || deadline <= clock.uptime { return wake(task) }
        scheduler.timers.insert(.task(task, id: task.waitID), at: deadline)
    }
}

extension LuaCall {
    /// Makes a task of a function on the stack; see ``LuaHost/spawn(_:name:arguments:)``.
    ///
    /// - Throws: `LuaError` of kind `memory`.
    public func spawn(
        _ function: LuaView, name: String? = nil, arguments: (LuaWriter) throws -> Void = { _ in }
    ) throws -> LuaTask {
        let reference = try function.reference()
        return try host.spawn(reference, name: name, arguments: arguments)
    }

    /// Returns what a finished task returned.
    ///
    /// - Throws: the error that the task ended with.
    public func returnResults(of task: LuaTask) throws -> LuaOutcome {
        if let failure = task.failure {
            host.currentTask?.crossed = failure
            throw failure
        }
        let state: OpaquePointer = raw.pointee.L
        let count = task.resultCount
        guard lua_checkstack(state, count + 4) != 0, lua_checkstack(task.thread, 4) != 0 else { throw LuaError.memory }
        _ = vl_argument_count(raw)
        let first = lua_gettop(task.thread) - count + 1
        for offset in 0..<count {
            lua_pushvalue(task.thread, first + offset)
            lua_xmove(task.thread, state, 1)
            vl_put_stack(raw, lua_gettop(state))
        }
        return .values
    }
}
