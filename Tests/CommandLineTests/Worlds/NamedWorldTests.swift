import FleetClock
import Foundation
import Testing

/// Simulated worlds that have a name, with the real program: the tour without a key, and what keeps worlds apart.
@Suite struct NamedWorldTests {
    private func prepared() throws -> VastLua {
        var vast = try VastLua()
        vast.environment["VAST_LUA_STATE"] = vast.folder.path + "/state"
        return vast
    }

    private static let stop = "vast.stop(40112241, {reason = 'nobody uses it'}) vast.label(40112247, 'seen')"

    @Test("the tour: plan, apply, history, explain, undo, and each sees what the one before has left")
    func tour() async throws {
        let vast = try prepared()
        try vast.write("stop.lua", Self.stop)
        let plan = try await vast.run("plan", "--simulator=:trial", "-o", "plan.json", "stop.lua")
        #expect(plan.code == 0 && plan.output.contains("vast-lua apply --simulator=:trial plan.json"), "\(plan.output)\(plan.errors)")
        let none = try await vast.run("history", "--simulator=:trial")
        #expect(none.code == 0 && none.output == "no run has changed anything\n")
        let apply = try await vast.run("apply", "--simulator=:trial", "plan.json")
        #expect(apply.code == 0 && apply.output.contains("stopped 1 (confirmed)"), "\(apply.output)\(apply.errors)")
        let stopped = try await vast.run("ls", "--simulator=:trial", "40112241")
        #expect(stopped.output.contains(" stopped "), "\(stopped.output)\(stopped.errors)")
        let history = try await vast.run("history", "--simulator=:trial")
        #expect(history.output.contains("apply") && history.output.contains("stop 1"), "\(history.output)")
        let past = try await vast.run("explain", "40112241", "--simulator=:trial")
        #expect(past.code == 0 && past.output.contains("nobody uses it"), "\(past.output)\(past.errors)")
        let undo = try await vast.run("undo", "--simulator=:trial", "--last")
        #expect(undo.code == 0 && undo.output.contains("started 1 (confirmed)"), "\(undo.output)\(undo.errors)")
        let started = try await vast.run("ls", "--simulator=:trial", "40112241", "seen")
        #expect(!started.output.contains("stopped") && !started.output.contains("40112247"), "\(started.output)")
        // The real state has not even begun.
        #expect(try FileManager.default.contentsOfDirectory(atPath: vast.folder.path + "/state") == ["worlds"])
    }

    @Test("a freeze of a world holds in it and nowhere else, and says how it is ended")
    func freeze() async throws {
        let vast = try prepared()
        for world in ["a", "b"] { #expect(try await vast.run("ls", "--simulator=:\(world)", "40112241").code == 0) }
        #expect(try await vast.run("freeze", "--simulator=:a", "--for", "8h", "audit").code == 0)
        let frozen = try await vast.run("--simulator=:a", "-e", Self.stop)
        #expect(frozen.code == 7 && frozen.errors.contains("vast-lua thaw --simulator=:a"), "\(frozen.code) \(frozen.errors)")
        #expect(try await vast.run("--simulator=:b", "-e", Self.stop).code == 0)
        #expect(try await vast.run("thaw").output == "nothing was frozen\n")
        #expect(try await vast.run("thaw", "--simulator=:a").output == "thawed\n")
        #expect(try await vast.run("--simulator=:a", "-e", Self.stop).code == 0)
    }

    @Test("a run that is killed leaves the world as it was when its last request was answered")
    func killed() async throws {
        let vast = try prepared()
        let run = try RunningProgram(
            vast, ["--simulator=:k", "-e", "vast.label(40112241, 'kept') print('labelled') io.stdout:flush() vast.sleep('9000h')"])
        #expect(try await run.line() == "labelled")
        let other = try await vast.run("--simulator=:k", "-e", "print(1)")
        #expect(other.code == 7 && other.errors.contains("another run is going on in the world 'k'"), "\(other.errors)")
        run.send(SIGKILL)
        _ = try await run.end()
        #expect(try await vast.run("ls", "--simulator=:k", "kept").output.contains("40112241"))
        #expect(try await vast.run("history", "--simulator=:k").output.contains("label 1"))
    }

    @Test("time in a world never goes back, and stands still between runs")
    func time() async throws {
        let vast = try prepared()
        var last = 0
        for _ in 1...3 {
            let run = try await vast.run("--simulator=:t", "-e", "vast.instances() vast.sleep('2h') print(os.time())")
            let now = try #require(Int(run.output.trimmingCharacters(in: .whitespacesAndNewlines)), "\(run.errors)")
            #expect(last == 0 || (now - last) >= 7_200 && (now - last) < 7_200 + 86_400)
            last = now
        }
    }

    private static let refused: [([String], String)] = [
        (["--simulator=:w", "--simulator-seed", "2", "-e", "print(1)"], "began with --simulator-seed 1, not 2"),
        (["--simulator=other.json:w", "-e", "print(1)"], "began with another fleet than that of other.json"),
        (["history", "--simulator=:nowhere"], "there is no world 'nowhere'; there are w"),
        (["apply", "--simulator=:nowhere", "plan.json"], "there is no world 'nowhere'"),
        (["undo", "--simulator=:nowhere", "--last"], "there is no world 'nowhere'"),
        (["freeze", "--simulator=:nowhere"], "there is no world 'nowhere'"), (["thaw", "--simulator=:nowhere"], "there is no world"),
        (["explain", "1", "--simulator=:nowhere"], "there is no world 'nowhere'"),
        (["history", "--simulator"], "keeps nothing; name the world"), (["undo", "--simulator", "--last"], "keeps nothing"),
        (["freeze", "--simulator"], "keeps nothing"), (["--simulator=:../x", "-e", "print(1)"], "the name of a world has"),
        (["--simulator=:", "-e", "print(1)"], "the name of a world has"), (["ls", "--simulator=:a b"], "the name of a world has"),
        (["--simulator=none.json:w", "-e", "print(1)"], "none.json cannot be read")
    ]

    @Test("a world that began otherwise, that nobody began, or that has no name is refused with a sentence, and nothing is made")
    func refusals() async throws {
        let vast = try prepared()
        try vast.write("other.json", #"{"fleet":1,"instances":[{"id":1}]}"#)
        try vast.write("s.lua", "vast.label(40112241, 'x')")
        #expect(try await vast.run("plan", "--simulator=:w", "-o", "plan.json", "s.lua").code == 0)
        for (words, sentence) in Self.refused {
            let run = try await vast.run(words)
            #expect(run.code == 2 && run.errors.contains(sentence), "\(words): \(run.code) \(run.errors)")
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: vast.folder.path + "/state/worlds") == ["w"])
        let elsewhere = try await vast.run("--simulator=other.json:v", "-e", "print(#vast.instances())")
        #expect(elsewhere.output == "1\n")
        let foreign = try await vast.run("apply", "--simulator=:v", "plan.json")
        #expect(foreign.code == 2 && foreign.errors.contains("made for the account simulator:w"), "\(foreign.errors)")
    }

    @Test("next, explain with a script, and a file whose name has a colon")
    func others() async throws {
        let vast = try prepared()
        try vast.write("jobs.lua", "vast.every('1h', function() end)")
        try vast.write("a:b", #"{"fleet":1,"instances":[{"id":7,"label":"colon"}]}"#)
        #expect(try await vast.run("next", "--simulator=:n", "-c", "1", "jobs.lua").code == 0)
        #expect(try await vast.run("next", "-c", "1", "--simulator", "jobs.lua", "--simulator").code == 0)
        #expect(try await vast.run("ls", "--simulator=a:b").output.contains("colon"))
        try vast.write("policy.lua", "vast.policy {name = 'p', match = {label = 'dev*'}, when = function() return false end, act = 'stop'}")
        let why = try await vast.run("explain", "40112241", "--simulator=:n", "policy.lua")
        #expect(why.errors.isEmpty || why.code != 2, "\(why.errors)")
    }

    @Test("a config file that names the real account does not stand against simulated runs")
    func account() async throws {
        let vast = try prepared()
        try vast.write(".config/vast-lua/config.json", #"{"account": "me@example.com"}"#)
        #expect(try await vast.run("--simulator", "-e", "vast.stop(40112241)").code == 0)
        #expect(try await vast.run("--simulator=:c", "-e", "vast.stop(40112241)").code == 0)
        #expect(try await vast.run("undo", "--simulator=:c", "--last").code == 0)
    }

    private static let seeds = 1...(UInt64(ProcessInfo.processInfo.environment["VAST_LUA_SEEDS"] ?? "") ?? 3)
    private static let begun = [40_112_233: "train-a", 40_112_240: "eval-h100", 40_112_241: "dev-anna", 40_112_247: "notebook"]

    /// One change of a random world, as a run or as a plan that is applied.
    private func step(_ vast: VastLua, _ world: String, _ dice: inout SeededGenerator) async throws {
        let options = world == "c" ? ["--simulator-seed", "3"] : []
        if Bool.random(using: &dice) {
            let run = try await vast.run(["--simulator=:\(world)"] + options + ["step.lua"])
            #expect(run.code == 0, "\(run.errors)")
        } else {
            #expect(try await vast.run(["plan", "--simulator=:\(world)"] + options + ["-o", "p.json", "step.lua"]).code == 0)
            let apply = try await vast.run("apply", "--simulator=:\(world)", "p.json")
            #expect(apply.code == 0, "\(apply.output)\(apply.errors)")
        }
    }

    @Test("runs, plans and undos in random worlds: none reaches the real fleet and its state, nor another world", arguments: seeds)
    func apart(seed: UInt64) async throws {
        var dice = SeededGenerator(seed: seed ^ 0x616c)
        var vast = try prepared()
        vast.environment["VAST_API_KEY"] = "simulator"
        let simulator = try await RunningSimulator(vast)
        vast.environment["VAST_URL"] = simulator.url
        #expect(try await vast.run("--pacing", "none", "-e", "vast.label(40112233, 'live')").code == 0)
        let before = try await vast.run("history", "--json").output
        var labels: [String: [Int: String]] = [:]
        for number in 0..<6 {
            let world = ["a", "b", "c"].randomElement(using: &dice) ?? "a"
            let id = Self.begun.keys.sorted().randomElement(using: &dice) ?? 0
            try vast.write("step.lua", "vast.label(\(id), 's\(number)')")
            try await step(vast, world, &dice)
            if Int.random(in: 0..<3, using: &dice) == 0 {
                let undo = try await vast.run("undo", "--simulator=:\(world)", "--last")
                #expect(undo.code == 0, "\(undo.output)\(undo.errors)")
                labels[world] = labels[world] ?? Self.begun
            } else {
                labels[world, default: Self.begun][id] = "s\(number)"
            }
        }
        for (world, expected) in labels {
            let shown = try await vast.run("ls", "--simulator=:\(world)", "--json").output
            let rows = try #require(try JSONSerialization.jsonObject(with: Data(shown.utf8)) as? [[String: Any]])
            for (id, label) in expected {
                #expect(rows.first { $0["id"] as? Int == id }?["label"] as? String == label, "\(world) \(id)")
            }
        }
        #expect(try await vast.run("history", "--json").output == before)
        #expect(try await simulator.changes().count == 1)
    }
}
