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
        #expect(usage.code == 1 && usage.errors.contains("usage: start-retry.lua"))
    }

    @Test("a fleet file is served as the fleet", arguments: [
        #"[{"id": 7, "label": "mine", "actual_status": "running", "intended_status": "running", "cur_state": "running"}]"#,
        #"{"fleet": 1, "instances": [{"id": 7, "label": "mine"}]}"#,
    ])
    func fleetFile(text: String) async throws {
        try vast.write("fleet.json", text)
        let run = try await vast.run("--simulator=fleet.json", "-e", "for _, i in ipairs(vast.instances()) do print(i.id, i.label) end")
        #expect(run.output == "7\tmine\n")
    }
}
