extension LuaHost {
    /// Asks every task to end as soon as what it is doing is done: a sleep or join fails at once with
    /// `CancellationError`, work that runs elsewhere goes on to its end, and the next wait after it fails.
    ///
    /// - Parameter exceptions: tasks that are left alone.
    public func windDown(except exceptions: [LuaTask] = []) {
        for task in scheduler.tasks.values.sorted(by: { $0.id < $1.id }) {
            guard !exceptions.contains(where: { $0 === task }) else { continue }
            if case .waiting = task.state, case .operation? = task.wait?.reason {
                task.isCancelled = true
                task.onCancel?()
            } else {
                cancel(task)
            }
        }
    }
}
