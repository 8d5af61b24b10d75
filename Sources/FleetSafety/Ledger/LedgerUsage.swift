package import FleetRules
import VastAPI

/// The changes that count against limits.
struct LedgerUsage {
    private struct Entry {
        var entry: GuardEntry
        let scope: UInt64
        let call: Int
    }

    /// How long the changes of a firing are remembered, in seconds; those of the main chunk always are.
    private static let memory = 86_400.0
    private static let hour = 3_600.0

    private var entries: [Entry] = []

    /// Those of the main chunk, or of one firing of a job.
    func counted(in scope: UInt64) -> [GuardEntry] { entries.lazy.filter { $0.scope == scope }.map(\.entry) }

    /// Those of the last hour.
    func counted(at now: Double) -> [GuardEntry] { entries.lazy.filter { now - $0.entry.time < Self.hour }.map(\.entry) }

    mutating func add(_ added: [GuardEntry], scope: UInt64, call: Int, at now: Double) {
        for var entry in added {
            entry.time = now
            entries.append(Entry(entry: entry, scope: scope, call: call))
        }
    }

    mutating func noteAnswered(_ id: InstanceID, call: Int, at now: Double) {
        for index in entries.indices where entries[index].call == call && entries[index].entry.id == id {
            entries[index].entry.answered = now
        }
    }

    /// It has certainly not happened.
    mutating func remove(_ id: InstanceID, call: Int) { entries.removeAll { $0.call == call && $0.entry.id == id } }

    /// A call has ended: only what was sent of it counts on.
    mutating func release(call: Int, keeping sent: Set<InstanceID>) {
        entries.removeAll { $0.call == call && !sent.contains($0.entry.id) }
    }

    mutating func forget(at now: Double) { entries.removeAll { $0.scope != 0 && now - $0.entry.time > Self.memory } }
}
