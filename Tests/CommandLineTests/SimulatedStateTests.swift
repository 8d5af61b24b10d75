import Foundation
import Testing

/// One simulated world knows nothing of another, nor of the real fleet.
@Suite struct SimulatedStateTests {
    private static let stops = """
        for _, id in ipairs {40112240, 40112241, 40112242, 40112246, 40112247} do
          local ok, e = pcall(vast.stop, id)
          print(id, ok, ok or e)
        end
        vast.store.set("seen", vast.store.get("seen", 0) + 1)
        print(vast.store.get("seen"))
        """

    @Test("four runs with --simulator do the same, and write nothing to the state directory")
    func sameEveryTime() async throws {
        let vast = try VastLua()
        try vast.write("s.lua", Self.stops)
        let state = vast.folder.appendingPathComponent("kept").path
        var simulated = vast
        simulated.environment["VAST_LUA_STATE"] = state
        var outputs: Set<String> = []
        for _ in 1...4 {
            let run = try await simulated.run("--simulator", "s.lua")
            #expect(run.code == 0, "\(run.errors)")
            outputs.insert(run.output)
        }
        #expect(outputs.count == 1 && outputs.first?.contains("false") == false, "\(outputs)")
        #expect(outputs.first?.hasSuffix("\n1\n") == true)
        #expect(!FileManager.default.fileExists(atPath: state))
    }

    @Test("a freeze of the real fleet, and a place for its state that cannot be used, do not reach a simulated run")
    func noState() async throws {
        var vast = try VastLua()
        #expect(try await vast.run("freeze", "audit").code == 0)
        #expect(try await vast.run("--simulator", "-e", "vast.stop(40112241)").code == 0)
        vast.environment["VAST_LUA_STATE"] = "relative"
        #expect(try await vast.run("--simulator", "-e", "vast.stop(40112241)").code == 0)
    }
}
