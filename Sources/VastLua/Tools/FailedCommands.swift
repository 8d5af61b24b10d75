import LuaEngine

/// The programs that have failed in a task while somebody was watching: what comes before a stop must not fail quietly.
final class FailedCommands {
    private var failures: [UInt64: String?] = [:]

    func begin(_ task: LuaTask?) { if let task { failures[task.id] = .some(nil) } }

    func note(_ text: String, by task: LuaTask?) {
        guard let task, failures.keys.contains(task.id) else { return }
        failures[task.id] = text
    }

    /// What has failed last.
    func end(_ task: LuaTask?) -> String? { task.flatMap { failures.removeValue(forKey: $0.id) } ?? nil }
}
