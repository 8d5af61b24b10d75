import FleetClock
import FleetSafety
import FleetWorld
import Testing
import VastAPI
import VastSimulator

/// Cancelled at exchange n: nothing stays queued that is neither withdrawn nor written down, and the next run withdraws it.
@Suite struct WithdrawalLawTests {
    private static let ids = Array(1...8 as ClosedRange<Int64>)

    /// Instances that are stopped with taken GPUs, some with free ones, one that waited for its GPU before and one that is
    /// outbid.
    private static func fleet(_ seed: UInt64) -> Fleet {
        var dice = SeededGenerator(seed: seed ^ 0x666C)
        var fleet = Fleet()
        for id in ids {
            var made = InstanceSpecification(id: id, label: "i\(id)")
            (made.machine, made.isOn) = (id + 100, false)
            if id >= 7 { made.status = Status(actual: "exited", intended: "running", current: "stopped", next: "stopped") }
            made.isBid = id == 8
            fleet.instances.append(made.instance(at: TestWorld.start, seed: seed))
            let isTaken = id >= 7 || Int.random(in: 0..<4, using: &dice) > 0
            fleet.machines[id + 100] = Machine(gpus: 1, takenByOthers: isTaken ? 1 : 0)
        }
        return fleet
    }

    private static func script(_ dice: inout SeededGenerator) -> String {
        var lines = ["vast.guard{max_starts = 99}"]
        for _ in 0..<Int.random(in: 1...3, using: &dice) {
            let chosen = ids.shuffled(using: &dice).prefix(Int.random(in: 1...5, using: &dice)).map { "\($0)" }.joined(separator: ", ")
            let rule =
                ["", ", {unavailable = 'cancel'}", ", {unavailable = 'retry', every = '20s', within = '2m'}"].randomElement(using: &dice)
                ?? ""
            let start = "vast.start({\(chosen)}\(rule))"
            let length = ["0.2s", "1s", "3s", "10s"].randomElement(using: &dice) ?? "1s"
            switch Int.random(in: 0..<5, using: &dice) {
            case 0, 1: lines.append("pcall(function() \(start) end)")
            case 2: lines.append("local task = vast.spawn(function() \(start) end) vast.sleep('\(length)') task:cancel()")
            case 3:
                lines.append(
                    "local job = vast.every('5s', function() pcall(function() \(start) end) end, {now = true}) vast.sleep('\(length)') job:cancel()"
                )
            default: lines.append("pcall(vast.map, {\(chosen)}, function(id) vast.start(id\(rule)) end)")
            }
        }
        return lines.joined(separator: "\n") + "\nreturn 'end'"
    }

    @Test("what a run cannot withdraw is in journal, ledger and report, and the next run withdraws it before anything else")
    func law() async throws {
        let count = LawCount("withdrawal")
        let result = await count.sweep(50) { seed in
            var dice = SeededGenerator(seed: seed ^ 0x7769_7468)
            var options = TestWorld.Options()
            options.fleet = { $0 = Self.fleet(seed) }
            let world = try TestWorld(seed: seed, options: options)
            var plan = ExchangePlan()
            let number = Int.random(in: 1...16, using: &dice)
            if seed % 4 > 0 {
                plan.at([.before, .answering, .after].randomElement(using: &dice) ?? .before, number) { [weak world] in world?.interrupt() }
            }
            switch seed % 3 {
            case 0: plan.faults[number + Int.random(in: 0...3, using: &dice)] = .unauthorizedFromHere
            case 1:
                for later in number...number + 400 {
                    plan.faults[later] = [.refused, .lostAnswer, .lostRequest].randomElement(using: &dice)
                }
            default: break
            }
            world.transport.plan = plan
            let run = try await world.run(script: Self.script(&dice))
            var problems = Self.problems(run, world, count)
            world.transport.heal()
            if seed % 2 == 0 { problems += try await Self.vainRun(world, count, isInterrupted: seed % 4 == 0) }
            problems += try await Self.followUp(run, world, count)
            count.add(world)
            return problems.isEmpty ? nil : problems.prefix(5).joined(separator: "\n")
        }
        #expect(result.failures.isEmpty)
        #expect(result.tried < 50 || count.ids > 100 && count.met["left queued", default: 0] > 2)
    }

    @Test("a run that lives on withdraws what it could not, as soon as it reads the fleet again")
    func livingOn() async throws {
        let count = LawCount("withdrawal, living on")
        let result = await count.sweep(24) { seed in
            var dice = SeededGenerator(seed: seed ^ 0x6C69_7665)
            var options = TestWorld.Options()
            options.fleet = { $0 = Self.fleet(seed) }
            options.patience = .seconds(20)
            let world = try TestWorld(seed: seed, options: options)
            var plan = ExchangePlan()
            for later in Int.random(in: 2...5, using: &dice)...Int.random(in: 8...24, using: &dice) {
                plan.faults[later] = [.refused, .lostRequest].randomElement(using: &dice)
            }
            let chosen = Self.ids.shuffled(using: &dice).prefix(4).map { "\($0)" }.joined(separator: ", ")
            world.transport.plan = plan
            let look = "pcall(vast.instances) vast.sleep('5s')"
            let script = """
                vast.guard{max_starts = 99}
                pcall(vast.start, {\(chosen)})
                for _ = 1, 30 do \(look) end
                return #vast.instances()
                """
            let run = try await world.run(script: script)
            count.add(world)
            count.compared(run.calls.count)
            count.meet("withdrawn after all", run.messages.count { $0.contains("is withdrawn after all") })
            var problems = Self.queued(world).map { "\($0) is still queued: \(run.messages.suffix(3))" }
            problems += run.ledger.changes.filter { $0.status == .queued }.map { "\($0.id) is queued in the ledger" }
            if run.report?.contains("STILL QUEUED") == true { problems.append("the report is \(run.report ?? "")") }
            for id in [7, 8] as [Int64] where world.service.world.instances[id]?.status.intended != "running" {
                problems.append("\(id) was waiting before, and does not any more")
            }
            problems += run.rows.filter { $0.isCompensation && $0.instance < 7 && ![.confirmed, .notApplied].contains($0.status) }.map {
                "the withdrawal of \($0.instance) is \($0.status)"
            }
            return problems.isEmpty ? nil : problems.prefix(5).joined(separator: "\n")
        }
        #expect(result.failures.isEmpty)
        #expect(result.tried < 24 || count.met["withdrawn after all", default: 0] > 2)
    }

    private static func queued(_ world: TestWorld) -> [Int64] {
        let rows = world.service.world.instances
        return ids.filter { id in id < 7 && rows[id].map { $0.status.intended == "running" && $0.status.current == "stopped" } ?? false }
    }

    private static func problems(_ run: WorldRun, _ world: TestWorld, _ count: LawCount) -> [String] {
        var problems: [String] = []
        let rows = world.service.world.instances
        for id in [7, 8] as [Int64] where rows[id]?.status.intended != "running" {
            problems.append("\(id) was waiting before, and does not any more")
        }
        for id in queued(world) {
            count.meet("left queued")
            let withdrawals = run.rows.filter { $0.instance.rawValue == id && $0.isCompensation }
            if !withdrawals.contains(where: { [.sent, .accepted, .unknown].contains($0.status) }) {
                problems.append("\(id) is queued, and its withdrawals are \(withdrawals.map(\.status))")
            }
            let records = run.ledger.changes.filter { $0.id.rawValue == id }
            if !records.contains(where: { $0.status == .queued || $0.status == .sent }) {
                problems.append("\(id) is queued, and the ledger has \(records.map(\.status))")
            }
            if records.contains(where: { $0.status == .queued }), run.report?.contains("STILL QUEUED") != true {
                problems.append("\(id) is queued, and the report is \(run.report ?? "none")")
            }
        }
        count.compared(ids.count)
        return problems
            + run.rows.filter { $0.status == .reserved || $0.status == .sent && !$0.isCompensation }
            .map { "\($0.verb) \($0.instance) is left \($0.status)" }
    }

    /// A run that may read once, and change nothing: what it cannot withdraw is open at its end.
    private static func vainRun(_ world: TestWorld, _ count: LawCount, isInterrupted: Bool) async throws -> [String] {
        let open = queued(world)
        var plan = ExchangePlan()
        for later in world.transport.count + 2...world.transport.count + 400 { plan.faults[later] = .refused }
        if isInterrupted { plan.at(.before, world.transport.count + 4) { [weak world] in world?.interrupt() } }
        world.transport.plan = plan
        defer { world.transport.heal() }
        let run = try await world.run(script: "vast.instances()")
        count.meet("not withdrawn by a run in vain", open.count)
        let named = Set(run.ledger.changes.filter { $0.status == .queued }.map(\.id.rawValue))
        var problems = named.sorted() == open ? [] : ["\(open) are still queued, and the ledger has \(named.sorted())"]
        if !open.isEmpty, !run.ledger.hasOpenChanges || run.report?.contains("STILL QUEUED") != true {
            problems.append("\(open) are still queued, and the report is \(run.report ?? "none")")
        }
        return problems
    }

    /// The next run, which finds the key and the network as they were.
    private static func followUp(_ run: WorldRun, _ world: TestWorld, _ count: LawCount) async throws -> [String] {
        let open = queued(world)
        let first = world.transport.count + 1
        let next = try await world.run(script: "vast.label(1, 'next')")
        var problems = queued(world).map { "\($0) is still queued after the next run: \(next.messages)" }
        let changing = world.transport.records.filter { $0.number >= first && $0.change != nil }
        let own = changing.firstIndex { $0.change?.verb == .label } ?? changing.count
        for id in open where !changing[..<own].contains(where: { $0.change?.verb == .stop && $0.changes(InstanceID(id)) }) {
            problems.append("\(id) was not withdrawn first")
        }
        for record in changing where record.change?.verb == .stop {
            for id in record.change?.instances ?? [] where !open.contains(id.rawValue) {
                problems.append("\(id) was not queued, and is stopped")
            }
        }
        let third = try await world.run(script: "vast.instances()")
        if !third.changes.isEmpty { problems.append("a third run withdraws again: \(third.changes)") }
        count.meet("withdrawn by the next run", open.count)
        return problems
    }
}
