import FleetSafety
import LuaEngine
import VastAPI

/// On what grounds a script changes something.
extension FleetModule {
    /// Where the call stands, and in which firing of a job.
    func decision(_ call: borrowing LuaCall) -> Decision {
        Decision(line: call.position?.description, scope: runtime.tasks.scopes.scope(of: host.currentTask))
    }

    /// A script reads a field of an instance; only plans want to know.
    func noteRead(_ name: String, of id: InstanceID) {
        if runtime.options.isPlanning { seenFields[id, default: []].insert(name) }
    }

    /// A query has looked at fields of everything that it means.
    func noteRead(_ query: Query, of rows: [Instance]) {
        guard runtime.options.isPlanning else { return }
        let names = query.conditions.map(\.field).filter { $0 != "id" }
        guard !names.isEmpty else { return }
        for row in rows { seenFields[row.id, default: []].formUnion(names) }
    }
}
