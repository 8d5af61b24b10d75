import Foundation
import Testing

/// The state and the config file of version 0.1 with the real program; see `FixtureTests` for what is in them.
@Suite("The program on what version 0.1 has left") struct FixtureCommandTests {
    private static let fixture = VastLua.root.appendingPathComponent("Tests/FleetStoreTests/State/Fixture-0.1")

    let vast: VastLua

    init() throws {
        vast = try VastLua()
        for (name, place) in [
            ("state.sqlite", "state.sqlite"), ("freeze.json", "freeze.json"), ("config.json", ".config/vast-lua/config.json")
        ] {
            let target = vast.folder.appendingPathComponent(place)
            try FileManager.default.createDirectory(at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
            try FileManager.default.copyItem(at: Self.fixture.appendingPathComponent(name), to: target)
        }
    }

    @Test("history lists its eight runs, the newest first, and each change of one")
    func history() async throws {
        let listed = try await vast.run("history", "--json")
        #expect(listed.code == 0)
        let ids = ["4e2f47", "d91e23", "09354a", "e5c1a3", "5e35fd", "b96f9a", "6c9bd5", "677694"]
        let lines = listed.output.split(separator: "\n")
        #expect(lines.count == ids.count && zip(lines, ids).allSatisfy { $0.contains("\"run\":\"\($1)\"") })
        let changes = try await vast.run("history", "677694", "--json")
        #expect(changes.code == 0 && changes.output.contains(#""error_kind":"unavailable""#))
    }

    @Test("the ceilings of its config file hold")
    func config() async throws {
        let outcome = try await vast.run("--simulator", "-e", "vast.guard {max_starts = 9} vast.label(40112303, 'x')")
        #expect(outcome.code == 3 && outcome.errors.contains("is protected (id 40112303)"), "\(outcome.errors)")
        #expect(outcome.errors.contains("max_starts=9, more than the config file allows: 5 holds"))
    }
}
