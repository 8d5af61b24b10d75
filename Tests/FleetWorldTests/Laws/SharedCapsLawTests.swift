import FleetClock
import FleetWorld
import Synchronization
import Testing
import VastAPI
import VastSimulator

@testable import FleetRules
@testable import FleetSafety
@testable import FleetStore

/// Several processes at once never exceed what the account allows.
@Suite struct SharedCapsLawTests {
    /// One cap, the verb that it is tried with, and what counts against it.
    private struct Cap {
        let limit: GuardLimit
        let value: Double
        let verb: Change.Verb

        init(_ dice: inout SeededGenerator) {
            let all: [(GuardLimit, Double, Change.Verb)] = [
                (.maxStops, Double(Int.random(in: 0...6, using: &dice)), .stop),
                (.maxChanges, Double(Int.random(in: 0...6, using: &dice)), .stop),
                (.maxChanges, Double(Int.random(in: 0...6, using: &dice)), .label),
                (.maxFraction, [0.1, 0.25, 0.5, 0.8].randomElement(using: &dice) ?? 0.5, .stop),
                (.maxRateInterrupted, Double.random(in: 0...4, using: &dice), .stop),
                (.keepAtLeast, Double(Int.random(in: 1...7, using: &dice)), .stop),
                (.keepAtLeast, 1, .stop), (.maxStarts, Double(Int.random(in: 0...6, using: &dice)), .start),
                (.maxLabels, Double(Int.random(in: 0...6, using: &dice)), .label),
                (.maxFraction, 0.5, .reboot), (.maxReboots, Double(Int.random(in: 0...4, using: &dice)), .reboot)
            ]
            (limit, value, verb) = all.randomElement(using: &dice) ?? (.maxStops, 0, .stop)
        }

        var limits: GuardLimits {
            var numbers: [GuardLimit: Double] = [.maxStops: 999, .maxStarts: 999, .maxLabels: 999, .maxReboots: 999, .maxFraction: 1]
            numbers[limit] = value
            return GuardLimits(numbers)
        }
    }

    private static func world(_ seed: UInt64, _ size: Int, isOn: Bool) throws -> TestWorld {
        var options = TestWorld.Options()
        options.fleet = { fleet in
            fleet = Fleet()
            for id in 1...Int64(size) {
                var made = InstanceSpecification(id: id, label: "i\(id)")
                (made.machine, made.isOn) = (100 + id, isOn)
                fleet.instances.append(made.instance(at: TestWorld.start, seed: seed))
                fleet.machines[100 + id] = Machine(gpus: 1)
            }
        }
        return try TestWorld(seed: seed, options: options)
    }

    @Test("N processes at once, with single calls and with plans, stay under the caps of the account")
    func law() async throws {
        let count = LawCount("shared-caps")
        let result = await count.sweep(50) { seed in
            var dice = SeededGenerator(seed: seed ^ 0x7368_6172)
            let cap = Cap(&dice)
            let size = [2, 3, 8, 12].randomElement(using: &dice) ?? 8
            let world = try Self.world(seed, size, isOn: cap.verb != .start)
            let rates = try await world.clock.working { try await world.client().list(.all) }.instances.reduce(into: [:]) {
                $0[$1.id] = $1.rateOn?.rawValue
            }
            if seed % 4 == 0 { world.transport.plan = RandomFaults.plan(seed: seed) }
            let processes = try (0..<Int.random(in: 2...4, using: &dice)).map { _ in
                try Process(world, cap.limits, orders: Self.orders(cap.verb, size, &dice), isPlan: .random(using: &dice))
            }
            await Self.runAll(processes, world)
            count.add(world)
            let carried = Carried(world.transport.changes, world)
            count.compared(carried.changes.count)
            count.meet("refused calls", processes.reduce(0) { $0 + $1.refusals })
            if let problem = Self.problem(cap, carried, size, rates) { return "\(problem), \(processes.count) processes" }
            return carried.unnamed.first
        }
        #expect(result.failures.isEmpty)
        #expect(result.tried < 50 || count.ids > 100 && count.met["refused calls", default: 0] > 20)
    }

    private static func orders(_ verb: Change.Verb, _ size: Int, _ dice: inout SeededGenerator) -> [ChangeOrder] {
        (0..<Int.random(in: 1...3, using: &dice)).map { number in
            let ids = (1...Int64(size)).shuffled(using: &dice).prefix(Int.random(in: 1...min(size, 4), using: &dice)).map { InstanceID($0) }
            return ChangeOrder(verb, ids, verb == .label ? .label("l\(dice.next() % 1000)") : nil)
        }
    }

    private static func problem(_ cap: Cap, _ carried: Carried, _ size: Int, _ rates: [InstanceID: Double]) -> String? {
        // A call that is sent again, over what another process has done in between, is one change: labels tell the calls.
        let (number, interrupted) = (Double(Set(carried.changes.map(\.call)).count), carried.interrupted)
        switch cap.limit {
        case .maxFraction:
            let most = (cap.value * Double(size) + 1e-9).rounded(.down)
            return Double(interrupted.count) > most ? "\(interrupted.count) of \(size) interrupted under max_fraction = \(cap.value)" : nil
        case .maxRateInterrupted:
            let rate = interrupted.reduce(0) { $0 + (rates[$1] ?? .infinity) }
            return rate > cap.value + 1e-3 ? "\(rate) interrupted under \(cap.value)" : nil
        case .keepAtLeast:
            let left = Double(size - interrupted.count)
            return left < min(cap.value, Double(size)) ? "\(left) of \(size) left under keep_at_least = \(cap.value)" : nil
        default: return number > cap.value ? "\(number) \(cap.verb) under \(cap.limit.rawValue) = \(cap.value)" : nil
        }
    }

    @Test("what a process has reserved counts while it lives, and no more when it has died")
    func death() async throws {
        for seed in 1...12 as ClosedRange<UInt64> {
            let world = try Self.world(seed, 8, isOn: true)
            let limits = GuardLimits([.maxStops: 4, .maxFraction: 1])
            let dying = try Process(world, limits, orders: [ChangeOrder(.stop, [1, 2, 3])], isPlan: true)
            let next = try Process(world, limits, orders: [], isPlan: false)
            let plan = dying.orders
            _ = try await world.clock.working { try await dying.chain.guarded.reserve(plan) }
            let refused = await world.clock.working { await next.chain.guarded.change(ChangeOrder(.stop, [5, 6])) }
            #expect(refused.endedBy?.kind == .guard && refused.isNothingSent)
            let fitting = await world.clock.working { await next.chain.guarded.change(ChangeOrder(.stop, [5])) }
            #expect(fitting.failed.isEmpty)
            dying.chain.journal.die()
            let freed = await world.clock.working { await next.chain.guarded.change(ChangeOrder(.stop, [6, 7, 8])) }
            #expect(freed.failed.isEmpty, "\(freed.byID)")
            #expect(Carried(world.transport.changes, world).count(.stop) == 4)
        }
    }

    // MARK: processes

    /// A chain with a database of its own on the state of a world, and what it is to do.
    private final class Process: Sendable {
        let chain: WorldChain
        let orders: [ChangeOrder]
        private let isPlan: Bool
        private let database: StateDatabase
        private let outcomes = Mutex<[ChangeOutcomes]>([])

        init(_ world: TestWorld, _ limits: GuardLimits, orders: [ChangeOrder], isPlan: Bool) throws {
            database = StateDatabase(directory: world.statePath)
            chain = try world.makeChain(database)
            (self.orders, self.isPlan) = (orders, isPlan)
            _ = try chain.limit(limits)
        }

        /// How many calls, or plans, a limit stood against.
        var refusals: Int { outcomes.withLock { $0.count { $0.endedBy?.kind == .guard } } }

        func run() async {
            var reserved = orders
            if isPlan {
                do { reserved = try await chain.guarded.reserve(orders) } catch {
                    return outcomes.withLock { $0.append(ChangeOutcomes([], endedBy: VastError(.guard, "\(error)"))) }
                }
            }
            for order in reserved {
                let outcome = isPlan ? await chain.guarded.change(order) : await chain.service.change(order)
                outcomes.withLock { $0.append(outcome) }
            }
            if isPlan { await chain.guarded.release(reserved) }
            try? chain.journal.end(exitCode: 0)
        }
    }

    private static func runAll(_ processes: [Process], _ world: TestWorld) async {
        await withTaskGroup { group in
            for process in processes { group.addTask { await world.clock.working { await process.run() } } }
        }
    }
}
