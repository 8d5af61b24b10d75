internal import FleetClock

/// Work that runs elsewhere, while a task waits for it.
extension LuaHost {
    /// How many operations may run at the same time. A wait beyond that is a value in a queue, not a piece of work under
    /// way: ten thousand tasks that all make a call take little more memory than ten thousand that sleep.
    public var operationLimit: Int {
        get { scheduler.operationLimit }
        set {
            precondition(newValue > 0, "no operation could ever run")
            scheduler.operationLimit = newValue
        }
    }

    /// Starts the work that `task` waits for, or puts it in the queue.
    func beginOperation(_ start: @escaping LuaWait.Start, _ task: LuaTask) {
        guard scheduler.operations.count < scheduler.operationLimit else {
            return scheduler.queue.append(LuaQueuedOperation(task: task, waitID: task.waitID, start: start))
        }
        scheduler.operations[task.waitID] = .task(task)
        task.cancelOperation = startOperation(start, id: task.waitID)
    }

    /// Starts what has waited longest, as far as the limit allows.
    func startQueuedOperations() {
        while scheduler.operations.count < scheduler.operationLimit, let next = scheduler.queue.takeFirst() {
            guard next.task.waitID == next.waitID else { continue }  // it was cancelled meanwhile
            beginOperation(next.start, next.task)
        }
    }

    func startOperation(_ start: LuaWait.Start, id: UInt64) -> @Sendable () -> Void {
        if clock.isSystem { return start { [mailbox] in mailbox.post(id) } }
        let operation = FleetOperation()
        return FleetOperation.$current.withValue(operation) {
            clock.beginWork(.operation)
            return FleetWork.$current.withValue(.operation) {
                FleetWork.$order.withValue(id) {
                    start { [mailbox, clock] in
                        mailbox.post(id)
                        FleetOperation.$current.withValue(operation) { clock.endWork(.operation) }
                    }
                }
            }
        }
    }

    /// Takes note of the operations that have ended.
    func collectWord(blocking: Bool = false) {
        let ended = mailbox.take(blocking: blocking)
        for id in ended { note(id) }
        if !scheduler.queue.isEmpty { startQueuedOperations() }
    }

    private func note(_ id: UInt64) {
        switch scheduler.operations.removeValue(forKey: id) {
        case .task(let task)? where task.waitID == id: wake(task)
        case .blocked?: unblock(id)
        default: scheduler.abandoned.remove(id)
        }
    }
}

/// An operation whose turn has not come.
struct LuaQueuedOperation {
    let task: LuaTask
    let waitID: UInt64
    let start: LuaWait.Start
}

/// First in, first out.
struct LuaOperationQueue {
    private var entries: [LuaQueuedOperation?] = []
    private var first = 0

    var isEmpty: Bool { first == entries.count }

    mutating func append(_ entry: LuaQueuedOperation) { entries.append(entry) }

    mutating func takeFirst() -> LuaQueuedOperation? {
        guard !isEmpty else { return nil }
        let entry = entries[first]
        entries[first] = nil
        first += 1
        if first == entries.count {
            removeAll()
        } else if first > 64, first * 2 > entries.count {
            entries.removeFirst(first)
            first = 0
        }
        return entry
    }

    mutating func removeAll() {
        entries.removeAll()
        first = 0
    }
}
