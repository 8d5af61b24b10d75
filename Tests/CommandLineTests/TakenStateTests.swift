import Foundation
import Testing

/// What is under a run is removed while it goes on, with the real program.
@Suite struct TakenStateTests {
    @Test("the next change is refused with 3, and nothing more is sent", arguments: ["state.sqlite", "runs", "locks"])
    func taken(name: String) async throws {
        var vast = try VastLua(["VAST_API_KEY": "simulator"])
        let simulator = try await RunningSimulator(vast)
        defer { withExtendedLifetime(simulator) {} }
        vast.environment["VAST_URL"] = simulator.url
        try vast.write(
            "a.lua",
            """
            vast.label(40112233, "a")
            vast.exec{"rm", "-r", "\(vast.folder.path)/\(name)"}
            vast.stop(40112233)
            """)
        let run = try await vast.run("--pacing", "none", "a.lua")
        #expect(run.code == 3, "\(run.errors)")
        let error = try #require(run.errors.split(separator: "\n").first { $0.contains("a.lua:3: ") }, "\(run.errors)")
        #expect(error.contains("\(vast.folder.path)/\(name)") && error.contains("start again. Nothing was sent."), "\(error)")
        #expect(try await simulator.changes() == ["PUT /api/v0/instances/40112233/"])
    }
}
