import FleetWorld
import Testing
import VastSimulator

/// What a run has destroyed is gone for it.
@Suite struct DestroyTwiceTests {
    @Test("an instance that the run has destroyed is not destroyed again", arguments: ["0s", "20s", "5m"])
    func twice(pause: String) async throws {
        var options = TestWorld.Options()
        options.fleetSize = 4
        let script = """
            vast.guard{allow_destroy = true}
            local id = vast.instances()[1].id
            vast.destroy(id, {confirm = id})
            vast.sleep('\(pause)')
            return vast.destroy(id, {confirm = id})[id], tostring(vast.destroy({id}, {confirm = {id}}))
            """
        let run = try await TestWorld(seed: 3, options: options).run(script: script)
        #expect(run.errorText == nil)
        #expect(run.values.map { $0.contains("satisfied") } == [true, true], "\(run.values)")
        #expect(run.trace.count { $0.contains(" DELETE ") } == 1, "\(run.trace)")
        #expect(run.report?.contains("destroyed 1 (confirmed)") == true, "\(run.report ?? "")")
    }
}
