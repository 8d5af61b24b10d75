import Foundation
import Testing

/// `undo` and `history` with the real program: which run they take, and what they say.
@Suite struct UndoTests {
    /// The GPUs of the stopped instance are somebody else's.
    private static let fleet = """
        {"fleet":1,"machines":[{"id":900,"gpus":2},{"id":901,"gpus":4,"taken":4}],"instances":[
        {"id":1,"label":"train-a","num_gpus":1,"simulator":{"workload":"training"}},
        {"id":3,"label":"old","machine_id":901,"num_gpus":4,"intended_status":"stopped"}]}
        """

    private func prepared(faults: String? = nil) async throws -> (VastLua, RunningSimulator) {
        var vast = try VastLua(["VAST_API_KEY": "simulator"])
        let fleet = try vast.write("fleet.json", Self.fleet)
        let simulator = try await RunningSimulator(
            vast, faults: faults, options: ["--fleet", fleet, "--behaviour", "queued_start=waits", "--speed", "1"])
        vast.environment["VAST_URL"] = simulator.url
        return (vast, simulator)
    }

    /// Starts what will be queued, and dies while it takes that back.
    private func leaveQueued(_ vast: VastLua, _ simulator: RunningSimulator) async throws {
        let run = try RunningProgram(vast, ["--pacing", "none", "-e", "vast.start(3)"])
        // Asking takes its time; nothing else is waited for.
        while try await simulator.changes().count < 2 { await Task.yield() }
        run.send(SIGKILL)
        _ = try await run.end()
        _ = try await simulator.control("PUT", "faults", ["rules": [Any]()])
    }

    private func isQueued(_ simulator: RunningSimulator) async throws -> Bool {
        let rows = try await simulator.control("GET", "rows") as? [[String: Any]] ?? []
        return rows.first { $0["id"] as? Int == 3 }?["intended_status"] as? String == "running"
    }

    @Test("the last run is the one that was killed while its start was queued: -n tells of it, and undo takes it back")
    func killed() async throws {
        let stall = #"{"rules":[{"name":"f","route":"manage","nth":2,"fault":{"kind":"stall"}}]}"#
        let (vast, simulator) = try await prepared(faults: stall)
        try await leaveQueued(vast, simulator)
        #expect(try await isQueued(simulator))
        let history = try await vast.run("history")
        #expect(history.output.contains("start 1 sent") && !history.output.contains("reserved"), "\(history.output)")
        let dry = try await vast.run("undo", "--last", "-n", "--unpaced")
        #expect(dry.code == 0 && dry.output.hasPrefix("undo of run "), "\(dry.output)\(dry.errors)")
        #expect((dry.output + dry.errors).contains("the start of 3 old that run "), "\(dry.output)\(dry.errors)")
        let undo = try await vast.run("undo", "--last", "--unpaced")
        #expect(undo.code == 0, "\(undo.output)\(undo.errors)")
        #expect(undo.errors.contains("died while its start of 3 old was under way: vast-lua history"), "\(undo.errors)")
        #expect(undo.errors.contains("left queued is withdrawn") && !undo.errors.contains("was known"), "\(undo.errors)")
        #expect(try await !isQueued(simulator))
    }

    @Test("an error comes behind what was printed before it, in a pipe too")
    func order() async throws {
        let (vast, simulator) = try await prepared()
        defer { withExtendedLifetime(simulator) {} }
        _ = try await vast.run("--pacing", "none", "-e", "vast.label(1, 'x')")
        _ = try await vast.run("freeze", "x")
        let undo = try await vast.shell("\"$V\" undo --last --unpaced 2>&1")
        #expect(undo.code == 7)
        let lines = undo.output.split(separator: "\n")
        #expect(lines.first?.hasPrefix("undo of run ") == true, "\(undo.output)")
        #expect(lines.dropLast().last?.contains("frozen by") == true, "\(undo.output)")
    }

    @Test("a run that there is not is wrong usage, as a plan that there is not", arguments: ["history zzzz", "undo zzzz", "apply zzzz"])
    func unknown(words: String) async throws {
        let (vast, simulator) = try await prepared()
        defer { withExtendedLifetime(simulator) {} }
        let words = words.split(separator: " ").map(String.init)
        let early = try await vast.run(words)
        #expect(early.code == 2 && early.errors.contains("zzzz"), "\(early.errors)")
        _ = try await vast.run("--pacing", "none", "-e", "vast.label(1, 'x')")
        let run = try await vast.run(words)
        #expect(run.code == 2 && run.errors.contains("zzzz") && run.output.isEmpty, "\(run.errors)")
    }

    @Test("a plan without changes is not offered to be applied")
    func emptyPlan() async throws {
        let (vast, simulator) = try await prepared()
        defer { withExtendedLifetime(simulator) {} }
        try vast.write("e.lua", "print(#vast.instances())")
        let plan = try await vast.run("plan", "--pacing", "none", "-o", "p.json", "e.lua")
        #expect(plan.code == 0)
        #expect(plan.output.contains("there is nothing to apply; p.json is a plan without changes\n"), "\(plan.output)")
        #expect(!plan.output.contains("saved in"))
        #expect(try await vast.run("apply", "p.json", "--unpaced").code == 0)
    }

    @Test("every exit code of the README is in --help")
    func exitCodes() async throws {
        let help = try await VastLua().run("--help").output
        let codes = try #require(help.components(separatedBy: "exit codes:").last)
        for code in [0, 1, 2, 3, 4, 5, 6, 7, 8, 124, 129, 130, 143] { #expect(codes.contains(" \(code) "), "\(code)") }
    }

    @Test("undo --last said twice does not put everything back the other way: an undo is undone by its id")
    func twice() async throws {
        let (vast, simulator) = try await prepared()
        #expect(try await vast.run("--pacing", "none", "-e", "vast.label(1, 'x')").code == 0)
        #expect(try await vast.run("undo", "--last", "--unpaced").code == 0)
        let before = try await simulator.changes().count
        for words in [[], ["-n"]] {
            let again = try await vast.run(["undo", "--last", "--unpaced"] + words)
            #expect(again.code == 2 && again.errors.contains("is an undo itself"), "\(again.output)\(again.errors)")
        }
        #expect(try await simulator.changes().count == before)
        let message = try await vast.run("undo", "--last", "--unpaced").errors
        let id = try #require(message.split(separator: "\n").first?.split(separator: " ").last)
        #expect(try await vast.run("undo", String(id), "--unpaced").code == 0)
        #expect(try await simulator.changes().count == before + 1)
    }
}
