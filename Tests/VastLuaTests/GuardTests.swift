import FleetClock
import FleetRules
import FleetSafety
import FleetStore
import LuaEngine
import Synchronization
import Testing
import VastAPI
import VastJSON
import VastLua

/// Runs a script behind a guard of its own.
private func runGuarded(
    _ script: String, on rows: [JSONObject], ceilings: [(name: String, limits: GuardLimits)] = [],
    prepare: (FakeFleet) -> Void = { _ in }
) async throws -> (Ending, FakeFleet) {
    let box = Box()
    var settings = GuardMiddleware.Settings()
    settings.ceilings = ceilings
    return try await run(
        script, on: rows, options: Runtime.Options(limit: { try box.guarded?.limit($0) ?? [] }),
        prepare: prepare,
        chain: { fleet in
            let made = GuardMiddleware(fleet, books: ChainBooks(), clock: fleet.clock, settings: settings)
            box.set(made)
            return made
        })
}

/// Where the guard of a run is put once it is made.
private final class Box: Sendable {
    private let value = Mutex<GuardMiddleware?>(nil)
    var guarded: GuardMiddleware? { value.withLock { $0 } }
    func set(_ guarded: GuardMiddleware) { value.withLock { $0 = guarded } }
}

@Suite("vast.guard, and the guard before every change")
struct GuardBindingTests {
    private static func rows(_ count: Int64) -> [JSONObject] { (1...count).map { FakeFleet.row($0) } }

    @Test("eleven stops of a fleet of twelve are refused as a whole, and the message shows the line that allows them")
    func builtIn() async throws {
        let (ending, fleet) = try await runGuarded("vast.stop{1,2,3,4,5,6,7,8,9,10,11}", on: Self.rows(12))
        #expect(ending.kind == "guard")
        #expect(ending.text.contains("script.lua:1: 11 stops asked, limit 10 (built in)"))
        #expect(ending.text.contains("\n  to allow   vast.guard{max_stops=11}"))
        #expect(fleet.orders.isEmpty)
    }

    @Test("what a script allows itself goes through, and counts over its calls")
    func own() async throws {
        let (ending, fleet) = try await runGuarded(
            "vast.guard{max_stops = 3} vast.stop{1,2} vast.stop{3} return (pcall(vast.stop, 4))", on: Self.rows(12))
        #expect(ending.values == [.boolean(false)])
        #expect(fleet.orders.flatMap(\.ids) == [1, 2, 3])
    }

    @Test("zero means zero", arguments: ["max_stops", "max_changes", "max_fraction", "max_rate_interrupted", "max_gpus_interrupted"])
    func zero(limit: String) async throws {
        let (ending, fleet) = try await runGuarded("vast.guard{\(limit) = 0} vast.stop(1)", on: Self.rows(3))
        #expect(ending.kind == "guard")
        #expect(fleet.orders.isEmpty)
    }

    @Test("a ceiling holds over what the script asks for")
    func ceiling() async throws {
        let (ending, fleet) = try await runGuarded(
            "vast.guard{max_stops = 50} vast.stop{1,2}", on: Self.rows(12),
            ceilings: [("command line", GuardLimits([.maxStops: 1]))])
        #expect(ending.kind == "guard")
        #expect(ending.text.contains("limit 1 (command line)"))
        #expect(fleet.orders.isEmpty)
    }

    @Test("a bare id is looked at before it is stopped, so that its label protects it")
    func protection() async throws {
        let rows = [FakeFleet.row(1, ["label": "prod-7"]), FakeFleet.row(2)]
        let script = "vast.guard{protect = {label = 'prod*'}} vast.stop(2) vast.stop(1)"
        let (ending, fleet) = try await runGuarded(script, on: rows)
        #expect(ending.kind == "guard")
        #expect(ending.text.contains("protected (label prod*)"))
        #expect(fleet.orders.flatMap(\.ids) == [2])
    }

    @Test("an instance whose label freezes it is left alone, and the others of the list are not")
    func frozenLabel() async throws {
        let rows = [FakeFleet.row(1, ["label": "train [freeze]"]), FakeFleet.row(2)]
        let (ending, fleet) = try await runGuarded(
            "local ok, e = pcall(vast.stop, {1, 2}) return e.kind, e.results[1].kind, e.results[1].code, e.results[2], e.ended_by", on: rows
        )
        #expect(ending.values == ["partial", "guard", "frozen", true, nil])
        #expect(fleet.orders.flatMap(\.ids) == [2])
    }

    @Test("a label that came after the script has read the instance freezes it too")
    func frozenLater() async throws {
        let (ending, fleet) = try await runGuarded(
            "local i = vast.instance(1) vast.sleep('5m') vast.stop(1)", on: Self.rows(1),
            prepare: { fleet in
                fleet.state.withLock { $0.beforeReading = { _, rows in rows[1]?["label"] = "[Freeze]" } }
            })
        #expect(ending.kind == "guard")
        #expect(fleet.orders.isEmpty)
    }

    @Test("destroying needs to be allowed, and its ids again")
    func destroy() async throws {
        let (refused, _) = try await runGuarded("vast.destroy(1, {confirm = 1})", on: Self.rows(3))
        #expect(refused.text.contains("to allow   vast.guard{allow_destroy=true}"))
        let (done, fleet) = try await runGuarded("vast.guard{allow_destroy = true} vast.destroy(1, {confirm = 1})", on: Self.rows(3))
        #expect(done.error == nil)
        #expect(fleet.orders.map(\.verb) == [.destroy])
    }

    @Test(
        "vast.request is judged like the verb that it is",
        arguments: [
            ("'GET', '/api/v0/users/current/'", nil), ("'PUT', '/api/v0/instances/request_logs/1/', {body = {tail = '5'}}", nil),
            ("'PUT', '/api/v0/instances/1/', {body = {state = 'stopped'}}", nil),
            ("'PUT', '/api/v0/instances/', {body = {ids = {1, 2, 3}, state = 'stopped'}}", "max_stops"),
            ("'DELETE', '/api/v0/instances/1/', {confirm = 1}", "allow_destroy"),
            ("'PUT', '/api/v0/asks/5/'", "allow_raw"),
            ("'PUT', '/api/v0/instances/1/', {body = {state = 'running', label = 'x'}}", "allow_raw")
        ] as [(String, String?)])
    func request(words: String, rule: String?) async throws {
        let (ending, fleet) = try await runGuarded(
            "vast.guard{max_stops = 2} local ok, e = pcall(vast.request, \(words)) return ok or e.code", on: Self.rows(12))
        #expect(ending.values == [rule.map { .string($0) } ?? .boolean(true)])
        #expect(fleet.state.withLock { $0.requests.count } + fleet.orders.count == (rule == nil ? 1 : 0))
    }

    @Test(
        "misuse is told",
        arguments: [
            ("vast.guard()", "table"), ("vast.guard{max_stop = 1}", "did you mean 'max_stops'"),
            ("vast.guard{max_stops = '3'}", "is a number"),
            ("vast.guard{max_stops = -1}", "no limit"), ("vast.guard{max_fraction = 80}", "more than everything"),
            ("vast.guard{allow_destroy = 1}", "true or false"), ("vast.guard{protect = 'prod*'}", "protect is"),
            ("vast.guard{protect = {labels = 'x'}}", "did you mean 'label'"), ("vast.guard{protect = {id = 'x'}}", "protect.id")
        ])
    func misuse(script: String, word: String) async throws {
        let (ending, _) = try await runGuarded(script, on: Self.rows(1))
        #expect(ending.kind == "invalid_argument")
        #expect(ending.text.contains(word), "\(ending.text)")
    }

    @Test("each firing of a job has the whole limit, and the hour has it once")
    func firings() async throws {
        let script = """
            vast.guard{max_labels = 2}
            local results = {}
            local function label(id) return (pcall(vast.label, id, "at " .. vast.now())) end
            local j = vast.every("40m", function() results[#results + 1] = label(1) and label(2) end)
            vast.sleep("90m")
            j:cancel()
            return #results, results[1], results[2]
            """
        let rows = [FakeFleet.row(1, FakeFleet.off), FakeFleet.row(2, FakeFleet.off), FakeFleet.row(3)]
        let (ending, _) = try await runGuarded(script, on: rows)
        #expect(ending.values == [.integer(2), .boolean(true), .boolean(false)], "\(ending.text)")
    }
}
