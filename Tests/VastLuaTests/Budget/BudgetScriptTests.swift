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
        let (run, fleet) = try await runJobs("""
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

    @Test("what is missing or misspelt is refused", arguments: [
        ("{order = {{label = 'a'}}}", "per_day, per_month or runway"), ("{per_day = 1}", "order says what is stopped first"),
        ("{per_day = 1, order = {{}}}", "leaves nothing out"), ("{per_day = -1, order = {{label = 'a'}}}", "an amount in $"),
        ("{per_dya = 1}", "did you mean 'per_day'"), ("{per_day = 1, order = {{where = function() end}}}", "has a function"), ("{per_day = 1, order = {'dev*'}}", "is a query"),
    ])
    func refused(table: String, message: String) async throws {
        let run = try await runJobs("out = {tostring(select(2, pcall(vast.budget, \(table))))}", for: .seconds(1), options: .init(jobMode: .once)).0
        #expect(run.texts[0].contains(message), "\(run.texts)")
    }
}

@Suite("vast.signal") struct SignalScriptTests {
    private func verdict(_ signal: String, _ option: String = "signals = {queue = true}") async throws -> JobRun {
        try await runJobs("""
            vast.signal("queue", \(signal))
            vast.observe("1h", {every = "1m"})
            local idle, why = vast.instance(12):is_idle("45m", {\(option)})
            out = {tostring(idle), why or ""}
            """, for: .seconds(7_200), options: .init(jobMode: .once)).0
    }

    @Test("an instance is idle only where its own signals say so; errors, time-outs and anything odd are unknown", arguments: [
        ("function(i) return i.id == 12 end", "true", ""), ("function() return false end", "false", "queue: work 0s ago"),
        ("function() return nil, 'no answer' end", "nil", "queue: no answer"), ("function() error('boom') end", "nil", "boom"),
        ("function() return 1 end", "nil", "neither true nor false"), ("function() vast.http.get('http://127.0.0.1:1/') end", "nil", "no connection"),
    ])
    func answers(signal: String, idle: String, why: String) async throws {
        let run = try await verdict(signal)
        #expect(run.error == nil && run.texts[0] == idle && (why.isEmpty || run.texts[1].contains(why)), "\(run)")
    }

    @Test("a signal that is not asked for is not called; work that it has shown within the window counts")
    func window() async throws {
        #expect(try await verdict("function() error('no') end", "below = 5").texts == ["true", ""])
        let run = try await runJobs("""
            local busy = true
            vast.signal("queue", function() return not busy end)
            vast.observe("1h", {every = "1m"})
            local function ask() return tostring(vast.instance(12):is_idle("45m", {signals = {queue = true}})) end
            out = {ask()}
            busy = false
            vast.observe("10m", {every = "1m"}) out[2] = ask()
            vast.observe("40m", {every = "1m"}) out[3] = ask()
            """, for: .seconds(1), options: .init(jobMode: .once)).0
        #expect(run.texts == ["false", "false", "true"])
    }

    @Test("built-in names are taken, and unknown ones are told")
    func names() async throws {
        let run = try await runJobs("""
            out = {tostring(select(2, pcall(vast.signal, "cpu", print))),
              tostring(select(2, pcall(function() return vast.instance(12):is_idle("45m", {signals = {quue = true}}) end)))}
            """, for: .seconds(1), options: .init(jobMode: .once)).0
        #expect(run.texts[0].contains("give yours another name") && run.texts[1].contains("signal"))
    }
}

@Suite("inst:set_wish") struct WishEditingTests {
    @Test("it writes one wish, reads it again, and gives the instance as it is now")
    func writing() async throws {
        let (run, fleet) = try await runJobs("""
            local inst = vast.instance(12)
            inst = inst:set_wish("lease", "8h") out = {inst.label}
            out[2] = inst:set_wish("keep", true).label
            out[3] = vast.instance(12):set_wish("lease").label
            out[4] = vast.instance(12):set_wish("lease").label
            """, for: .seconds(1), on: [FakeFleet.row(12, ["label": "a [v2]"])], options: .init(jobMode: .once))
        #expect(run.error == nil)
        #expect(run.texts == ["a [v2] [lease=8h]", "a [v2] [lease=8h keep]", "a [v2] [keep]", "a [v2] [keep]"])
        #expect(fleet.orders.count == 3)
    }

    @Test("what somebody else writes elsewhere in the label stays; the same wish changed by somebody else, and a write that is overwritten, are conflicts")
    func others() async throws {
        let script = "local inst = vast.instance(12) local ok, e = pcall(inst.set_wish, inst, 'lease', '8h') out = {ok and e.label or e.kind, tostring(e)}"
        func run(_ edit: @escaping @Sendable (Int, inout [InstanceID: JSONObject]) -> Void) async throws -> [String] {
            try await runJobs(
                script, for: .seconds(1), on: [FakeFleet.row(12, ["label": "a [lease=1h]"])], options: .init(jobMode: .once),
                prepare: { fleet in fleet.state.withLock { $0.beforeShow = edit } }).0.texts
        }
        #expect(try await run { if $0 == 2 { $1[12]?["label"] = "b [lease=1h]" } }[0] == "b [lease=8h]")
        #expect(try await run { if $0 == 2 { $1[12]?["label"] = "a [lease=2h]" } }[0] == "conflict")
        let lost = try await run { if $0 == 3 { $1[12]?["label"] = "mine" } }
        #expect(lost[0] == "conflict" && lost[1].contains("'mine'"))
    }
}
