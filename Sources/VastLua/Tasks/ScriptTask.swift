import LuaEngine

/// A task that the script has made with `vast.spawn`. What it fails with is raised by `join`; when nobody joins it, it
/// is told in the log, and the script has failed.
final class ScriptTask {
    let task: LuaTask
    private let onDrop: () -> Void

    /// - Parameter onDrop: called when the script cannot join it any more.
    init(_ task: LuaTask, onDrop: @escaping () -> Void) {
        self.task = task
        self.onDrop = onDrop
    }

    deinit { onDrop() }
}

/// Errors of tasks that nobody has joined.
final class UnjoinedFailures {
    private var failures: [UInt64: (name: String, error: LuaError)] = [:]
    private let report: (String, LuaError) -> Void

    init(report: @escaping (String, LuaError) -> Void) {
        self.report = report
    }

    func note(_ task: LuaTask, _ error: LuaError) { failures[task.id] = (task.name ?? "task \(task.id)", error) }

    /// Somebody has taken note of how the task ended.
    func settle(_ task: LuaTask) { failures[task.id] = nil }

    /// Nobody can join the task any more.
    func tell(_ task: LuaTask) {
        guard let (name, error) = failures.removeValue(forKey: task.id) else { return }
        report(name, error)
    }

    /// The script is at its end: tells all that is left, in the order of the tasks.
    func tellAll() {
        for (_, failure) in failures.sorted(by: { $0.key < $1.key }) { report(failure.name, failure.error) }
        failures.removeAll()
    }
}
