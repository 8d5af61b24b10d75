/// Which waits can never end.
extension LuaHost {
    /// Must be asked before a wait begins.
    ///
    /// - Throws: `CancellationError` in a task that was cancelled; `LuaConflict` when the wait is for a task that, however
    ///   far around, waits for the one that asks.
    func checkWait(_ wait: LuaWait, isCooperative: Bool) throws {
        let running = runningTask
        if let running, running.isCancelled { throw CancellationError() }
        guard case .task(let target) = wait.reason else { return }
        var seen: Set<UInt64> = []
        var open = [target]
        while let task = open.popLast() {
            if task === running { throw LuaConflict("the task would wait for itself") }
            guard !task.isEnded, seen.insert(task.id).inserted else { continue }
            if task.isRunning, !isCooperative {
                throw LuaConflict("cannot wait here for a task that is suspended below this call")
            }
            open += waitedFor(by: task)
        }
    }

    /// The tasks that must end before `task` can go on. One that blocks the thread waits for what it asked for, and for
    /// whatever those ask for who run on top of it.
    private func waitedFor(by task: LuaTask) -> [LuaTask] {
        if task.isRunning {
            guard let level = scheduler.blockers.firstIndex(where: { $0.task === task }) else { return [] }
            return scheduler.blockers[level...].map(\.target)
        }
        guard case .task(let target)? = task.wait?.reason else { return [] }
        return [target]
    }
}
