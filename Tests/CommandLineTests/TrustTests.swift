import Foundation
import Testing

/// Guard options, config file, freeze, lock, history and undo with the real program.
@Suite struct TrustTests {
    private func prepared(_ environment: [String: String] = [:]) async throws -> (VastLua, RunningSimulator) {
        var vast = try VastLua(["VAST_API_KEY": "simulator"].merging(environment) { $1 })
        let simulator = try await RunningSimulator(vast)
        vast.environment["VAST_URL"] = simulator.url
        return (vast, simulator)
    }

    @Test(
        "a ceiling of the command line or the config file holds, ends with 3, and names itself",
        arguments: [
            ("", "--max-stops 1", "command line"), (#"{"guard": {"max_stops": 1}} // mine"#, "", "config file"),
            (#"{"guard": {"protect": {"label": ["train*"]}}}"#, "", "protected (label train*)"),
            ("", "--protect 'train*'", "protected (label train*)")
        ])
    func ceilings(config: String, options: String, word: String) async throws {
        let (vast, simulator) = try await prepared()
        if !config.isEmpty { try vast.write(".config/vast-lua/config.json", config) }
        let run = try await vast.shell(
            "\"$V\" --pacing none \(options) -e \"vast.guard{max_stops = 9} vast.stop{40112233, 40112234}\"")
        #expect(run.code == 3)
        #expect(run.errors.contains(word), "\(run.errors)")
        #expect(try await simulator.changes().isEmpty)
    }

    @Test(
        "a config file that is not understood ends with 2: a misspelt limit is no limit",
        arguments: [
            (#"{"guard": {"max_stop": 1}}"#, "did you mean 'max_stops'"), ("{", "not understood"),
            (#"{"gard": {}}"#, "did you mean 'guard'"),
            (#"{"guard": {"max_fraction": 80}}"#, "max_fraction"), (#"{"timezone": "Europe/Nowhere"}"#, "Europe/Nowhere")
        ])
    func badConfig(config: String, word: String) async throws {
        let vast = try VastLua()
        try vast.write(".config/vast-lua/config.json", config)
        let run = try await vast.run("-e", "print(1)")
        #expect(run.code == 2)
        #expect(run.output == "")
        #expect(run.errors.contains(word), "\(run.errors)")
    }

    @Test("the key of another account than the configured one is refused before any change")
    func account() async throws {
        let (vast, simulator) = try await prepared()
        try vast.write(".config/vast-lua/config.json", #"{"account": "ops@elsewhere.example"}"#)
        let run = try await vast.run("--pacing", "none", "-e", "vast.stop(40112233)")
        #expect(run.code == 3)
        #expect(run.errors.contains("ops@elsewhere.example"))
        #expect(try await simulator.changes().isEmpty)
    }

    @Test("a freeze stops every change with 7 and says who and why; thaw ends it")
    func freeze() async throws {
        let (vast, simulator) = try await prepared()
        #expect(try await vast.run("freeze", "--for", "8h", "audit", "week").code == 0)
        let run = try await vast.run("--pacing", "none", "-e", "vast.stop(40112233)")
        #expect(run.code == 7)
        #expect(run.errors.contains("audit week") && run.errors.contains("vast-lua thaw"))
        #expect(try await simulator.changes().isEmpty)
        #expect(try await vast.run("thaw").output == "thawed\n")
        #expect(try await vast.run("--pacing", "none", "-e", "vast.stop(40112233)").code == 0)
        #expect(try await vast.run("thaw").output == "nothing was frozen\n")
    }

    @Test("a second run of a script ends at once with 7 and one line; another script runs; --lock-wait waits")
    func lock() async throws {
        let (vast, simulator) = try await prepared()
        defer { withExtendedLifetime(simulator) {} }
        try vast.write("a.lua", "print('in') io.stdout:flush() while not io.open('go') do vast.sleep(0.05) end")
        try vast.write("b.lua", "print('other')")
        let run = try await vast.shell(
            """
            "$V" a.lua > first & first=$!
            until grep -qs in first; do sleep 0.05; done
            "$V" a.lua; echo "second $?"
            "$V" b.lua
            touch go
            "$V" --lock-wait 1m --quiet a.lua; echo "third $?"
            wait $first; echo "first $?"
            """)
        #expect(run.output == "second 7\nother\nin\nthird 0\nfirst 0\n", "\(run.errors)")
        let lines = run.errors.split(separator: "\n")
        #expect(lines.first?.contains("another run of") == true && lines.first?.contains("process") == true, "\(run.errors)")
    }

    @Test("history shows runs and their changes, and undo puts them back")
    func undo() async throws {
        let (vast, simulator) = try await prepared()
        #expect(try await vast.run("history").output == "no run has changed anything\n")
        try vast.write("a.lua", "vast.stop({40112233, 40112240}, {reason = 'night'}) vast.label(40112234, 'b2') vast.start(40112300)")
        let run = try await vast.run("--pacing", "none", "a.lua")
        #expect(run.code == 0, "\(run.errors)")
        let history = try await vast.run("history", "--json")
        let object = try #require(try JSONSerialization.jsonObject(with: Data(history.output.utf8)) as? [String: Any])
        let id = try #require(object["run"] as? String)
        #expect(run.errors.contains("run \(id)"))
        #expect(object["exit_code"] as? Int == 0)
        let shown = try await vast.run("history", String(id.prefix(4)))
        for word in ["night", "a.lua:1", "label 'b2'", "confirmed", "PUT /api/v0/instances/"] { #expect(shown.output.contains(word)) }
        let before = try await simulator.changes().count
        let dry = try await vast.run("undo", "-n", id)
        #expect(dry.code == 0)
        #expect(try await simulator.changes().count == before)
        let undo = try await vast.run("undo", id, "--unpaced")
        #expect(undo.code == 0, "\(undo.output)\(undo.errors)")
        let starts = try #require(undo.output.range(of: "40112240"))
        let cheaper = try #require(undo.output.range(of: "40112233"))
        #expect(starts.lowerBound < cheaper.lowerBound)
        let states = try await vast.run(
            "--pacing", "none", "-e",
            "for _, id in ipairs{40112233, 40112240, 40112300} do print(vast.instance(id).intended_status) end print(vast.instance(40112234).label)"
        )
        #expect(states.output == "running\nrunning\nstopped\ntrain-b\n")
    }

    @Test("undo is within the guard: more starts than the built-in ten need to be allowed")
    func undoGuard() async throws {
        let (vast, simulator) = try await prepared()
        let ids = "40112233,40112234,40112235,40112236,40112237,40112238,40112239,40112240,40112241,40112242,40112243"
        #expect(try await vast.run("--pacing", "none", "-e", "vast.guard{max_stops = 20} vast.stop{\(ids)}").code == 0)
        let before = try await simulator.changes().count
        let refused = try await vast.run("undo", "--last", "--unpaced")
        #expect(refused.code == 3)
        #expect(refused.errors.contains("--limit max_starts=11"), "\(refused.errors)")
        #expect(try await simulator.changes().count == before)
        #expect(try await vast.run("undo", "--last", "--unpaced", "--limit", "max_starts=11").code == 0)
    }

    @Test("the rolling hour counts over runs")
    func hour() async throws {
        let (vast, simulator) = try await prepared()
        defer { withExtendedLifetime(simulator) {} }
        #expect(try await vast.run("--pacing", "none", "-e", "vast.guard{max_stops = 3} vast.stop{40112233, 40112234}").code == 0)
        let second = try await vast.run("--pacing", "none", "-e", "vast.guard{max_stops = 3} vast.stop{40112235, 40112236}")
        #expect(second.code == 3)
        #expect(second.errors.contains("2 stops asked after 2 in the last hour, limit 3"), "\(second.errors)")
    }

    @Test(
        "a full or unusable disk refuses changes: no intent on disk, no change",
        arguments: [
            "trap '' XFSZ; ulimit -f 8;", "VAST_LUA_STATE=/proc/none", "VAST_LUA_STATE=$PWD/in"
        ])
    func fullDisk(before: String) async throws {
        let (vast, simulator) = try await prepared()
        let run = try await vast.shell("\(before) \"$V\" --pacing none -e 'vast.stop(40112233)'")
        #expect(run.code == 3)
        #expect(run.errors.contains("nothing was sent") || run.errors.contains("Nothing was sent"), "\(run.errors)")
        #expect(try await simulator.changes().isEmpty)
    }

    @Test("a fleet that has halved since the last run is not acted on until somebody says so")
    func halved() async throws {
        let (vast, simulator) = try await prepared()
        #expect(try await vast.run("--pacing", "none", "-e", "vast.instances()").code == 0)
        try await simulator.removeAll(but: [40112233, 40112234, 40112235])
        let script = "vast.instances() vast.stop(40112233)"
        let run = try await vast.run("--pacing", "none", "-e", script)
        #expect(run.code == 3)
        #expect(run.errors.contains("the fleet has 3 instances and had 40"), "\(run.errors)")
        #expect(try await simulator.changes().isEmpty)
        #expect(try await vast.run("--pacing", "none", "--accept", "halved", "-e", script).code == 0)
        #expect(try await vast.run("--pacing", "none", "-e", "vast.instances() vast.stop(40112234)").code == 0)
    }
}
