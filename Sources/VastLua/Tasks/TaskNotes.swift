import LuaEngine

/// What happens in a task while somebody watches it: kept from `begin` to `end`, and dropped where nobody does.
final class TaskNotes<Note> {
    private var notes: [UInt64: [Note]] = [:]

    func begin(_ task: LuaTask?) { if let task { notes[task.id] = [] } }

    func note(_ note: @autoclosure () -> Note, by task: LuaTask?) {
        guard let task, notes[task.id] != nil else { return }
        notes[task.id]?.append(note())
    }

    /// What was noted since it began.
    func end(_ task: LuaTask?) -> [Note] { task.flatMap { notes.removeValue(forKey: $0.id) } ?? [] }
}
