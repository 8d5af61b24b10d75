import FleetClock
import FleetWorld
import Foundation
import Testing

@Suite("A world from a seed")
struct DeterminismTests {
    /// Two scripts in one world, the second after the first, while requests, files and people fail them.
    static func text(_ seed: UInt64) async throws -> String {
        var options = TestWorld.Options()
        options.limitsRate = seed % 3 == 0
        let world = try TestWorld(seed: seed, options: options)
        var dice = SeededGenerator(seed: seed)
        var plan = RandomFaults.plan(seed: seed)
        if seed % 4 == 1 {
            plan.at(pick([.before, .answering, .after], &dice), Int.random(in: 1...20, using: &dice)) { [weak world] in world?.interrupt() }
        }
        if seed % 5 == 2 {
            world.files.fail(pick(FaultyFiles.Failure.allCases, &dice), at: Int.random(in: 1...400, using: &dice))
        }
        world.transport.plan = plan
        var text = ""
        for part in 0..<2 as Range<UInt64> {
            let script = RandomScript.script(seed: seed * 2 + part, ids: world.ids)
            // Without confirming: there an interrupt reaches the thread of the Lua state when that thread has a turn, not at an instant
            // of the clock.
            text += script + (try await world.run(script: script, wait: .zero)).text
            world.files.heal()
        }
        return text
    }

    private static func pick<Element>(_ choices: [Element], _ dice: inout SeededGenerator) -> Element {
        choices[Int.random(in: 0..<choices.count, using: &dice)]
    }

    @Test("a seed gives the same trace byte for byte")
    func same() async throws {
        let sweep = Sweep("determinism", count: 30, seeds: Bundle.module.resourcePath.map { "\($0)/Seeds" })
        var hashes = ""
        let result = await sweep.run { seed in
            let (first, second) = (try await Self.text(seed), try await Self.text(seed))
            hashes += TraceHash.of(first)
            return first == second ? nil : Self.difference(first, second)
        }
        // Other processes print the same.
        print("law determinism: hash of all traces \(TraceHash.of(hashes))")
        #expect(result.failures.isEmpty)
        #expect(result.tried >= 1)
    }

    @Test("the seeds give different worlds, of which most do something, and in some of which something fails")
    func variety() async throws {
        var (exchanges, changes, errors, journaled, texts) = (0, 0, 0, 0, Set<String>())
        for seed in 1...12 as ClosedRange<UInt64> {
            let world = try TestWorld(seed: seed)
            let run = try await world.run(script: RandomScript.script(seed: seed, ids: world.ids))
            exchanges += run.trace.count
            changes += run.changes.count
            errors += run.errorKind == nil ? 0 : 1
            journaled += run.journal.isEmpty ? 0 : 1
            texts.insert(run.text)
        }
        #expect(exchanges >= 100 && changes >= 12 && errors >= 2 && errors < 12 && journaled >= 6 && texts.count == 12)
    }

    @Test("without waits and readings a script is nothing but verbs, and every script is correct Lua")
    func scripts() async throws {
        var options = RandomScript.Options()
        options.hasWaits = false
        for seed in 1...40 as ClosedRange<UInt64> {
            let plain = RandomScript.script(seed: seed, ids: [7, 8], options: options)
            for word in ["sleep", "vast.instance(", "wait"] { #expect(!plain.contains(word), "\(plain)") }
            let world = try TestWorld(seed: seed)
            let script = RandomScript.script(seed: seed, ids: world.ids)
            let run = try await world.run(script: "local chunk, why = load(...) return why".replacing("...", with: Self.quoted(script)))
            #expect(run.values.first == "nil" && run.errorKind == nil, "\(run.values) \(script)")
        }
    }

    private static func quoted(_ text: String) -> String { "[==[\(text)]==]" }

    /// The first lines that differ.
    static func difference(_ first: String, _ second: String) -> String {
        let (left, right) = (first.split(separator: "\n"), second.split(separator: "\n"))
        guard let place = zip(left, right).enumerated().first(where: { $1.0 != $1.1 })?.offset else {
            return "\(left.count) lines and \(right.count) lines"
        }
        return "line \(place): \(left[place])\n and \(right[place])"
    }
}
