import Foundation
import Testing

/// `-n`, `plan` and `apply` with the real program against the simulator.
@Suite struct PlanTests {
    private static let script = """
        for _, i in ipairs(vast.instances{label = "train-*", state = "running"}) do
          vast.stop(i, {reason = "night"})
        end
        print(#vast.instances{label = "train-*", state = "stopped"}, vast.dry_run)
        """

    private func prepared() async throws -> (VastLua, RunningSimulator) {
        var vast = try VastLua(["VAST_API_KEY": "simulator"])
        let simulator = try await RunningSimulator(vast)
        vast.environment["VAST_URL"] = simulator.url
        try vast.write("a.lua", Self.script)
        return (vast, simulator)
    }

    @Test(
        "a dry run sends no change, shows a table, and the script sees the fleet as if it had",
        arguments: [
            "-n a.lua", "a.lua -n", "--dry-run a.lua", "a.lua --dry-run"
        ])
    func dryRun(words: String) async throws {
        let (vast, simulator) = try await prepared()
        let run = try await vast.shell("\"$V\" --pacing none \(words)")
        #expect(run.code == 0)
        #expect(run.output == "6\ttrue\n")
        #expect(run.errors.hasPrefix("DRY RUN "))
        #expect(run.errors.contains("40112233  train-a"))
        #expect(run.errors.contains("2xRTX 4090"))
        #expect(run.errors.contains("a.lua:2"))
        #expect(run.errors.contains("4 stops"))
        #expect(try await simulator.changes().isEmpty)
    }

    @Test("plan shows the table on standard output, apply makes it so, once")
    func apply() async throws {
        let (vast, simulator) = try await prepared()
        let plan = try await vast.run("plan", "--exit-code", "-o", "p.json", "--pacing", "none", "a.lua")
        #expect(plan.code == 8)
        #expect(plan.output.contains("train-llm"))
        #expect(plan.errors == "6\ttrue\n")
        #expect(try await simulator.changes().isEmpty)
        let apply = try await vast.run("apply", "p.json", "--unpaced")
        #expect(apply.code == 0, "\(apply.errors)")
        #expect(apply.output.contains("stopped 4 (confirmed)"))
        #expect(try await simulator.changes().count == 1)
        let again = try await vast.run("apply", "p.json", "--unpaced")
        #expect(again.code == 0)
        #expect(again.output.contains("done already: stop 40112233 train-a"))
        #expect(try await simulator.changes().count == 1)
    }

    @Test("apply refuses what has changed since and shows the difference; with --strict everything")
    func changed() async throws {
        let (vast, simulator) = try await prepared()
        _ = try await vast.run("plan", "-o", "p.json", "--pacing", "none", "a.lua")
        _ = try await vast.run("--pacing", "none", "-e", "vast.label(40112233, 'taken over')")
        let strict = try await vast.run("apply", "--strict", "p.json", "--unpaced")
        #expect(strict.code == 6)
        #expect(strict.output.contains("refused: stop 40112233 train-a: changed since the plan: label: train-a -> taken over"))
        #expect(try await simulator.changes().count == 1)
        let apply = try await vast.run("apply", "p.json", "--unpaced")
        #expect(apply.code == 6)
        #expect(apply.output.contains("stopped 3 (confirmed)"))
    }

    @Test("a plan that was tampered with, cut or made for another key is refused with 2", arguments: ["tampered", "cut", "other key"])
    func untrusted(how: String) async throws {
        var (vast, simulator) = try await prepared()
        _ = try await vast.run("plan", "-o", "p.json", "--pacing", "none", "a.lua")
        let path = vast.folder.appendingPathComponent("p.json")
        let text = try String(contentsOf: path, encoding: .utf8)
        switch how {
        case "tampered": try text.replacingOccurrences(of: "40112233", with: "40112244").write(to: path, atomically: true, encoding: .utf8)
        case "cut": try String(text.dropLast(20)).write(to: path, atomically: true, encoding: .utf8)
        default: vast.environment["VAST_API_KEY"] = "simulator-readonly"
        }
        let run = try await vast.run("apply", "p.json", "--unpaced")
        #expect(run.code == 2)
        #expect(run.errors.contains("p.json: "))
        #expect(try await simulator.changes().isEmpty)
    }

    @Test("a dry run and a plan run every job and policy once, and end", arguments: ["-n --simulator", "plan --simulator"])
    func jobs(words: String) async throws {
        let vast = try VastLua()
        try vast.write(
            "jobs.lua",
            """
            vast.observe("1m", {every = "30s"})
            vast.every("5m", function() print("every") end)
            vast.cron("0 22 * * *", function() vast.stop(40112233) end)
            vast.policy{match = {label = "train-b"}, when = function() print("policy") return true end, action = "stop"}
            """)
        let run = try await vast.shell("\"$V\" \(words) jobs.lua")
        let said = run.output + run.errors
        #expect(run.code == 0, "\(run.errors)")
        #expect(said.contains("every") && said.contains("policy") && said.contains("train-a"), "\(said)")
    }

    @Test("what a guard would refuse is shown by a dry run, which goes on and ends with 3")
    func wouldExceed() async throws {
        let (vast, simulator) = try await prepared()
        defer { withExtendedLifetime(simulator) {} }
        let run = try await vast.run("plan", "--max-stops", "2", "--pacing", "none", "a.lua")
        #expect(run.code == 3)
        #expect(run.output.contains("4 stops"))
        #expect(run.output.contains("would exceed the guard: 1 stop asked after 2 in this run, limit 2 (command line)"))
    }

    @Test("a plan of a script that fails is shown and not saved")
    func failing() async throws {
        let (vast, simulator) = try await prepared()
        defer { withExtendedLifetime(simulator) {} }
        try vast.write("b.lua", "vast.stop(40112233) error('no')")
        let run = try await vast.run("plan", "-o", "p.json", "--pacing", "none", "b.lua")
        #expect(run.code == 2 || run.code == 1)
        #expect(run.errors.contains("b.lua:1: no"))
        #expect(!FileManager.default.fileExists(atPath: vast.folder.appendingPathComponent("p.json").path))
    }

    @Test("apply -n shows a colleague what plan has shown: ids, actions, prices, reasons and risks")
    func review() async throws {
        let (vast, simulator) = try await prepared()
        let plan = try await vast.run("plan", "-o", "p.json", "--pacing", "none", "a.lua")
        let table = plan.output.split(separator: "\n").filter { $0.contains("train-") || $0.contains("LABEL") }
        #expect(table.count == 5, "\(plan.output)")
        let review = try await vast.run("apply", "-n", "p.json", "--unpaced")
        #expect(review.code == 0 && review.output.contains("4 of 4 actions would be made; nothing was sent"), "\(review.output)")
        for row in table { #expect(review.output.contains(row), "\(row)\n\(review.output)") }
        #expect(try await simulator.changes().isEmpty)
    }

    @Test(
        "a refusal of apply names who has set the limit",
        arguments: [
            ("", ["--max-stops", "1"], "limit 1 (command line)"), ("vast.guard{max_stops = 4} ", [], "limit 4 (plan)"),
            ("vast.guard{max_stops = 9} ", ["--limit", "max_stops=3"], "limit 3 (command line)")
        ])
    func origin(limits: String, options: [String], message: String) async throws {
        let (vast, simulator) = try await prepared()
        defer { withExtendedLifetime(simulator) {} }
        try vast.write("b.lua", limits + Self.script)
        #expect(try await vast.run("plan", "-o", "p.json", "--pacing", "none", "b.lua").code == 0)
        // What was stopped within the hour counts.
        if options.isEmpty { #expect(try await vast.run("--pacing", "none", "-e", "vast.stop(40112241)").code == 0) }
        for dry in [["-n"], []] {
            let run = try await vast.run(["apply"] + dry + ["p.json", "--unpaced"] + options)
            #expect(run.code == 3 && run.errors.contains(message), "\(run.errors)")
        }
    }

    @Test("a dry run of a policy says why it plans nothing")
    func idlePolicy() async throws {
        let vast = try VastLua()
        try vast.write(
            "idle.lua",
            "vast.policy {name = 'idle', match = {billing = 'gpu'}, action = 'stop', when = function(i) return i:is_idle('45m') end}")
        for words in [["--simulator", "-n", "idle.lua"], ["-n", "--once", "--simulator", "idle.lua"]] {
            let run = try await vast.run(words)
            #expect(run.code == 0 && run.errors.contains("no changes"), "\(run.errors)")
            #expect(run.errors.contains("policy 'idle' is about "), "\(run.errors)")
            #expect(run.errors.contains("seen for the first time and left alone"), "\(run.errors)")
            #expect(run.errors.contains("a dry run looks once"), "\(run.errors)")
        }
        let plan = try await vast.run("plan", "--simulator", "idle.lua")
        #expect(plan.output.contains("seen for the first time"), "\(plan.output)")
        let other = try await vast.run("-n", "--simulator", "-e", "print(1)")
        #expect(!other.errors.contains("a dry run looks once"))
    }
}
