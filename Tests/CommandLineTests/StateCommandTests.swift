import Foundation
import Testing

/// `vast-lua state` with the real program on what version 0.1 has left.
@Suite("vast-lua state") struct StateCommandTests {
    private let vast: VastLua

    init() throws { vast = try VastLua() }

    private func fill() throws {
        let fixture = VastLua.root.appendingPathComponent("Tests/FleetStoreTests/State/Fixture-0.1/state.sqlite")
        try FileManager.default.copyItem(at: fixture, to: vast.folder.appendingPathComponent("state.sqlite"))
    }

    private func config(_ text: String) throws {
        let place = vast.folder.appendingPathComponent(".config/vast-lua/config.json")
        try FileManager.default.createDirectory(at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
        try text.write(to: place, atomically: true, encoding: .utf8)
    }

    @Test("says that nothing is kept where nothing is, and makes nothing")
    func empty() async throws {
        let outcome = try await vast.run("state")
        #expect(outcome.code == 0 && outcome.output.hasPrefix("nothing is kept yet in "))
        #expect(try FileManager.default.contentsOfDirectory(atPath: vast.folder.path).allSatisfy { !$0.hasPrefix("state.") })
    }

    @Test("shows what is kept, and pruning drops what is old and can no more be undone")
    func pruning() async throws {
        try fill()
        let before = try await vast.run("state", "--json")
        #expect(before.code == 0 && before.output.contains(#""runs":{"count":8"#), "\(before.output)\(before.errors)")
        let shown = try await vast.run("state")
        #expect(shown.output.contains("state.sqlite: ") && shown.output.contains("WHAT"))
        // The fixture has fewer than twenty runs: all of them can be undone.
        let pruned = try await vast.run("state", "prune", "--journal", "2d", "--readings", "2d", "--json")
        #expect(pruned.code == 0 && pruned.output.contains(#""runs":0,"#), "\(pruned.output)\(pruned.errors)")
        let history = try await vast.run("history", "--json")
        #expect(history.output.split(separator: "\n").count == 8)
    }

    @Test("keeps two days at least, whatever is asked for, on the command line and in the config file")
    func least() async throws {
        try fill()
        let asked = try await vast.run("state", "prune", "--journal", "1d")
        #expect(asked.code == 2 && asked.errors.contains("--journal is at least"), "\(asked.errors)")
        try config(#"{"retention": {"readings": "1h"}}"#)
        let configured = try await vast.run("state")
        #expect(configured.code == 2 && configured.errors.contains("retention.readings is at least"), "\(configured.errors)")
        try config(#"{"retention": {"journals": "100d"}}"#)
        let misspelt = try await vast.run("state")
        #expect(misspelt.code == 2 && misspelt.errors.contains("journal"), "\(misspelt.errors)")
    }

    @Test("options of pruning without it are wrong usage")
    func options() async throws {
        let outcome = try await vast.run("state", "--journal", "90d")
        #expect(outcome.code == 2 && outcome.errors.contains("go with prune"))
    }
}
