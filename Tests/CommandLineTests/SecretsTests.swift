import Foundation
import Testing

/// Whatever is run, at the most talkative level: keys, tokens, start scripts and environments of instances appear nowhere.
@Suite struct SecretsTests {
    private static let key = "marked-key-0123456789abcdef"
    private static let marks = ["marked-key", "marked-token", "marked-onstart", "marked-env"]

    private static let fleet = """
        [{"id": 7, "label": "train", "actual_status": "running", "intended_status": "running", "cur_state": "running",
          "next_state": "running", "is_bid": false, "gpu_name": "RTX 4090", "num_gpus": 1, "gpu_util": 0.0, "gpu_temp": 40.0,
          "start_date": 1700000000.0, "dph_total": 1.0, "jupyter_token": "marked-token", "onstart": "export A=marked-onstart",
          "extra_env": [["HF_TOKEN", "marked-env"]]}]
        """

    private static let talkative = """
        local i = vast.instance(7)
        assert(i.jupyter_token == "marked-token", "the simulator has lost its secrets")
        print(i, tostring(i), vast.inspect(i), vast.inspect{i}, vast.json.encode(i), vast.json.encode(vast.instances()))
        vast.log.info("an instance", {i = i, list = vast.instances()})
        vast.label(i, "new", {reason = function(x) return tostring(x) end})
        vast.stop(7, {reason = "night"})
        print(pcall(vast.stop, {7, "x"}))
        print(pcall(vast.request, "GET", "/api/v0/nothing/"), os.getenv("VAST_API_KEY"))
        local f = io.open("/proc/self/environ") print((f:read("a"):gsub("%z", "\\n")))
        error(vast.inspect(i) .. tostring(i))
        """

    private func prepared() async throws -> (VastLua, RunningSimulator) {
        var vast = try VastLua(["VAST_API_KEY": Self.key])
        try vast.write("fleet.json", Self.fleet)
        let path = vast.folder.appendingPathComponent("fleet.json").path
        let simulator = try await RunningSimulator(vast, options: ["--key", Self.key, "--fleet", path])
        vast.environment["VAST_URL"] = simulator.url
        try FileManager.default.removeItem(atPath: path)
        try vast.write("a.lua", Self.talkative)
        return (vast, simulator)
    }

    @Test("nothing that is printed, logged, planned or kept holds a secret")
    func everything() async throws {
        let (vast, simulator) = try await prepared()
        defer { withExtendedLifetime(simulator) {} }
        let commands = [
            "\"$V\" plan --pacing none --log-level trace -o plan.json a.lua", "\"$V\" plan --pacing none --json -e 'vast.stop(7)'",
            "\"$V\" --pacing none --log-level trace --log-file log.txt --log-format json a.lua",
            "\"$V\" --pacing none --log-level trace a.lua", "\"$V\" history --json", "\"$V\" history", "\"$V\" doctor",
            "\"$V\" doctor --json",
            "\"$V\" history $(\"$V\" history --json | grep -o '\"run\":\"[0-9a-f]*' | head -1 | cut -d'\"' -f4) --json",
            "\"$V\" undo --last -n", "\"$V\" undo --last --unpaced", "\"$V\" --url http://127.0.0.1:1 -e 'vast.user()'",
            "\"$V\" --url http://name:pass@127.0.0.1:1/ -e 'vast.user()'"
        ]
        for command in commands {
            let run = try await vast.shell(command)
            #expect(run.code < 128, "\(command)")
            #expect(!run.errors.contains("lost its secrets"), "\(command)")
            // The script asks for its instance's token itself once, and compares it.
            expectNoSecret(run.output, command)
            expectNoSecret(run.errors, command)
        }
        try expectNoSecretInFiles(of: vast)
    }

    private func expectNoSecret(_ text: String, _ place: String) {
        for mark in Self.marks where text.contains(mark) { Issue.record("\(mark) in \(place)") }
    }

    private func expectNoSecretInFiles(of vast: VastLua) throws {
        let enumerator = try #require(FileManager.default.enumerator(at: vast.folder, includingPropertiesForKeys: [.isRegularFileKey]))
        var count = 0
        for case let url as URL in enumerator where try url.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true {
            guard url.lastPathComponent != "a.lua" else { continue }
            let text = String(decoding: try Data(contentsOf: url), as: UTF8.self)
            expectNoSecret(text, url.lastPathComponent)
            count += 1
        }
        #expect(count >= 4, "plan, log and state are among the files")
    }
}
