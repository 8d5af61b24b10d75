import FleetStore
import FleetWorld
import Testing
import VastSimulator

@Suite("What a world can do to a script")
struct TestWorldTests {
    /// A world with running instances 1 to 4.
    private func world(_ seed: UInt64 = 5) throws -> TestWorld {
        var options = TestWorld.Options()
        options.fleet = { fleet in
            let now = TestWorld.start
            fleet = Fleet(instances: (1...4).map { InstanceSpecification(id: $0, label: "i\($0)").instance(at: now, seed: 1) })
        }
        return try TestWorld(seed: seed, options: options)
    }

    @Test("a script's values, report, ledger, requests, changes and journal are told")
    func everything() async throws {
        let run = try await world().run(script: "vast.stop({1, 2}, {reason = 'night'}) return 7, 'x'")
        #expect(run.values == ["integer(7)", "string(\"x\")"] && run.errorKind == nil)
        #expect(run.report?.hasPrefix("stopped 2 (confirmed)") == true, "\(run.report ?? "")")
        #expect(run.ledger.changes.map(\.id) == [1, 2])
        #expect(Set(run.changes.map(\.instance)) == [1, 2])
        #expect(run.journal.filter { $0.hasPrefix("change") }.count == 2 && run.journal.contains { $0.contains("reason night") })
        #expect(run.trace.count >= 3)
    }

    @Test("an interruption at any exchange ends the script, and the journal names what was sent", arguments: 1...5)
    func interruption(number: Int) async throws {
        let world = try world()
        world.transport.plan.at(.answering, number) { [weak world] in world?.interrupt() }
        let run = try await world.run(script: "for i = 1, 4 do vast.stop(i) vast.reboot(i) end", wait: .zero)
        #expect(run.errorKind == "cancelled", "\(run.errorKind ?? "nil") \(run.errorText ?? "")")
        #expect(run.trace.count == number)
        for change in run.changes { #expect(run.journal.contains { $0.contains(", \(change.instance), ") }) }
    }

    @Test("a freeze between two exchanges lets nothing more through")
    func freezing() async throws {
        let world = try world()
        let (freeze, clock) = (world.freeze, world.clock)
        let first = try await world.run(script: "vast.stop(1)")
        let next = first.trace.count + 1
        world.transport.plan.at(.before, next) {
            try? freeze.freeze(Freeze(since: clock.unixTime, reason: "a test", by: "somebody"))
        }
        let run = try await world.run(script: "vast.instances() vast.stop(2)")
        #expect(run.errorKind == "guard" && run.changes.isEmpty, "\(run.text)")
    }

    @Test("when the files die at any operation, every change is named by the journal, and the next run settles it")
    func deaths() async throws {
        let script = "vast.stop(1) vast.label(2, 'new') pcall(vast.reboot, 3)"
        let sound = try world()
        sound.files.heal()
        _ = try await sound.run(script: script)
        let count = sound.files.count
        #expect(count >= 100)
        var doubts = 0
        for nth in stride(from: 1, through: count, by: 7) {
            let world = try world()
            world.files.fail(.tornDeath, at: nth)
            let run = try await world.run(script: script, wait: .zero)
            for change in run.changes {
                #expect(
                    run.journal.contains { $0.hasPrefix("change") && $0.contains(", \(change.instance), ") },
                    "operation \(nth)\n\(run.text)")
            }
            world.files.heal()
            let next = try await world.run(script: "vast.instances()")
            doubts += next.messages.count
            #expect(next.errorKind == nil)
        }
        #expect(doubts > 0)
    }
}
