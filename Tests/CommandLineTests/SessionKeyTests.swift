import Foundation
import Testing

@testable import VastAPI

/// The key of a two-factor session that has expired, and the key behind it; where keys stand, and the pace of one key.
@Suite struct SessionKeyTests {
    private func vast(_ simulator: RunningSimulator, session: String, key: String? = "simulator") throws -> VastLua {
        let vast = try VastLua(["VAST_URL": simulator.url])
        try vast.write(".config/vastai/vast_tfa_key", session)
        if let key { try vast.write(".config/vastai/vast_api_key", key) }
        return vast
    }

    @Test("ends with 4 and names both files when nothing says that both are of one account")
    func unknown() async throws {
        let simulator = try await RunningSimulator(try VastLua())
        let vast = try vast(simulator, session: "simulator-expired")
        for run in [try await vast.run("ls"), try await vast.run("-e", "vast.stop(40112241)"), try await vast.run("doctor")] {
            #expect(run.code == 4)
            let said = run.output + run.errors
            for word in ["vast_tfa_key", "vast_api_key", "another account", "vastai tfa login", "\"account\""] {
                #expect(said.contains(word), "\(run)")
            }
        }
        #expect(try await simulator.changes().isEmpty)
    }

    @Test("gives way to the key of the account that the config file allows, with one line")
    func configured() async throws {
        let simulator = try await RunningSimulator(try VastLua())
        let vast = try vast(simulator, session: "simulator-expired")
        let direct = try await VastLua(["VAST_API_KEY": "simulator", "VAST_URL": simulator.url]).run("-e", "print(vast.user().id)")
        let id = direct.output.trimmingCharacters(in: .whitespacesAndNewlines)
        try vast.write(".config/vast-lua/config.json", #"{"account": \#(id)}"#)
        let run = try await vast.run("-e", "print(#vast.instances() > 0)")
        #expect(run.code == 0 && run.output == "true\n", "\(run)")
        #expect(run.errors.split(separator: "\n").filter { $0.contains("has expired") }.count == 1, "\(run)")
        try vast.write(".config/vast-lua/config.json", #"{"account": 1234567}"#)
        let other = try await vast.run("ls")
        #expect(
            other.code == 4 && other.errors.contains("not of the account 1234567") && !other.errors.contains("\"account\":"), "\(other)")
    }

    @Test("gives way to the key of the account that the file was last seen with")
    func remembered() async throws {
        let simulator = try await RunningSimulator(try VastLua())
        let vast = try vast(simulator, session: "simulator")
        #expect(try await vast.run("ls").code == 0)
        try vast.write(".config/vastai/vast_tfa_key", "simulator-expired")
        let run = try await vast.run("ls")
        #expect(run.code == 0 && run.errors.contains("has expired"), "\(run)")
        // What was seen with another state says nothing.
        var other = vast
        other.environment["VAST_LUA_STATE"] = vast.folder.appendingPathComponent("other").path
        #expect(try await other.run("ls").code == 4)
    }

    @Test("alone, or with a key that is no better, ends with 4", arguments: [nil, "wrong"] as [String?])
    func hopeless(key: String?) async throws {
        let simulator = try await RunningSimulator(try VastLua())
        let run = try await vast(simulator, session: "simulator-expired", key: key).run("ls")
        #expect(run.code == 4 && run.errors.contains("vast_tfa_key") && (key == nil || run.errors.contains("vast_api_key")), "\(run)")
    }

    @Test("the doctor and the refusal of a key name every place with another one")
    func places() async throws {
        let simulator = try await RunningSimulator(try VastLua())
        var vast = try VastLua(["VAST_URL": simulator.url, "VAST_API_KEY": "simulator"])
        try vast.write(".config/vastai/vast_api_key", "simulator")
        try vast.write(".vast_api_key", "old")
        let doctor = try await vast.run("doctor")
        #expect(doctor.code == 0 && doctor.output.contains("found: VAST_API_KEY"))
        #expect(doctor.output.contains("vast_api_key (the same key)") && doctor.output.contains(".vast_api_key (another key)"), "\(doctor)")
        vast.environment["VAST_API_KEY"] = "wrong"
        let run = try await vast.run("ls")
        #expect(run.code == 4 && run.errors.contains("VAST_API_KEY counts before the other keys in"), "\(run)")
        #expect(!run.errors.contains("wrong"))
    }

    @Test("a file that VAST_API_KEY_FILE names and systemd's credential are taken, with mark and line end")
    func files() async throws {
        let simulator = try await RunningSimulator(try VastLua())
        var vast = try VastLua(["VAST_URL": simulator.url])
        try vast.write("credentials/vast_api_key", "\u{FEFF}simulator\r\n")
        vast.environment["CREDENTIALS_DIRECTORY"] = vast.folder.appendingPathComponent("credentials").path
        #expect(try await vast.run("-e", "print(vast.user().id ~= nil)").output == "true\n")
        vast.environment["VAST_API_KEY_FILE"] = try vast.write("named", "wrong\r\n")
        #expect(try await vast.run("-e", "vast.user()").code == 4)
        try vast.write("named", "\u{FEFF}simulator")
        #expect(try await vast.run("-e", "vast.user()").code == 0)
        try FileManager.default.removeItem(atPath: vast.folder.appendingPathComponent("named").path)
        let run = try await vast.run("-e", "vast.user()")
        #expect(run.code == 4 && run.errors.contains("VAST_API_KEY_FILE"), "\(run)")
    }

    @Test("all processes of a user and key keep one pace, whatever their environment")
    func pace() async throws {
        let simulator = try await RunningSimulator(try VastLua())
        let key = "simulator"
        let file =
            ClientConfiguration.pacingDirectory(state: "/nonexistent").path
            + "/pace-" + (try APIKey(key).accountName(at: try ServiceURL(simulator.url)))
        defer { try? FileManager.default.removeItem(atPath: file) }
        for runtime in [true, false] {
            var vast = try VastLua(["VAST_URL": simulator.url, "VAST_API_KEY": key])
            if runtime { vast.environment["XDG_RUNTIME_DIR"] = vast.folder.path }
            #expect(try await vast.run("ls").code == 0)
            #expect(FileManager.default.fileExists(atPath: file))
            let left = try FileManager.default.subpathsOfDirectory(atPath: vast.folder.path)
            #expect(left.allSatisfy { !$0.contains("pace-") })
            try FileManager.default.removeItem(atPath: file)
        }
    }
}
