internal import FleetClock

/// What a host knows about its tasks; which of them are ready, and which one runs, the bridge knows.
final class LuaScheduler {
    /// Who gets word that an operation has ended.
    enum Waiter {
        case task(LuaTask)
        case blocked
    }

    var tasks: [UInt64: LuaTask] = [:]
    var timers = LuaTimerHeap()
    /// The operations under way; those that wait for one of them to end.
    var operations: [UInt64: Waiter] = [:]
    var queue = LuaOperationQueue()
    var operationLimit = 256
    /// Operations that were cancelled when their task was dropped, and have not ended yet.
    var abandoned: Set<UInt64> = []
    /// The wait that blocks the thread; 0 when there is none, or it has ended.
    var blockingID: UInt64 = 0
    /// How many runs are under way, one inside the other.
    var depth = 0
    /// The deadline that the ticker sleeps for.
    var ticker: (deadline: Duration, alarm: FleetAlarm)?
    /// The tasks in which a run waits for another, one on top of the other.
    var blockers: [(task: LuaTask, target: LuaTask)] = []
    /// Turns since the thread was last idle.
    var busyRounds = 0
    private var lastID: UInt64 = 0

    func nextID() -> UInt64 {
        lastID += 1
        return lastID
    }
}
