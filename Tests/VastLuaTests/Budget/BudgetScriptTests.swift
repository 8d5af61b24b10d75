import Foundation
import Testing
import VastAPI
import VastJSON

@testable import VastLua

@Suite("vast.budget") struct BudgetScriptTests {
    private func rates(_ on: Double, _ off: Double) -> JSONObject {
        ["instance": .object(["totalHour": .double(on)]), "search": .object(["totalHour": .double(on)]), "storage_total_cost": .double(off)]
    }

    private func row(_ id: Int64, _ label: String, _ rate: Double, _ fields: JSONObject = [:]) -> JSONObject {
        FakeFleet.row(id, rates(rate, 0).merging(["label": .string(label)]).merging(fields))
    }

    @Test("over its limit it stops in the declared order, tells why, and leaves the rest and what is labelled [keep]")
    func order() async throws {
        let rows = [row(1, "prod", 5), row(2, "train-a", 2), row(3, "dev-a", 1), row(4, "dev-b [keep]", 9), row(5, "scratch", 1)]
        let (run, fleet) = try await runJobs(
            """
            vast.budget {per_day = 24 * 15.5, order = {{label = "dev*"}, {label = {"scratch", "train*"}}},
              notify = function(b) out = {b.rate, b.allowed, b.why, #b.stops} end}
            """, for: .seconds(100), on: rows)
        #expect(run.error == nil && run.jobFailure == nil)
        #expect(fleet.orders.map { "\($0.verb) \($0.ids)" } == ["stop [3, 2]"])
        #expect(run.texts == ["18.0", "15.5", "per_day = 372.0", "2"])
        #expect(fleet.orders[0].decision.reasons[3]?.contains("$18.00/h are more than the $15.50/h") == true)
    }

    @Test("within its limits it does nothing, and an unknown rate makes the bill a lower bound that is told")
    func within() async throws {
        let rows = [row(1, "dev-a", 5), FakeFleet.row(2, ["label": "dev-b", "instance": nil, "dph_total": nil, "search": nil])]
        let (run, fleet) = try await runJobs("vast.budget {per_day = 121, order = {{label = 'dev*'}}}", for: .seconds(100), on: rows)
        #expect(run.error == nil && fleet.orders.isEmpty)
    }

    @Test("whoever is told of an excess learns whether the bill is a lower bound, and so does the reason", arguments: [true, false])
    func lowerBound(isKnown: Bool) async throws {
        let unknown: JSONObject = ["label": "dev-b", "instance": nil, "dph_total": nil, "search": nil]
        let rows = [row(1, "dev-a", 5), isKnown ? row(2, "dev-b", 1) : FakeFleet.row(2, unknown)]
        let (run, fleet) = try await runJobs(
            """
            vast.budget {per_day = 24, order = {{label = 'dev*'}}, notify = function(b) out = {tostring(b.is_lower_bound), b.rate} end}
            """, for: .seconds(100), on: rows)
        #expect(run.texts == (isKnown ? ["false", "6.0"] : ["true", "5.0"]))
        let reason = fleet.orders.first?.decision.reasons[1] ?? ""
        #expect(reason.contains(isKnown ? "budget: $6.00/h are more than" : "budget: at least $5.00/h are more than"), "\(reason)")
    }

    @Test(
        "what is missing or misspelt is refused",
        arguments: [
            ("{order = {{label = 'a'}}}", "per_day, per_month or runway"), ("{per_day = 1}", "order says what is stopped first"),
            ("{per_day = 1, order = {{}}}", "leaves nothing out"),
            ("{per_day = 1, order = {{id = 1}, {lable = 'a'}}}", "vast.budget: order: unknown field 'lable', did you mean 'label'?"),
            ("{per_day = -1, order = {{label = 'a'}}}", "an amount in $"),
            ("{per_dya = 1}", "did you mean 'per_day'"), ("{per_day = 1, order = {{where = function() end}}}", "has a function"),
            ("{per_day = 1, order = {'dev*'}}", "is a query")
        ])
    func refused(table: String, message: String) async throws {
        let run = try await runJobs(
            "out = {tostring(select(2, pcall(vast.budget, \(table))))}", for: .seconds(1), options: .init(jobMode: .once)
        ).0
        #expect(run.texts[0].contains(message), "\(run.texts)")
    }
}
