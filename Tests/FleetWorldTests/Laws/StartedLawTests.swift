import FleetClock
import FleetWorld
import Testing
import VastAPI
import VastSimulator

/// What is said of instances that have just been started, in the run that did it and in the next one.
@Suite struct StartedLawTests {
    private static func world(_ seed: UInt64) throws -> TestWorld {
        var options = TestWorld.Options()
        options.fleet = { fleet in
            var dice = SeededGenerator(seed: seed ^ 0x5354)
            fleet = Fleet()
            for id in 1...Int64.random(in: 2...6, using: &dice) {
                var made = InstanceSpecification(id: id, label: "i\(id)")
                (made.machine, made.isOn) = (id + 100, Int.random(in: 0..<4, using: &dice) == 0)
                fleet.instances.append(made.instance(at: TestWorld.start, seed: seed))
                fleet.machines[id + 100] = Machine(gpus: 1, takenByOthers: !made.isOn && Int.random(in: 0..<3, using: &dice) == 0 ? 1 : 0)
            }
        }
        return try TestWorld(seed: seed, options: options)
    }

    private static let states = """
        local lines = {}
        for _, inst in ipairs(vast.instances()) do lines[#lines + 1] = inst.id .. " " .. inst.state end
        return table.concat(lines, ", ")
        """

    @Test("what was started is no dead container, for the next run either, and is called queued only where the service has queued it")
    func law() async throws {
        let count = LawCount("started")
        let result = await count.sweep(30) { seed in
            var dice = SeededGenerator(seed: seed ^ 0x4C41)
            let world = try Self.world(seed)
            let rule = ["cancel", "cancel", "queue"].randomElement(using: &dice) ?? "cancel"
            let ids = world.ids.shuffled(using: &dice).prefix(Int.random(in: 1...4, using: &dice)).map { "\($0)" }.joined(separator: ", ")
            let verb = rule == "cancel" && Int.random(in: 0..<4, using: &dice) == 0 ? "reboot" : "start"
            let call = verb == "start" ? "pcall(vast.start, {\(ids)}, {unavailable = '\(rule)'})" : "pcall(vast.reboot, {\(ids)})"
            let look = Bool.random(using: &dice) ? "vast.instances()" : ""
            let script = "vast.guard{max_starts = 99, max_reboots = 99, max_fraction = 1} \(look) \(call)"
            let run = try await world.run(script: script, wait: .seconds(Int.random(in: 0...2, using: &dice)))
            let isQueued = world.service.world.instances.values.contains {
                $0.status.intended == "running" && $0.status.current == "stopped"
            }
            count.add(world)
            count.compared(world.ids.count)
            if run.report?.contains("queued: it bills") == true, rule == "cancel" || !isQueued {
                return "nothing is queued: \(run.report ?? "")"
            }
            let next = try await world.run(script: Self.states, wait: .zero)
            let states = next.values.first ?? ""
            if states.contains("starting") { count.meet("starting", 1) }
            return states.contains("dead") ? "\(script)\n\(run.report ?? "")\n\(states)" : nil
        }
        #expect(result.failures.isEmpty)
        #expect(result.tried < 30 || count.met["starting", default: 0] > 5)
    }
}
