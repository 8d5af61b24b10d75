import FleetWorld
import Foundation
import Testing

@Suite("A world from a seed")
struct DeterminismTests {
    /// Two scripts in one world, the second after the first, with faults.
    static func text(_ seed: UInt64) async throws -> String {
        var options = TestWorld.Options()
        options.limitsRate = seed % 3 == 0
        let world = try TestWorld(seed: seed, options: options)
        world.transport.plan = RandomFaults.plan(seed: seed)
        var text = ""
        for part in 0..<2 as Range<UInt64> {
            let script = RandomScript.script(seed: seed * 2 + part, ids: world.ids)
            text += script + (try await world.run(script: script)).text
        }
        return text
    }

    @Test("a seed gives the same trace byte for byte")
    func same() async throws {
        let sweep = Sweep("determinism", count: 30, seeds: Bundle.module.resourcePath.map { "\($0)/Seeds" })
        let result = await sweep.run { seed in
            let (first, second) = (try await Self.text(seed), try await Self.text(seed))
            return first == second ? nil : Self.difference(first, second)
        }
        #expect(result.failures.isEmpty)
        #expect(result.tried >= 1)
    }

    /// The first lines that differ.
    static func difference(_ first: String, _ second: String) -> String {
        let (left, right) = (first.split(separator: "\n"), second.split(separator: "\n"))
        guard let place = zip(left, right).enumerated().first(where: { $1.0 != $1.1 })?.offset else {
            return "\(left.count) lines and \(right.count) lines"
        }
        return "line \(place): \(left[place])\n and \(right[place])"
    }
}
