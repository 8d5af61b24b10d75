import FleetClock
import Foundation
import FleetRules
import FleetSafety
import LuaEngine
import Testing
import VastAPI
import VastJSON

@testable import VastLua

@Suite("Policies that cannot work") struct FailedPolicyTests {
    private static func script(_ when: String) -> String {
        "vast.policy {name = \"p\", match = {billing = \"gpu\"}, action = \"stop\", when = function(i) \(when) end}"
    }

    private static func rows(_ count: Int64) -> [JSONObject] { (1...count).map { FakeFleet.row($0) } }

    @Test("a look in which every match raises has failed, one in which one does not has not: 40 fleets")
    func law() async throws {
        var generator = SeededGenerator(seed: 77)
        for _ in 0..<40 {
            let count = Int64.random(in: 1...6, using: &generator)
            let raising = (1...count).filter { _ in Int.random(in: 0..<4, using: &generator) > 0 }
            let list = raising.map(String.init).joined(separator: ",")
            let place = StatePlace()
            // The first look makes them known.
            let (_, _) = try await runJobs(
                Self.script("return false"), for: .seconds(10), on: Self.rows(count), memory: place.memory, state: place.state)
            let (run, fleet) = try await runJobs(
                Self.script("for _, id in ipairs{\(list)} do if i.id == id then error('boom') end end return false"), for: .zero,
                on: Self.rows(count), start: 1_795_000_600, options: Runtime.Options(jobMode: .once), memory: place.memory,
                state: place.state)
            let hasFailed = raising.count == Int(count)
            #expect((run.jobFailure != nil) == hasFailed && fleet.orders.isEmpty, "\(raising) of \(count): \(run.log)")
            #expect(run.logged("cannot work") == (hasFailed ? 1 : 0) && run.logged("job '") == 0, "\(run.log)")
            let kept = try place.memory.jobs.memory(of: "policy p")?.mark.flatMap { PolicyMemory(json: $0).failure }
            #expect((kept != nil) == hasFailed && kept?.text.contains("boom") ?? true, "\(raising) of \(count)")
        }
    }

    private static let functions = ["before", "action", "notify"]

    /// A policy of which a function raises for some instances.
    private static func script(_ function: String, raising: [Int64]) -> String {
        let list = raising.map(String.init).joined(separator: ",")
        let body = "function(i) for _, id in ipairs{\(list)} do if i.id == id then error('boom') end end if f then i:stop() end end"
        let fields =
            switch function {
            case "action": "action = \(body.replacingOccurrences(of: "if f then i:stop() end", with: "i:stop()"))"
            case "notify": "notify = \(body), action = \"stop\", grace = \"5m\""
            default: "before = \(body), action = \"stop\""
            }
        return "vast.policy {name = \"p\", match = {billing = \"gpu\"}, \(fields), when = function() return true end}"
    }

    @Test(
        "a look in which another function raises for all it is asked about has failed, and so has each after it: 20 fleets",
        arguments: functions)
    func otherFunctions(function: String) async throws {
        var generator = SeededGenerator(seed: 81)
        for _ in 0..<20 {
            let count = Int64.random(in: 1...5, using: &generator)
            let raising = Bool.random(using: &generator) ? Array(1...count) : (1...count).filter { _ in Bool.random(using: &generator) }
            let place = StatePlace()
            let options = Runtime.Options(jobMode: .once)
            let quiet = "vast.policy {name = \"q\", match = {billing = \"gpu\"}, action = \"stop\", when = function() return false end}"
            let (_, _) = try await runJobs(
                quiet, for: .seconds(10), on: Self.rows(count), memory: place.memory, state: place.state)
            var stopped: Set<InstanceID> = []
            for look in 1...3 {
                let (run, fleet) = try await runJobs(
                    Self.script(function, raising: raising), for: .zero,
                    on: (1...count).map { FakeFleet.row($0, stopped.contains(InstanceID($0)) ? FakeFleet.off : [:]) },
                    start: 1_795_000_000 + Double(look) * 400, options: options, memory: place.memory, state: place.state)
                stopped.formUnion(fleet.orders.flatMap(\.ids))
                let hasFailed = raising.count == Int(count) || (look > 1 && function != "notify" && !raising.isEmpty)
                let what = "look \(look), \(raising) of \(count), \(stopped): \(run.log)"
                if hasFailed || function != "action" { #expect((run.jobFailure != nil) == hasFailed, "\(what)") }
                #expect(run.logged("cannot work") == (hasFailed ? 1 : 0), "\(what)")
                let kept = try place.memory.jobs.memory(of: "policy p")?.mark.flatMap { PolicyMemory(json: $0).failure }
                #expect((kept != nil) == hasFailed && kept?.text.contains(function) ?? true, "\(what)")
            }
            // Whoever could be told of, prepared or stopped is; the others never are.
            let done = function == "notify" ? (raising.count == Int(count) ? 0 : Int(count)) : Int(count) - raising.count
            #expect(stopped.count == done, "\(function): \(raising) of \(count): \(stopped)")
        }
    }

    @Test("a function that has failed stays known as failed until it has worked, over looks in which nobody asks it")
    func staysKnown() async throws {
        let place = StatePlace()
        let script = """
            local n = 0
            vast.policy {name = "p", match = {billing = "gpu"}, every = "5m", when = function() n = n + 1 return n < 3 or n > 5 end,
                action = function(i) if n < 6 then error("boom") end end}
            """
        let failure = { try place.memory.jobs.memory(of: "policy p")?.mark.flatMap { PolicyMemory(json: $0).failure } }
        _ = try await runJobs(script, for: .seconds(1_600), memory: place.memory, state: place.state)
        #expect(try failure()?.function == .action)
        let (run, _) = try await runJobs(
            script, for: .seconds(3_000), start: 1_795_002_000, memory: place.memory, state: place.state)
        #expect(run.logged("cannot work") >= 1)
        #expect(try failure() == nil)
    }

    @Test("a `when` that returns what is not true is told of once", arguments: ["1", "'yes'", "{}", "i"])
    func notTrue(value: String) async throws {
        let (run, fleet) = try await runJobs(Self.script("return \(value)"), for: .seconds(1_500), on: Self.rows(3))
        #expect(run.logged("acts on true alone") == 1 && fleet.orders.isEmpty, "\(run.log)")
        let (quiet, _) = try await runJobs(Self.script("return i.id > 99 or nil"), for: .seconds(1_500), on: Self.rows(3))
        #expect(quiet.logged("acts on true alone") == 0)
    }

    @Test("a window that the looks of a policy can never prove idle is told of once", arguments: ["20m", "24m", "30m", "1h"])
    func holes(window: String) async throws {
        let (run, _) = try await runJobs(Self.script("return i:is_idle('\(window)')"), for: .seconds(3_000), on: Self.rows(2))
        #expect(run.logged("cannot be proved by looks") == (["20m", "24m"].contains(window) ? 1 : 0), "\(run.log)")
    }

    @Test("rows that cannot be read leave a policy at work, and nothing is forgotten of what is missing")
    func unreadable() async throws {
        let place = StatePlace()
        let script = Self.script("return i.id == 1")
        let (run, fleet) = try await runJobs(
            script, for: .seconds(1_000), on: Self.rows(3), memory: place.memory, state: place.state
        ) { $0.state.withLock { $0.unreadable = ["id \"12\"", "id 0"] } }
        #expect(fleet.orders.map(\.ids) == [[1]] && run.logged("could not be read whole") == 0, "\(run.log)")
        var memory = PolicyMemory()
        memory.leftAlone = [5: 2_000_000_000]
        memory.marks = [5: 1_795_000_000, 6: 1_795_000_000]
        memory.keep(matching: [6], existing: nil)
        #expect(memory.leftAlone[5] != nil && memory.marks == [6: 1_795_000_000])
    }

    @Test("what has failed is forgotten as soon as a look works")
    func recovers() async throws {
        let place = StatePlace()
        let (run, _) = try await runJobs(
            "local n = 0\n" + Self.script("n = n + 1 if n < 3 then error('boom') end return false"), for: .seconds(1_500),
            memory: place.memory,
            state: place.state)
        #expect(run.logged("cannot work") == 2, "\(run.log)")
        #expect(try place.memory.jobs.memory(of: "policy p")?.mark.flatMap { PolicyMemory(json: $0).failure } == nil)
    }

    @Test("the memory of a failure is the same after it was kept: 500 of them")
    func kept() throws {
        var generator = SeededGenerator(seed: 78)
        for _ in 0..<500 {
            var memory = PolicyMemory()
            var now = 1_795_000_000.0
            for _ in 0..<Int.random(in: 1...5, using: &generator) {
                now += Double(Int.random(in: -4_000...4_000, using: &generator))
                memory.noteFailure(
                    Bool.random(using: &generator) ? "a \"text\"\n\u{1B}" : nil,
                    of: PolicyFunction.allCases.randomElement(using: &generator) ?? .condition, now: now)
            }
            #expect(PolicyMemory(json: memory.json) == memory)
            if let failure = memory.failure { #expect(failure.since <= now && failure.since <= failure.last) }
        }
    }

    @Test("a single look that finds nothing but new instances says so; one with a memory does not")
    func newcomers() async throws {
        let place = StatePlace()
        let script = Self.script("return i:is_idle(\"30m\")")
        let options = Runtime.Options(jobMode: .once)
        let (first, _) = try await runJobs(script, for: .zero, on: Self.rows(3), options: options, memory: place.memory, state: place.state)
        #expect(first.logged("all 3 instances that policies are about are seen for the first time") == 1, "\(first.log)")
        let twice = script + "\n" + script.replacingOccurrences(of: "\"p\"", with: "\"q\"")
        let other = StatePlace()
        let (both, _) = try await runJobs(twice, for: .zero, on: Self.rows(3), options: options, memory: other.memory, state: other.state)
        #expect(both.logged("all 3 instances that policies are about are seen for the first time") == 1, "\(both.log)")
        let (second, _) = try await runJobs(
            script, for: .zero, on: Self.rows(3), start: 1_795_000_600, options: options, memory: place.memory, state: place.state)
        #expect(second.logged("for the first time") == 0, "\(second.log)")
        let (serving, _) = try await runJobs(script, for: .seconds(10), on: Self.rows(3))
        #expect(serving.logged("for the first time") == 0)
    }
}

@Suite("What rests on utilisation") struct UtilizationUseTests {
    private func uses(_ script: String, for length: Duration = .seconds(700)) async throws -> [Bool] {
        let (run, fleet) = try await runJobs(script, for: length)
        #expect(run.error == nil, "\(run.error ?? "")")
        return fleet.orders.map(\.decision.usesUtilization)
    }

    @Test("is an interruption after the script has asked for it, and nothing else")
    func scripts() async throws {
        #expect(try await uses("vast.instances() vast.stop(12)") == [false])
        #expect(try await uses("local i = vast.instances()[1] i:stop()") == [false])
        #expect(try await uses("local i = vast.instances()[1] if (i.gpu_util or 0) < 5 then i:stop() end") == [true])
        #expect(try await uses("local i = vast.instances()[1] i:is_idle('45m') i:stop()") == [true])
        #expect(try await uses("vast.stop(vast.instances{gpu_util = function(u) return true end})") == [true])
        #expect(try await uses("local i = vast.instances()[1] i:is_idle('45m') i:set_label('x')") == [false])
    }

    @Test("is a policy whose functions ask for it, whatever others have asked")
    func policies() async throws {
        let asks =
            "vast.policy {name = \"ask\", match = {label = \"\"}, action = \"stop\", when = function(i) i:is_idle(\"45m\") return false end}\n"
        #expect(
            try await uses(
                asks + "vast.policy {name = \"p\", match = {label = \"\"}, action = \"stop\", when = function(i) return i.rate > 0 end}")
                == [false])
        #expect(
            try await uses(
                "vast.policy {name = \"p\", match = {label = \"\"}, action = \"stop\", when = function(i) i:is_idle(\"45m\") return true end}"
            ) == [true])
        #expect(
            try await uses(
                "vast.policy {name = \"p\", match = {label = \"\"}, action = \"stop\", when = function(i) return (i.gpu_util or 0) < 5 end}"
            ) == [true])
    }
}
