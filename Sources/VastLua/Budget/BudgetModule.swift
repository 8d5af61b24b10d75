import FleetRules
import LuaEngine
import VastAPI

/// `vast.budget{…}`
final class BudgetModule: RuntimeModule {
    func budget(_ call: borrowing LuaCall) throws -> LuaOutcome {
        let order = try BudgetOrder(call)
        let function = try host.build { writer in
            writer.function("vast.budget", bound { try BudgetTick($0.runtime, order).begin($1) })
        }
        let job = Job(
            name: order.name, specification: "every \(DurationFormat.format(order.interval))", trigger: .every(order.interval),
            function: function, startsNow: true)
        try runtime.jobs.add(job)
        call.results.object(job, as: runtime.jobs.jobType)
        return .values
    }
}
