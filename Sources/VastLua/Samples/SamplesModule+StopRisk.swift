import FleetSafety
import LuaEngine
import VastAPI

/// `inst:stop_risk()`
extension SamplesModule {
    /// What a stop puts at risk: `{storage_rate=, interruptible=, ends_in=, starts=, refused_starts=, risks={…}}`; what is
    /// not known is nil.
    func stopRisk(_ call: borrowing LuaCall) throws -> LuaOutcome {
        let instance = try runtime.fleet.receiver(call)
        let (starts, risks, writer) = (kept.starts(of: instance), stopRisks(of: instance), call.results)
        writer.table(fields: 6, like: "vast.StopRisk", runtime.types) {
            if let rate = instance.rateOff { writer.field("storage_rate") { writer.number(rate.rawValue) } }
            if let flag = instance.isInterruptible { writer.field("interruptible") { writer.boolean(flag) } }
            if let end = instance.endDate { writer.field("ends_in") { writer.number(end.timeIntervalSince1970 - now) } }
            if let starts {
                writer.field("starts") { writer.integer(starts.tried) }
                writer.field("refused_starts") { writer.integer(starts.refused) }
            }
            writer.field("risks") {
                writer.table(array: risks.count) {
                    for (index, risk) in risks.enumerated() { writer.element(index + 1) { writer.string(risk) } }
                }
            }
        }
        return .values
    }

    /// The same in words.
    func stopRisks(of instance: Instance) -> [String] {
        let circumstances = ChangeRisk.Circumstances(now: now, starts: kept.starts(of: instance))
        return Change.Verb.stop.rules.risks(InstanceFacts(instance), nil, circumstances).map(\.text)
    }
}
