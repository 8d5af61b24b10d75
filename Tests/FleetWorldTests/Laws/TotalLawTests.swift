import FleetClock
import FleetWorld
import Testing

/// Total: whatever ends a list at whichever exchange, everybody says the same of every id.
@Suite struct TotalLawTests {
    @Test("script, outcomes, ledger, report, journal and service agree id by id, whatever happens at exchange n")
    func law() async throws {
        let count = LawCount("total")
        let result = await count.sweep(60) { seed in
            var dice = SeededGenerator(seed: seed ^ 0x746F_7461)
            var options = TestWorld.Options()
            options.limitsRate = seed % 5 == 0
            if seed % 11 == 0 { options.fleetSize = 140 }
            let world = try TestWorld(seed: seed, options: options)
            let ending = Ending.allCases[Int(seed) % Ending.allCases.count]
            ending.plan(Int.random(in: 1...14, using: &dice), in: world, &dice)
            let run = try await world.run(script: LawScript.script(seed: seed, ids: world.ids))
            world.files.heal()
            let books = CallBooks(run, world)
            count.add(world)
            count.compared(books.compared)
            count.meet("ended lists", run.calls.count { $0.outcomes.endedBy != nil })
            count.meet(
                "unknown", run.calls.reduce(0) { $0 + $1.outcomes.byID.values.count { if case .unknown = $0 { true } else { false } } })
            return books.text.map { "\(ending)\n\($0)" }
        }
        #expect(result.failures.isEmpty)
        #expect(result.tried < 60 || count.ids > 200 && count.met["ended lists", default: 0] > 10 && count.met["unknown", default: 0] > 10)
    }
}
