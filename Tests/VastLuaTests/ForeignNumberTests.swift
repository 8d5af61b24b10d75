import FleetClock
import FleetSafety
import LuaEngine
import Testing
import VastAPI
import VastJSON

@testable import VastLua

@Suite("Numbers of rows in scripts")
struct ForeignNumberTests {
    static let numbers: [JSONValue] = [
        .double(1e308), .double(-1e308), .double(1e19), .double(-1e19), .double(9.3e18), .double(-9.3e18), .integer(.max), .integer(.min),
        .unsigned(9_223_372_036_854_775_808), .unsigned(.max), .double(1e30), .double(1e-320), .integer(0), .double(-0.0), .string("NaN"),
        .integer(-1), .null
    ]

    /// Every field that the service documents as a number, but the id.
    static let fields =
        FieldDeclaration.serviceInstanceFields.filter {
            $0.name != "id" && ($0.type.contains("number") || $0.type.contains("integer"))
        }.map(\.name) + ["dph_total", "storage_total_cost", "mem_usage", "inet_up", "inet_down"]

    /// A row for each field and number, and one for each number in the prices.
    static var rows: [JSONObject] {
        var rows: [JSONObject] = []
        for number in numbers {
            for field in Set(fields).sorted() { rows.append(FakeFleet.row(Int64(rows.count + 1), [field: number])) }
            let price: JSONValue = ["totalHour": number, "diskHour": number]
            rows.append(FakeFleet.row(Int64(rows.count + 1), ["instance": price, "search": price]))
        }
        return rows
    }

    @Test("lists, tables, cards, pairs, sums and orders take every number in every field")
    func showing() async throws {
        let rows = Self.rows
        #expect(Self.fields.count > 40 && rows.count > 700)
        let result = try await values(
            """
            local all, texts = vast.instances(), 0
            texts = texts + #tostring(all) + #vast.inspect(all, {depth = 3})
            for _, i in ipairs(all) do
              texts = texts + #tostring(i) + #vast.inspect(i)
              for name, value in pairs(i) do texts = texts + #name + #tostring(value) end
              local risk = i:stop_risk()
              texts = texts + #table.concat(risk.risks, "; ") + #tostring(risk.ends_in) + #tostring(risk.storage_rate)
              local idle, why = i:is_idle("30m")
              texts = texts + #tostring(idle) + #tostring(why) + #i:history() + #tostring(i:running_for())
              texts = texts + #vast.json.encode({i.age or 0, i.ends_in or 0, i.rate or 0})
            end
            return #all, texts > 0
            """, on: rows)
        #expect(result == [.integer(Int64(rows.count)), .boolean(true)])
    }

    @Test("every row is a card, a line of a table and a JSON object that reads back")
    func exports() throws {
        var instances: [Instance] = []
        for row in Self.rows {
            let document = try JSONDocument(parsing: try JSONValue.object(row).serialized())
            let instance = try #require(Instance(row: document.root, observedAt: .init(timeIntervalSince1970: 1_795_000_000)))
            instances.append(instance)
            #expect(InstanceCard(instance).text.contains("age"))
            let bytes = try JSONValue.object(InstanceExport.json(instance)).serialized()
            #expect(try JSONDocument(parsing: bytes).root["id"]?.integral == instance.id.rawValue)
            #expect(try JSONDocument(parsing: JSONValue.object(InstanceFacts(instance).json).serialized()).root["id"] != nil)
        }
        let lines = FleetTable(instances).text.split(separator: "\n")
        #expect(lines.count == instances.count + 2)
    }

    @Test("idle verdicts are given over time, a policy judges, and a budget is reckoned: every number in every field")
    func judging() async throws {
        let (run, _) = try await runJobs(
            """
            vast.policy {name = "idle", all = true, action = "stop", grace = "5m", max = 3, overflow = "oldest",
                when = function(i) return i:is_idle("30m", {warm_up = 0, signals = {cpu = 10, network = 5, disk = 1, temperature = 60}}) end}
            vast.budget {per_day = 5, per_month = 100, order = {{label = "nobody"}}, every = "10m"}
            """, for: .seconds(3_000), on: Self.rows)
        #expect(run.error == nil && run.jobFailure == nil, "\(run.error ?? "") \(run.jobFailure ?? "")")
    }

    @Test("samples of every number in every field are kept on the disk and come back")
    func samples() async throws {
        let place = StatePlace()
        let rows = Self.rows
        for _ in 0..<2 {
            let (run, _) = try await runJobs(
                """
                for _, i in ipairs(vast.instances()) do out[1] = (out[1] or 0) + #i:history{since = "24h"} end
                """, for: .seconds(1), on: rows, memory: place.memory, state: place.state)
            #expect(run.error == nil, "\(run.error ?? "")")
            #expect(run.texts == ["\(rows.count)"])
        }
    }

    @Test("lengths, dates and counts of a script are refused or taken, and never trap: 323 calls")
    func luaNumbers() async throws {
        let numbers = [
            "1e308", "-1e308", "1e19", "9.3e18", "math.maxinteger", "math.mininteger", "2^63", "1e-320", "-0.0", "0/0", "1/0", "-1/0",
            "-1", "'1e300'", "'99999999999999999999d'", "'NaN'", "nil", "3e10"
        ]
        // Each with a value that it takes.
        let calls = [
            ("vast.every(N, print)", "60"), ("vast.at(N, print)", "2e9"), ("vast.cron('@daily', print, {max_late = N})", "60"),
            ("vast.calendar('@daily'):next(N)", "0"), ("vast.calendar('@daily'):next(0, N)", "2"),
            ("vast.hours('Mon-Fri 8:00-18:00'):contains(N)", "0"), ("vast.hours('Mon-Fri 8:00-18:00'):next_on(N)", "0"),
            ("vast.instance(12):is_idle(N)", "60"), ("vast.instance(12):history{since = N}", "60"), ("vast.inspect({}, {depth = N})", "3"),
            ("vast.instances{id = N}", "12"), ("vast.instances{gpu_util = N}", "0.5"), ("vast.instance(N)", "12"),
            ("vast.guard{max_stops = N}", "3"), ("vast.guard{max_rate_added = N}", "3"),
            ("vast.budget{per_day = N, name = tostring(n), order = {{label = 'x'}}}", "5"),
            ("vast.policy{name = 'p' .. n, all = true, action = 'stop', when = print, max = N, grace = N}", "60")
        ]
        func line(_ call: String, _ number: String) -> String {
            "n = n + 1 taken = pcall(function() \(call.replacing("N", with: "(\(number))")) end)"
        }
        let script = calls.map { call, good in
            "\(line(call, good)) assert(taken, [[\(call)]])\n" + numbers.map { line(call, $0) }.joined(separator: "\n")
        }
        let (ending, _) = try await run("n = 0\n\(script.joined(separator: "\n"))\nreturn n", options: .init(jobMode: .once))
        #expect(ending.values == [.integer(323)], "\(ending.text)")
    }
}
