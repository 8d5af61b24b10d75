import FleetSafety
import LuaEngine
import VastAPI

/// On what grounds a script changes something.
extension FleetModule {
    /// Where the call stands, in which firing of a job, and whether it rests on how busy instances are.
    func decision(_ call: borrowing LuaCall, about ids: [InstanceID] = [], interrupting: Bool = false) -> Decision {
        var decision = Decision(line: call.position?.description, scope: runtime.tasks.scopes.scope(of: host.currentTask))
        if interrupting {
            let judged = policyUtilization ?? utilizationReads
            decision.usesUtilization = ids.contains(where: judged.contains)
        }
        policyUtilization = nil
        return decision
    }

    /// A script reads a field of an instance; only plans want to know all of them.
    func noteRead(_ name: String, of id: InstanceID) {
        if name == Self.utilizationField { utilizationReads.insert(id) }
        if runtime.options.isPlanning { seenFields[id, default: []].insert(name) }
    }

    /// A query has looked at fields of everything that it means.
    func noteRead(_ query: Query, of rows: [Instance]) {
        if query.conditions.contains(where: { $0.field == Self.utilizationField }) { utilizationReads.formUnion(rows.map(\.id)) }
        guard runtime.options.isPlanning else { return }
        let names = query.conditions.map(\.field).filter { $0 != "id" }
        guard !names.isEmpty else { return }
        for row in rows { seenFields[row.id, default: []].formUnion(names) }
    }

    /// What tells how busy an instance is.
    static let utilizationField = "gpu_util"
}
