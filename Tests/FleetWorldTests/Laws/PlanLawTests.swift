import FleetClock
import FleetRules
import FleetSafety
import FleetStore
import FleetWorld
import Testing
import VastAPI
import VastModels
import VastSimulator

/// Plan = live and apply = live, for scripts of verbs alone on a fleet with free GPUs and no other actor.
@Suite struct PlanLawTests {
    private static func world(_ seed: UInt64) throws -> TestWorld {
        var options = TestWorld.Options()
        options.fleet = { fleet in
            var dice = SeededGenerator(seed: seed ^ 0x706C)
            fleet = Fleet()
            for id in 1...Int64.random(in: 1...9, using: &dice) {
                var made = InstanceSpecification(id: id, label: ["", "a", "b"].randomElement(using: &dice) ?? "")
                (made.machine, made.isOn, made.isBid) = (100 + id, .random(using: &dice), .random(using: &dice))
                // No other actor: whatever is bid wins.
                made.floor = 0.001
                fleet.instances.append(made.instance(at: TestWorld.start, seed: seed))
                fleet.machines[100 + id] = Machine(gpus: 1)
            }
        }
        return try TestWorld(seed: seed, options: options)
    }

    private static var script: LawScript.Options {
        var options = LawScript.Options()
        (options.reads, options.calls, options.unavailable) = (false, 1...7, ["cancel", "queue"])
        // What a limit stands against is planned and told, and not made.
        options.isAlwaysAllowed = true
        options.verbs = ["stop", "stop", "start", "start", "label", "label", "bid", "bid", "destroy", "reboot"]
        return options
    }

    @Test("what is planned is what a run does, and what a plan's application does")
    func law() async throws {
        let count = LawCount("plan")
        let result = await count.sweep(40) { seed in
            let (live, applied) = (try Self.world(seed), try Self.world(seed))
            let script = LawScript.script(seed: seed, ids: live.ids, options: Self.script)
            let run = try await live.run(script: script)
            let planned = try await applied.run(script: "return 1", plans: [script]).planned
            let failure = try await Self.apply(planned, in: applied)
            count.add(live)
            count.add(applied)
            count.compared(live.ids.count)
            count.meet("actions", planned.count)
            count.meet("several of one instance", planned.count - Set(planned.map(\.id)).count)
            if let failure, run.ledger.hasOpenFailures == false { return "the plan was refused: \(failure.message)" }
            let differences = live.ids.compactMap { id -> String? in
                let (left, right) = (Self.state(live, id), Self.state(applied, id))
                return left == right ? nil : "\(id): the run leaves \(left), the plan \(right)"
            }
            guard !differences.isEmpty, failure == nil else { return nil }
            return differences.joined(separator: "\n")
                + "\n\(planned.map { "\($0.verb) \($0.id) \($0.payload?.text ?? "")" })\n\(script.suffix(900))"
        }
        #expect(result.failures.isEmpty)
        #expect(
            result.tried < 40
                || count.ids > 100 && count.met["actions", default: 0] > 100 && count.met["several of one instance", default: 0] > 20)
    }

    /// A world in which nothing happens by itself and every GPU is free.
    private static func calmWorld(_ seed: UInt64) throws -> TestWorld {
        var options = TestWorld.Options()
        options.fleet = { fleet in
            fleet.events = []
            for id in fleet.machines.keys { fleet.machines[id] = Machine(gpus: fleet.machines[id]?.gpus ?? 8) }
        }
        return try TestWorld(seed: seed, options: options)
    }

    @Test("with reads and waits in between, what a run changes was in its plan")
    func waits() async throws {
        let count = LawCount("plan, with waits")
        var script = RandomScript.Options()
        script.hasTasks = false
        let result = await count.sweep(40) { [script] seed in
            let (live, planning) = (try Self.calmWorld(seed), try Self.calmWorld(seed))
            // An error that ends one of both early is told by its exit code.
            let text = RandomScript.script(seed: seed, ids: live.ids, options: script).split(separator: "\n")
                .map { $0.hasPrefix("vast.guard") || $0.hasPrefix("return") ? "\($0)" : "pcall(function() \($0) end)" }.joined(
                    separator: "\n")
            let run = try await live.run(script: text)
            let planned = Set(try await planning.run(script: "return 1", plans: [text]).planned.map { "\($0.verb) \($0.id)" })
            let carried = Carried(run.changes, live).changes.filter { $0.entry.verb != .other }
            count.add(live)
            count.compared(carried.count)
            // What a limit stands against is told of, and planned all the same: what is destroyed so is gone in the plan alone.
            let met = carried.filter { !planned.contains("destroy \($0.entry.id)") }
            let missing = Set(met.map { "\($0.entry.verb?.rawValue ?? "?") \($0.entry.id)" }).subtracting(planned)
            return missing.isEmpty ? nil : "not planned: \(missing.sorted())\n\(text)"
        }
        #expect(result.failures.isEmpty)
        #expect(result.tried < 40 || count.ids > 60)
    }

    /// Calls that name instances again and again, and how many of them the guard refuses.
    private static func limited(_ seed: UInt64, ids: [Int64]) -> (script: String, limits: [GuardLimit: Double]) {
        var dice = SeededGenerator(seed: seed ^ 0x6C69_6D)
        let limits = [GuardLimit.maxStops, .maxStarts].map { ($0, Double(Int.random(in: 1...8, using: &dice))) }
        var lines = ["vast.guard{\(limits.map { "\($0.0.rawValue) = \(Int($0.1))" }.joined(separator: ", ")), max_fraction = 1}"]
        lines.append("local refused = 0")
        for _ in 0..<Int.random(in: 1...6, using: &dice) {
            let chosen = ids.shuffled(using: &dice).prefix(Int.random(in: 1...4, using: &dice)).map { "\($0)" }.joined(separator: ", ")
            let verb = Bool.random(using: &dice) ? "stop" : "start"
            lines.append(
                "do local ok, e = pcall(vast.\(verb), {\(chosen)}) if not ok and e.kind == 'guard' then refused = refused + 1 end end")
        }
        return (lines.joined(separator: "\n") + "\nreturn 'refused ' .. refused", Dictionary(uniqueKeysWithValues: limits))
    }

    @Test("a plan is refused as a whole where the guard would refuse a call of its run, and nowhere else")
    func limits() async throws {
        let count = LawCount("plan, with limits")
        let result = await count.sweep(40) { seed in
            let (live, applied) = (try Self.world(seed), try Self.world(seed))
            let (script, limits) = Self.limited(seed, ids: live.ids)
            let isAllowed = try await live.run(script: script).values.contains { $0.contains("refused 0") }
            let planned = try await applied.run(script: "return 1", plans: [script]).planned
            let failure = try await Self.apply(planned, in: applied, limits)
            count.add(live)
            count.add(applied)
            count.compared(live.ids.count)
            count.meet(isAllowed ? "allowed" : "refused", 1)
            if isAllowed == (failure == nil) { return nil }
            return "the run was \(isAllowed ? "allowed" : "refused"); the plan: \(failure?.message ?? "applied")\n\(script)"
        }
        #expect(result.failures.isEmpty)
        #expect(result.tried < 40 || count.met["allowed", default: 0] > 5 && count.met["refused", default: 0] > 5)
    }

    private static func state(_ world: TestWorld, _ id: Int64) -> String {
        guard let instance = world.service.world.instances[id] else { return "nothing" }
        return "\(instance.status.intended) '\(instance.label ?? "")' \(instance.bid.map { "\($0)" } ?? "no bid")"
    }

    /// Makes what of a plan still matches, as `apply` does.
    ///
    /// - Returns: why it was refused as a whole.
    private static func apply(
        _ actions: [PlanAction], in world: TestWorld,
        _ limits: [GuardLimit: Double] = [.maxStops: 999, .maxStarts: 999, .maxReboots: 999, .maxDestroys: 999]
    ) async throws -> VastError? {
        let database = StateDatabase(directory: world.statePath)
        defer { database.close() }
        let chain = try world.makeChain(database)
        let all = limits.merging([.maxFraction: 1]) { given, _ in given }
        _ = try chain.limit(GuardLimits(all, permissions: [.allowDestroy: true]))
        let plan = Plan(
            account: TestWorld.account, script: "s", created: world.clock.unixTime, observed: world.clock.unixTime, actions: actions)
        return try await world.clock.working {
            let check = PlanCheck(plan, against: try await chain.service.list(.all))
            do {
                _ = try await chain.guarded.judge(orders(check.judged))
                let reserved = try await chain.guarded.reserve(orders(check.matching))
                for order in reserved { _ = await chain.guarded.change(order) }
                await chain.guarded.release(reserved)
                try chain.journal.end(exitCode: 0)
                return nil
            } catch let error as VastError {
                return error
            }
        }
    }

    private static func orders(_ actions: [PlanAction]) -> [ChangeOrder] {
        actions.map { action in
            var order = ChangeOrder(action.verb, [action.id], action.payload)
            (order.confirmed, order.highest) = ([action.id], action.payload?.price)
            return order
        }
    }
}
