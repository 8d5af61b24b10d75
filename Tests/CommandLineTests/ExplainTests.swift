import Foundation
import Testing

/// `sample`, `explain` and `history --savings` with the real program.
@Suite struct ExplainTests {
    private let vast: VastLua
    private let simulator: RunningSimulator
    private static let policy = """
        vast.policy {name = "idle", match = {billing = "gpu", label = "train*"}, action = "stop", grace = "10m",
            when = function(i) return i:is_idle("45m") end}
        """

    init() async throws {
        var vast = try VastLua(["VAST_API_KEY": "simulator"])
        let simulator = try await RunningSimulator(vast)
        vast.environment["VAST_URL"] = simulator.url
        (self.vast, self.simulator) = (vast, simulator)
    }

    @Test("sample keeps a reading that a later run finds, and says nothing")
    func sample() async throws {
        defer { withExtendedLifetime(simulator) {} }
        let sample = try await vast.run("sample", "--unpaced")
        #expect(sample.code == 0 && sample.output == "" && sample.errors == "")
        let run = try await vast.run(
            "--pacing", "none", "-e", "local i = vast.instance(40112233) print(#i:history{since = '1h'} >= 1, i:running_for() >= 0)")
        #expect(run.output == "true\ttrue\n", "\(run.errors)")
    }

    @Test("ls and sample show what has lost its bid since an earlier sample as outbid, and what somebody has stopped as stopped")
    func outbid() async throws {
        defer { withExtendedLifetime(simulator) {} }
        _ = try await vast.run("sample", "--unpaced")
        _ = try await simulator.control("POST", "events", ["event": "outbid", "id": 40_112_272])
        _ = try await simulator.control("POST", "advance", ["seconds": 120])
        let shown = try await vast.run("ls", "--json", "--unpaced", "40112272")
        #expect(shown.output.contains(#""state":"outbid""#), "\(shown.output)\(shown.errors)")
        _ = try await vast.run("--pacing", "none", "--confirm", "0", "-e", "vast.stop(40112272)")
        let stopped = try await vast.run("ls", "--json", "--unpaced", "40112272")
        #expect(stopped.output.contains(#""state":"stopped""#), "\(stopped.output)\(stopped.errors)")
    }

    @Test("sample without a key ends with 4")
    func sampleWithoutKey() async throws {
        let run = try await VastLua().run("sample")
        #expect(run.code == 4)
        #expect(run.errors.contains("no API key"))
    }

    @Test("explain shows each predicate with value and threshold, and changes nothing")
    func explain() async throws {
        defer { withExtendedLifetime(simulator) {} }
        try vast.write("idle.lua", Self.policy)
        let run = try await vast.run("explain", "40112233", "--pacing", "none", "idle.lua")
        #expect(run.code == 0, "\(run.errors)")
        for text in ["policy idle, instance 40112233", "match label", "'train*'", "is_idle", "for 45m", "->"] {
            #expect(run.output.contains(text), "\(run.output)")
        }
        #expect(try await simulator.changes().isEmpty)
        let json = try await vast.run("explain", "--json", "40112233", "--pacing", "none", "idle.lua")
        #expect(json.output.hasPrefix(#"[{"policy":"idle","instance":40112233"#))
    }

    @Test(
        "explain without a policy that looks at the instance, without an id, or without a script, says so",
        arguments: [
            (["explain", "1", "--pacing", "none", "idle.lua"], 1, "no policy of the script looked at 1"),
            (["explain"], 2, "needs the id"), (["explain", "train"], 2, "needs the id"),
            (["explain", "40112233"], 0, "no run has changed 40112233")
        ] as [([String], Int32, String)])
    func wrong(words: [String], code: Int32, text: String) async throws {
        defer { withExtendedLifetime(simulator) {} }
        try vast.write("idle.lua", Self.policy)
        let run = try await vast.shell("\"$V\" \(words.joined(separator: " "))")
        #expect(run.code == code)
        #expect((run.output + run.errors).contains(text), "\(run.output)\(run.errors)")
    }

    @Test("why was it stopped: the reason of a policy is in the journal, and savings name the policy")
    func why() async throws {
        defer { withExtendedLifetime(simulator) {} }
        try vast.write(
            "now.lua",
            """
            vast.instances()
            vast.policy {name = "now", match = {id = 40112233}, action = "stop", when = function(i) return true end, reason = "told to"}
            """)
        _ = try await vast.run("sample", "--unpaced")
        let run = try await vast.shell("sleep 1.2; \"$V\" --pacing none --once --confirm 0 now.lua")
        #expect(run.code == 6 || run.code == 0, "\(run.errors)")
        let past = try await vast.run("explain", "40112233")
        #expect(past.output.contains("policy now: told to"), "\(past.output)")
        let savings = try await vast.run("history", "--savings")
        #expect(savings.output.contains("now") && savings.output.contains("still off"), "\(savings.output)")
        let json = try await vast.run("history", "--savings", "--json")
        #expect(json.output.contains(#""policy":"now""#))
    }

    @Test(
        "an id behind the options is answered with where it belongs",
        arguments: [["--simulator", "12"], ["--simulator=:w", "12", "idle.lua"]])
    func late(words: [String]) async throws {
        defer { withExtendedLifetime(simulator) {} }
        let run = try await vast.run(["explain"] + words)
        #expect(run.code == 2 && run.errors.contains("the id stands first"), "\(run.errors)")
    }

    @Test("of a GPU at work explain names no time at which it would act")
    func atWork() async throws {
        defer { withExtendedLifetime(simulator) {} }
        try vast.write("idle.lua", Self.policy)
        let run = try await vast.run("explain", "40112233", "--pacing", "none", "idle.lua")
        #expect(run.output.contains("->") && !run.output.contains("it would act at"), "\(run.output)")
    }

    @Test("what somebody else has switched, and readings show, is told; what a run has done is not told twice")
    func others() async throws {
        defer { withExtendedLifetime(simulator) {} }
        _ = try await vast.run("sample", "--unpaced")
        _ = try await vast.run("--pacing", "none", "-e", "vast.stop(40112233)")
        _ = try await simulator.control("POST", "events", ["event": "contract_ends", "id": 40_112_241])
        _ = try await simulator.control("POST", "advance", ["seconds": 600])
        _ = try await vast.run("sample", "--unpaced")
        let own = try await vast.run("explain", "40112233")
        #expect(own.output.contains("stop") && !own.output.contains("made by no run"), "\(own.output)")
        let other = try await vast.run("explain", "40112241")
        #expect(other.output.contains("no run has changed 40112241"), "\(other.output)")
        #expect(other.output.contains("made by no run") && other.output.contains("running -> stopped"), "\(other.output)")
    }
}
