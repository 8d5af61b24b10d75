import Foundation
import Testing

/// The scripts of the package do what they say, against the simulator over real HTTP.
@Suite struct ScriptsTests {
    let vast: VastLua
    init() throws { vast = try VastLua() }

    private func script(_ name: String) -> String { VastLua.root.appendingPathComponent("scripts/\(name)").path }

    @Test("nightly.lua stops what idles, keeps what is labelled keep*, labels what it stopped and names what is dead")
    func nightly() async throws {
        // Where much else runs, a reading that is a second late must not be a hole in the window.
        let run = try await vast.run(script("nightly.lua"), "--simulator", "--simulator-speed", "150")
        #expect(run.code == 0)
        for name in ["eval-h100", "dev-anna", "sweep-3"] { #expect(run.output.contains(name)) }
        #expect(!run.output.contains("keep-"))
        #expect(run.output.contains("DEAD BUT BILLING"))
        #expect(run.errors.hasPrefix("vast-lua nightly.lua: stopped 6 (confirmed), labelled 6 (confirmed); $"))
        #expect(run.errors.split(separator: "\n").count == 1)
    }

    @Test("label-by-schedule.lua labels what matches once, and leaves it alone the second time")
    func labels() async throws {
        let vast = try VastLua(["VAST_API_KEY": "simulator"])
        let simulator = try await RunningSimulator(vast)
        let first = try await vast.run("--url", simulator.url, "--pacing", "none", script("label-by-schedule.lua"), "train-a")
        #expect(first.code == 0)
        #expect(first.output.contains("train-a ["))
        #expect(first.errors.hasPrefix("vast-lua label-by-schedule.lua: labelled 1 (confirmed)"))
        let second = try await vast.run("--url", simulator.url, "--pacing", "none", script("label-by-schedule.lua"), "train-a*")
        #expect(second.output == "")
        #expect(second.errors == "")
    }

    @Test(
        "every script ends with 0 on the built-in fleet, dry and looking once",
        arguments: [
            ["nightly.lua", "5m"], ["idle-stop.lua"], ["lease.lua"], ["office-hours.lua"], ["morning-report.lua"], ["outbid-alert.lua"],
            ["stopped-disk-report.lua"], ["label-by-schedule.lua"], ["budget-governor.lua"], ["bid-floor.lua", "spot*", "0.4"],
            ["start-retry.lua", "dev*"]
        ])
    func builtIn(words: [String]) async throws {
        let run = try await vast.run(["--simulator", "-n", "--once", script(words[0])] + words.dropFirst())
        #expect(run.code == 0, "\(run.output)\(run.errors)")
        #expect(!run.errors.contains("label ' "), "\(run.errors)")
    }

    @Test("bid-floor.lua raises within its limit what was outbid, lets go above it, and leaves alone what runs")
    func bidFloor() async throws {
        try vast.write(
            "fleet.json",
            """
            {"fleet": 1, "instances": [
              {"id": 4, "label": "spot-a", "is_bid": true, "num_gpus": 2, "simulator": {"floor": 0.1}},
              {"id": 5, "label": "spot-b", "is_bid": true, "simulator": {"floor": 0.05}},
              {"id": 6, "label": "spot-c", "is_bid": true, "simulator": {"floor": 0.05}},
              {"id": 7, "label": "other", "is_bid": true, "simulator": {"floor": 0.05}}],
             "events": [{"after": 300, "id": 4, "event": "outbid"}, {"after": 300, "id": 5, "event": "floor:5"},
              {"after": 300, "id": 7, "event": "outbid"}]}
            """)
        let tell = """
            local before = {}
            for _, i in ipairs(vast.instances()) do before[i.id] = i.dph_base end
            vast.spawn(function()
              vast.sleep('1h')
              for _, i in ipairs(vast.instances()) do print(i.id, i.state, i.dph_base == before[i.id] and 'as before' or i.dph_base) end
              os.exit(0)
            end)
            """
        let run = try await vast.run("--simulator=fleet.json", "-e", tell, script("bid-floor.lua"), "spot*", "0.5", "0.8")
        let lines = run.output.split(separator: "\n").map { $0.split(separator: "\t").map(String.init) }
        #expect(lines.map { $0.prefix(2).joined(separator: " ") } == ["4 running", "5 outbid", "6 running", "7 outbid"], "\(run.errors)")
        #expect(lines.map { $0.last == "as before" } == [false, false, true, true])
        // 0.5 for each GPU on demand, of which 0.8 is the most.
        #expect(
            lines.first?.last.flatMap(Double.init).map { $0 <= 0.8 } == true && lines.dropFirst().first?.last.flatMap(Double.init) == 0.4)
        #expect(run.errors.matches(of: /let go of 5/).count == 1, "\(run.errors)")
        let usage = try await vast.run("--simulator", script("bid-floor.lua"), "spot*")
        #expect(usage.code == 2 && usage.errors.hasPrefix("usage: vast-lua scripts/bid-floor.lua"))
    }

    @Test(
        "bid-floor.lua refuses a price or a part that can be no limit",
        arguments: [["0.40", "80"], ["0.40", "1.01"], ["0.40", "0"], ["0.40", "-1"], ["-0.40", "0.8"], ["0", "0.8"]])
    func bidFloorLimits(arguments: [String]) async throws {
        let run = try await vast.run(["--simulator", script("bid-floor.lua"), "spot*"] + arguments)
        #expect(run.code == 2, "\(run.errors)")
        #expect(run.errors.contains(/^bid-floor.lua: (PART is a share|ON_DEMAND_PRICE_OF_A_GPU is) .* 0/), "\(run.errors)")
    }

    @Test("stopped-disk-report.lua names what stopped instances cost in a day, and the sum")
    func diskReport() async throws {
        let run = try await vast.run("--simulator", script("stopped-disk-report.lua"))
        #expect(run.code == 0 && run.errors == "")
        #expect(run.output.contains("old-1"))
        #expect(run.output.contains(/\n\d+ stopped: \$\d+\.\d\d a day for disks\n$/), "\(run.output)")
    }

    @Test("start-retry.lua without a label says how it is used, and with one that nothing has does nothing")
    func startRetry() async throws {
        let none = try await vast.run("--simulator", script("start-retry.lua"), "nothing*")
        #expect(none.code == 0 && none.output.contains("nothing to start"))
        let usage = try await vast.run("--simulator", script("start-retry.lua"))
        #expect(usage.code == 2 && usage.errors.hasPrefix("usage: vast-lua scripts/start-retry.lua"))
    }

    @Test(
        "a fleet file is served as the fleet",
        arguments: [
            #"[{"id": 7, "label": "mine", "actual_status": "running", "intended_status": "running", "cur_state": "running"}]"#,
            #"{"fleet": 1, "instances": [{"id": 7, "label": "mine"}]}"#
        ])
    func fleetFile(text: String) async throws {
        try vast.write("fleet.json", text)
        let run = try await vast.run("--simulator=fleet.json", "-e", "for _, i in ipairs(vast.instances()) do print(i.id, i.label) end")
        #expect(run.output == "7\tmine\n")
    }
}
