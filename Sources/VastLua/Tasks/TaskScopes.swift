import LuaEngine

/// Which firing of a job each task belongs to: limits "per run" count every firing by itself, so that a process may live
/// for months. What belongs to none is of the main chunk, 0.
final class TaskScopes {
    private var scopes: [UInt64: UInt64] = [:]

    /// The scope of a task; nil: the main chunk.
    func scope(of task: LuaTask?) -> UInt64 { task.flatMap { scopes[$0.id] } ?? 0 }

    /// A firing begins.
    func begin(_ task: LuaTask) { scopes[task.id] = task.id }

    /// A task belongs to the firing that made it.
    func adopt(_ task: LuaTask, into scope: UInt64) {
        if scope != 0 { scopes[task.id] = scope }
    }

    func end(_ task: LuaTask) { scopes[task.id] = nil }
}
