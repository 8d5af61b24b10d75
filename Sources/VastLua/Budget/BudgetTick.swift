import FleetRules
import LuaEngine
import VastAPI

/// One look at credit and bill, and what follows from it.
final class BudgetTick {
    private let runtime: Runtime
    private let order: BudgetOrder
    private var stops: [Instance] = []
    /// What the rows say, in $/h.
    private var rate = 0.0
    /// Whether some rows were not read, or do not say what they cost.
    private var isLowerBound = false
    private var bound = Budget.Bound(rate: .infinity, why: "")
    private var credit: Double?

    init(_ runtime: Runtime, _ order: BudgetOrder) {
        self.runtime = runtime
        self.order = order
    }

    func begin(_ call: borrowing LuaCall) throws -> LuaOutcome {
        guard order.budget.runway != nil else { return try read(call) }
        let service = try runtime.service()
        return call.wait(for: { try await service.user() }) { [self] call, user in
            credit = user.credit
            if credit == nil { log("the credit is not known; the runway is not looked at") }
            return try read(call)
        }
    }

    private func log(_ message: String) { runtime.logger.warning("budget '\(order.name)': \(message)") }

    private func read(_ call: borrowing LuaCall) throws -> LuaOutcome {
        call.wait(for: try runtime.fleet.reading(.all)) { [self] call, snapshot in
            let rows = runtime.fleet.note(snapshot)
            guard snapshot.isAuthoritative || runtime.options.acceptsIncomplete else {
                throw VastError(
                    .server, "the fleet could not be read whole; the bill is not known", hint: "to allow   --accept incomplete")
            }
            return try runtime.labels.tell(call) { [self] call in try judge(call, rows, isWhole: snapshot.isComplete) }
        }
    }

    /// The bill, such as `at least $3.10/h`.
    private var bill: String { (isLowerBound ? "at least " : "") + "\(USDPerHour(rate))" }

    /// What bills nothing has no rate; what bills an unknown amount makes the sum a lower bound.
    private func judge(_ call: borrowing LuaCall, _ rows: [Instance], isWhole: Bool) throws -> LuaOutcome {
        for query in order.order { try query.check(rows) }
        rate = rows.compactMap { $0.rate?.rawValue }.reduce(0, +)
        let unknown = rows.filter { $0.rate == nil && $0.billing != .none }.count
        isLowerBound = unknown > 0 || !isWhole
        let reasons = [
            isWhole ? nil : "the fleet was not read whole",
            unknown > 0 ? "the rate of \(unknown) instance\(unknown == 1 ? "" : "s") is not known" : nil
        ].compactMap(\.self)
        if isLowerBound { log("\(reasons.joined(separator: ", and ")); the bill is \(bill)") }
        guard let bound = order.budget.bound(credit: credit), rate > bound.rate + 1e-6 else { return .values }
        self.bound = bound
        choose(rows)
        return try tell(call) { [self] call in try act(call) }
    }

    private func choose(_ rows: [Instance]) {
        let byID = Dictionary(rows.map { ($0.id, $0) }) { first, _ in first }
        let candidates = rows.compactMap { instance -> Budget.Candidate<InstanceID>? in
            guard instance.state.isOn, let rank = order.order.firstIndex(where: { $0.matchesValues(instance) }),
                let now = instance.rate?.rawValue, let off = instance.rateOff?.rawValue
            else { return nil }
            if let objection = runtime.labels.objection(of: instance, now: runtime.now) {
                log("\(instance) keeps running: \(objection)")
                return nil
            }
            return .init(id: instance.id, rank: rank, saving: now - off)
        }
        let chosen = Budget.stops(from: rate, to: bound.rate, candidates)
        stops = chosen.compactMap { byID[$0.id] }
        let after = chosen.reduce(rate) { $0 - $1.saving }
        log("\(bill) are more than the \(USDPerHour(bound.rate)) of \(bound.why); \(stops.count) to stop")
        if after > bound.rate + 1e-6 {
            log("nothing more may be stopped: \(isLowerBound ? "at least " : "")\(USDPerHour(after)) remain")
        }
    }

    /// `notify` gets what is the matter: `{rate, allowed, credit, why, stops}`.
    private func tell(_ call: borrowing LuaCall, then body: @escaping LuaBinding) throws -> LuaOutcome {
        guard let notify = order.notify else { return try body(call) }
        return try call.protectedCall(
            notify,
            arguments: { [self] writer in
                writer.table(fields: 6, like: "vast.Excess", runtime.types) {
                    writer.field("rate") { writer.number(rate) }
                    writer.field("is_lower_bound") { writer.boolean(isLowerBound) }
                    writer.field("allowed") { writer.number(bound.rate) }
                    if let credit { writer.field("credit") { writer.number(credit) } }
                    writer.field("why") { writer.string(bound.why) }
                    writer.field("stops") { runtime.write(stops, from: .condition, writer) }
                }
            },
            then: { [self] call in
                if call.calleeFailed { log("notify failed: \(runtime.errors.trace(call.calleeError()))") }
                return try body(call)
            })
    }

    private func act(_ call: borrowing LuaCall) throws -> LuaOutcome {
        guard !stops.isEmpty else { return .values }
        return try call.call(
            try runtime.verbs.function(.stop),
            arguments: { [self] writer in
                let asks = order.order.contains { $0.conditions.contains { $0.field == FleetModule.utilizationField } }
                runtime.fleet.policyUtilization = asks ? Set(stops.map(\.id)) : []
                runtime.write(stops, from: .condition, writer)
                writer.table(fields: 2) {
                    // Its order says whom it may stop.
                    writer.field("all") { writer.boolean(true) }
                    writer.field("reason") {
                        writer.string(
                            "budget \(order.name): \(bill) are more than the \(USDPerHour(bound.rate)) of \(bound.why)")
                    }
                }
            },
            then: { _ in .values })
    }
}
