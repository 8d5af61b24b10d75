import FleetControl
import LuaEngine
import VastAPI

/// `vast.budget{…}`
extension Runtime {
    static let budgetDeclarations = [
        Declaration(name: "budget", summary: "stops in a declared order what costs more than a day, a month or the credit allows; returns a job") { runtime in
            { [unowned runtime] in try runtime.budget($0) }
        }
    ]

    private func budget(_ call: borrowing LuaCall) throws -> LuaOutcome {
        let order = try BudgetOrder(call)
        let function = try host.build { writer in
            writer.function("vast.budget") { [unowned self] call in try BudgetTick(self, order).begin(call) }
        }
        let job = Job(
            name: order.name, specification: "every \(LengthText.format(order.interval))", trigger: .every(order.interval),
            function: function, startsNow: true)
        try jobs.add(job)
        call.results.object(job, as: jobType)
        return .values
    }
}
