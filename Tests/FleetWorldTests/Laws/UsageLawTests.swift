import FleetClock
import FleetSafety
import FleetWorld
import Testing
import VastAPI
import VastSimulator

/// The guard's usage is the journal's count, and no less than what the service has done; what is protected stays as it
/// is, whatever was planned before.
@Suite struct UsageLawTests {
    private static let protected: Set<Int64> = [RandomFleet.firstID, RandomFleet.firstID + 6]
    private static let header = """
        vast.guard{max_stops = 60, max_starts = 60, max_fraction = 1, max_reboots = 60, allow_raw = true,
          protect = {label = 'keep*', id = {\(RandomFleet.firstID), \(RandomFleet.firstID + 6)}}}

        """

    @Test("usage and journal agree after any failure, and nothing protected is touched, whatever was planned before")
    func law() async throws {
        let count = LawCount("usage")
        let result = await count.sweep(40) { seed in
            var dice = SeededGenerator(seed: seed ^ 0x7573_6167)
            let world = try TestWorld(seed: seed)
            let before = world.service.world.instances
            var options = RandomScript.Options()
            options.hasWaits = seed % 3 == 0
            var plain = options
            plain.hasWaits = false
            let plans = (0..<Int.random(in: 0...2, using: &dice)).map {
                RandomScript.script(seed: seed * 7 + UInt64($0), ids: world.ids, options: plain)
            }
            if seed % 4 != 0 {
                Ending.allCases[Int(seed / 4) % Ending.allCases.count].plan(Int.random(in: 1...25, using: &dice), in: world, &dice)
            }
            if seed % 5 == 0 {
                let failure = FaultyFiles.Failure.allCases[Int(seed / 5) % FaultyFiles.Failure.allCases.count]
                world.files.fail(failure, at: Int.random(in: 1...400, using: &dice), lasting: seed % 2 == 0)
            }
            let script = Self.header + RandomScript.script(seed: seed, ids: world.ids, options: options)
            let run = try await world.run(script: script, plans: plans)
            world.files.heal()
            count.add(world)
            count.meet("planned changes", run.planned.count)
            return Self.problems(run, world, before, count)
        }
        #expect(result.failures.isEmpty)
        #expect(
            result.tried < 40
                || count.ids > 50 && count.met["planned changes", default: 0] > 50 && count.met["complete journals", default: 0] > 20)
    }

    private static func problems(
        _ run: WorldRun, _ world: TestWorld, _ before: [Int64: SimulatedInstance], _ count: LawCount
    ) -> String? {
        let carried = Carried(run.changes, world)
        var problems = carried.unnamed
        for change in carried.changes where change.entry.verb != .start {
            let (entry, exchange) = (change.entry, change.exchange)
            let label = before[entry.id.rawValue]?.label ?? ""
            if protected.contains(entry.id.rawValue) || label.hasPrefix("keep") {
                problems.append("\(entry.verb?.rawValue ?? "?") of \(entry.id), which is protected, at exchange \(exchange)")
            }
        }
        // Later the usage of the beginning is forgotten.
        if run.ended < .seconds(3_500) {
            problems += carried.missing(in: run.usage)
            if run.isJournalComplete {
                count.meet("complete journals")
                let (usage, journal) = (Carried.counts(run.usage), Carried.counts(run.counted))
                for entry in Set(usage.keys).union(journal.keys) where usage[entry] != journal[entry] {
                    problems.append(
                        "\(entry.verb?.rawValue ?? "?") \(entry.id): the guard counts \(usage[entry] ?? 0), the journal \(journal[entry] ?? 0)"
                    )
                }
                count.compared(usage.count)
            }
        }
        return problems.isEmpty ? nil : problems.prefix(5).joined(separator: "\n")
    }
}
