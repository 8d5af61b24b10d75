/// What a host knows about its tasks.
struct LuaScheduler {
    /// Who gets word that an operation has ended.
    enum Waiter {
        case task(LuaTask)
        case blocked
    }

    var tasks: [UInt64: LuaTask] = [:]
    var running: LuaTask?
    var timers = LuaTimerHeap()
    var operations: [UInt64: Waiter] = [:]
    /// Operations that were cancelled when their task was dropped, and have not ended yet.
    var abandoned: Set<UInt64> = []
    /// Blocking waits that have ended.
    var unblocked: Set<UInt64> = []
    /// How many runs are under way, one inside the other.
    var depth = 0
    /// The deadline that the ticker sleeps for.
    var ticker: (deadline: Duration, task: Task<Void, Never>)?
    private var lastID: UInt64 = 0
    private var ready: [LuaTask] = []
    private var readyStart = 0

    mutating func nextID() -> UInt64 {
        lastID += 1
        return lastID
    }

    var hasReady: Bool { readyStart < ready.count }

    mutating func enqueue(_ task: LuaTask) {
        task.state = .ready
        ready.append(task)
    }

    /// The task whose turn it is.
    mutating func dequeue() -> LuaTask? {
        guard hasReady else { return nil }
        let task = ready[readyStart]
        readyStart += 1
        if readyStart == ready.count {
            ready.removeAll(keepingCapacity: true)
            readyStart = 0
        } else if readyStart > 64, readyStart * 2 > ready.count {
            ready.removeFirst(readyStart)
            readyStart = 0
        }
        return task
    }

    mutating func removeReady() {
        ready.removeAll()
        readyStart = 0
    }
}
