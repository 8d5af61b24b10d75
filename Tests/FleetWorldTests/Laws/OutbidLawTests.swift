import FleetClock
import FleetStore
import FleetWorld
import Synchronization
import Testing
import VastAPI
import VastSimulator

/// `outbid` is what the market has done: an interruptible instance that was on and that nobody has stopped.
@Suite struct OutbidLawTests {
    /// Who takes an instance down.
    private enum Cause: CaseIterable {
        case nobody, market, ownBid, ownStop, console
    }

    private static let ids = Array(1...8 as ClosedRange<Int64>)

    @Test("what loses its bid is outbid and what somebody stops is stopped, whichever status the service sets")
    func law() async throws {
        let count = LawCount("outbid")
        let result = await count.sweep(40) { seed in
            var dice = SeededGenerator(seed: seed ^ 0x6F75_7462)
            let causes = Dictionary(uniqueKeysWithValues: Self.ids.map { ($0, Cause.allCases.randomElement(using: &dice) ?? .nobody) })
            let world = try Self.world(seed, causes)
            world.transport.plan = Self.plan(world, causes.filter { $0.value == .console }.keys.sorted())
            let first = try await world.run(script: Self.script(causes))
            count.add(world)
            count.compared(Self.ids.count)
            guard first.errorKind == nil else { return first.errorText }
            let said = Self.states(first)
            let wrong = Self.ids.compactMap { id -> String? in
                let cause = causes[id] ?? .nobody
                let wanted = Self.wanted(cause)
                count.meet("\(cause)")
                return said[id] == wanted ? nil : "\(id) (\(cause)) is \(said[id] ?? "gone"), wanted \(wanted)"
            }
            return wrong.isEmpty ? nil : wrong.joined(separator: "\n")
        }
        #expect(result.failures.isEmpty)
        #expect(result.tried < 40 || Cause.allCases.allSatisfy { count.met["\($0)", default: 0] > 20 })
    }

    @Test("what is outbid and then stopped by its owner is stopped")
    func ownerStops() async throws {
        for seed in 1...6 as ClosedRange<UInt64> {
            let world = try Self.world(seed, [1: .market, 2: .market])
            var plan = ExchangePlan()
            // Once both are off for some minutes.
            plan.at(.before, 40) { [weak world] in Self.stop([1], world) }
            world.transport.plan = plan
            let script = """
                local first
                for n = 1, 60 do
                  local fleet = vast.instances()
                  if n == 20 then first = vast.instance(1).state .. ' ' .. vast.instance(2).state end
                  vast.sleep('30s')
                end
                return first .. ' ' .. vast.instance(1).state .. ' ' .. vast.instance(2).state
                """
            let run = try await world.run(script: script)
            #expect(
                run.values.first?.contains("outbid outbid stopped outbid") == true, "seed \(seed): \(run.values) \(run.errorText ?? "")")
        }
    }

    @Test("a start that its bid does not win takes nothing away: the instance comes back by itself when the bid wins")
    func refusedStart() async throws {
        for seed in 1...12 as ClosedRange<UInt64> {
            var dice = SeededGenerator(seed: seed ^ 0x6F77)
            var options = TestWorld.Options()
            options.simulator.behaviour.outbidIntended = seed % 2 == 0 ? .stopped : .running
            options.fleet = { fleet in
                fleet = Fleet()
                var made = InstanceSpecification(id: 1, label: "spot")
                (made.machine, made.isBid) = (101, true)
                fleet.instances.append(made.instance(at: TestWorld.start, seed: seed))
                fleet.machines[101] = Machine(gpus: 1)
                fleet.events = [
                    Fleet.Plan(after: 60, instance: 1, event: .outbid), Fleet.Plan(after: 900, instance: 1, event: .bidWins)
                ]
            }
            let rule =
                ["", ", {unavailable = 'cancel'}", ", {unavailable = 'retry', every = '30s', within = '2m'}"].randomElement(using: &dice)
                ?? ""
            let start =
                Bool.random(using: &dice)
                ? "pcall(vast.start, 1\(rule))" : "pcall(function() vast.instances():start(\(rule.dropFirst(2))) end)"
            let script = """
                for _ = 1, 6 do vast.instances() vast.sleep('30s') end
                local before = vast.instances()[1].state
                for _ = 1, \(Int.random(in: 1...2, using: &dice)) do \(start) end
                local after = vast.instances()[1].state
                vast.sleep('20m')
                return before .. ' ' .. after .. ' ' .. vast.instances()[1].state
                """
            let run = try await TestWorld(seed: seed, options: options).run(script: script)
            #expect(
                run.values.first?.contains("outbid outbid running") == true, "seed \(seed): \(run.values) \(run.errorText ?? "") \(script)")
            #expect(run.rows.allSatisfy { !$0.isCompensation || $0.attempts == 0 }, "seed \(seed): \(run.rows)")
        }
    }

    @Test("a start while the instance is being parked takes nothing away either, also when the run is interrupted: it comes back by itself")
    func startWhileParking() async throws {
        for seed in 1...24 as ClosedRange<UInt64> {
            var dice = SeededGenerator(seed: seed ^ 0x7061_726B)
            let world = try Self.parking(seed)
            let (length, isInterrupted) = (Int.random(in: 2...40, using: &dice), Bool.random(using: &dice))
            let moment: ExchangeMoment = [.before, .answering, .after].randomElement(using: &dice) ?? .after
            let after = Int.random(in: 0...3, using: &dice)
            var plan = ExchangePlan()
            for number in isInterrupted ? 2...80 : 0...0 {
                plan.at(moment, number) { [weak world] in
                    guard let world, let start = world.transport.trace.firstIndex(where: { $0.contains(" PUT ") }) else { return }
                    if world.transport.trace.count - start > after { world.interrupt() }
                }
            }
            world.transport.plan = plan
            let script = """
                for _ = 1, 12 do vast.instances() vast.sleep('5s') end
                vast.sleep('\(length)s')
                \(Bool.random(using: &dice) ? "vast.instances()" : "")
                pcall(vast.start, 1)
                vast.instances()
                """
            let run = try await world.run(script: script)
            world.transport.heal()
            let next = try await world.run(script: "vast.instances() vast.sleep('20m') return vast.instances()[1].state")
            let what = "seed \(seed), \(length) s, interrupted \(isInterrupted): \(next.values) \(run.messages) \(next.messages)"
            #expect(next.values.first?.contains("running") == true, "\(what)")
            #expect((run.rows + next.rows).allSatisfy { !$0.isCompensation || $0.attempts == 0 }, "\(what)")
        }
    }

    /// One interruptible instance that is outbid after a minute, and whose bid wins again after a quarter of an hour.
    private static func parking(_ seed: UInt64) throws -> TestWorld {
        var options = TestWorld.Options()
        options.simulator.behaviour.outbidIntended = .stopped
        options.fleet = { fleet in
            fleet = Fleet()
            var made = InstanceSpecification(id: 1, label: "spot")
            (made.machine, made.isBid) = (101, true)
            fleet.instances.append(made.instance(at: TestWorld.start, seed: seed))
            fleet.machines[101] = Machine(gpus: 1)
            fleet.events = [Fleet.Plan(after: 60, instance: 1, event: .outbid), Fleet.Plan(after: 900, instance: 1, event: .bidWins)]
        }
        return try TestWorld(seed: seed, options: options)
    }

    @Test("a stop of what is outbid counts as made only when the service has taken it: where it did not, the instance comes back")
    func stopOfOutbid() async throws {
        let count = LawCount("outbid-stop")
        let result = await count.sweep(60) { seed in
            var dice = SeededGenerator(seed: seed ^ 0x7370_6F74)
            var options = TestWorld.Options()
            options.simulator.behaviour.outbidIntended = seed % 3 == 0 ? .running : .stopped
            options.fleet = { fleet in
                fleet = Fleet()
                for id in 1...4 as ClosedRange<Int64> {
                    var made = InstanceSpecification(id: id, label: "one-\(id)")
                    (made.machine, made.isBid) = (100 + id, id < 3)
                    fleet.instances.append(made.instance(at: TestWorld.start, seed: seed))
                    fleet.machines[100 + id] = Machine(gpus: 1)
                    guard id < 3 else { continue }
                    fleet.events.append(Fleet.Plan(after: 60, instance: id, event: .outbid))
                    fleet.events.append(Fleet.Plan(after: 1_500, instance: id, event: .bidWins))
                }
            }
            let world = try TestWorld(seed: seed, options: options)
            var plan = ExchangePlan()
            for number in 7...30 where Bool.random(using: &dice) { plan.faults[number] = RandomFaults.fault(&dice) }
            world.transport.plan = plan
            let ids = ["1", "{1, 2}", "{1, 3, 4}", "{1, 2, 3, 4}"].randomElement(using: &dice) ?? "1"
            let script = """
                vast.guard{max_stops = 99, max_fraction = 1}
                for _ = 1, 6 do vast.instances() vast.sleep('30s') end
                pcall(vast.stop, \(ids)) pcall(vast.instances)
                """
            let first = try await world.run(script: script)
            count.add(world)
            world.transport.heal()
            let second = try await world.run(
                script: """
                    vast.instances() vast.sleep('40m')
                    return vast.instance(1):raw('intended_status'), vast.instance(2):raw('intended_status')
                    """)
            let states = Dictionary(uniqueKeysWithValues: zip([1, 2] as [InstanceID], second.values))
            let rows = (first.rows + second.rows).filter { $0.verb == .stop && !$0.isCompensation && $0.instance < 3 }
            count.compared(rows.count)
            let wrong = rows.filter { [.accepted, .confirmed].contains($0.status) && states[$0.instance]?.contains("running") == true }
            count.meet("made", rows.count { $0.status == .confirmed })
            return wrong.isEmpty ? nil : "\(ids): \(wrong.map { "\($0.instance) \($0.status)" }), and it runs; \(first.messages)"
        }
        #expect(result.failures.isEmpty)
    }

    @Test("between two bids for an instance there is a minute, however many tasks, calls and retries want to bid at once")
    func pause() async throws {
        let count = LawCount("bid-pause")
        let result = await count.sweep(40) { seed in
            var dice = SeededGenerator(seed: seed ^ 0x7061_7573)
            var options = TestWorld.Options()
            options.pacing = Bool.random(using: &dice) ? .documented : .unpaced
            options.fleet = { fleet in
                fleet = Fleet()
                for id in 1...2 as ClosedRange<Int64> {
                    var made = InstanceSpecification(id: id, label: "spot")
                    (made.machine, made.isBid) = (100 + id, true)
                    fleet.instances.append(made.instance(at: TestWorld.start, seed: seed))
                    fleet.machines[100 + id] = Machine(gpus: 1)
                }
            }
            let world = try TestWorld(seed: seed, options: options)
            if Bool.random(using: &dice) { world.transport.plan = RandomFaults.plan(seed: seed, part: 0.15, within: 40) }
            let tasks = (0..<Int.random(in: 2...6, using: &dice)).map { _ in
                let bids = (0..<Int.random(in: 1...3, using: &dice)).map { _ in
                    "vast.sleep(\(Int.random(in: 0...40, using: &dice))) pcall(vast.bid, \(Int.random(in: 1...2, using: &dice)), "
                        + "p[1] * \(Int.random(in: 50...190, using: &dice)) / 100)"
                }
                return "function() \(bids.joined(separator: " ")) end"
            }
            let script = """
                vast.guard{max_stops = 99, max_fraction = 1, max_starts = 99}
                local p = {vast.instance(1).dph_base}
                vast.all{\(tasks.joined(separator: ", "))}
                """
            _ = try await world.run(script: script)
            count.add(world)
            // Seconds, and the path, of every bid that left; one that the service has not looked at (429) is none.
            let sent = world.transport.trace.filter { $0.contains("bid_price") && $0.contains(" PUT ") && !$0.contains(" -> 429") }
            var last: [Substring: Double] = [:]
            for line in sent {
                let words = line.split(separator: " ")
                guard let time = Double(words[0]), let path = words.first(where: { $0.contains("bid_price") }) else {
                    return "odd: \(line)"
                }
                if let before = last[path], time - before < 60 {
                    return "\(path) at \(before) and \(time): \(sent.joined(separator: "; "))"
                }
                last[path] = time
            }
            count.compared(sent.count)
            return nil
        }
        #expect(result.failures.isEmpty)
    }

    @Test("the event outbid says who is the cause: our own cut is ours, a higher bid of somebody else is not")
    func author() async throws {
        for seed in 1...8 as ClosedRange<UInt64> {
            var dice = SeededGenerator(seed: seed ^ 0x6175)
            let causes = Dictionary(uniqueKeysWithValues: (1...6 as ClosedRange<Int64>).map { ($0, Cause.market) })
                .merging([1: .ownBid, 2: .ownBid]) { $1 }
            let pause = Int.random(in: 5...60, using: &dice)
            let script = """
                vast.guard{max_stops = 99, max_fraction = 1}
                local lines = {}
                local handler = vast.on('outbid', function(e) lines[#lines + 1] = e.id .. ' ' .. e.by end)
                vast.sleep('\(pause)s')
                vast.bid(1, 0.001) vast.bid(2, 0.001)
                vast.sleep('12m')
                handler:cancel()
                table.sort(lines)
                return table.concat(lines, ';')
                """
            let run = try await Self.world(seed, causes).run(script: script)
            #expect(
                run.values.first?.contains("1 us;2 us;3 other;4 other;5 other;6 other") == true,
                "seed \(seed): \(run.values) \(run.errorText ?? "") \(pause)")
        }
    }

    @Test(
        "a start that does not come about says why: a bid that does not win, or a GPU that is rented to someone else",
        arguments: [true, false])
    func refusedBy(isBid: Bool) async throws {
        var options = TestWorld.Options()
        options.fleet = { fleet in
            fleet = Fleet()
            var made = InstanceSpecification(id: 1, label: "one")
            (made.machine, made.isBid, made.isOn) = (101, isBid, false)
            if isBid { made.floor = 50 }
            fleet.instances.append(made.instance(at: TestWorld.start, seed: 1))
            fleet.machines[101] = Machine(gpus: 1)
            if !isBid { fleet.events = [Fleet.Plan(after: 1, instance: 1, event: .gpusTaken(1))] }
        }
        let script = "vast.sleep('5s') local _, e = pcall(vast.start, 1) return e.kind, e.message"
        let run = try await TestWorld(seed: 1, options: options).run(script: script)
        #expect(run.values.first?.contains("unavailable") == true, "\(run.errorText ?? "")")
        let message = run.values.last ?? ""
        #expect(message.contains("its bid does not win the GPU") == isBid, "\(message)")
        #expect(message.contains("the GPU is rented to someone else") == !isBid, "\(message)")
        #expect(message.contains("was withdrawn and that is confirmed"), "\(message)")
    }

    @Test("an error about a start of what is outbid says that it is not withdrawn")
    func keptStart() async throws {
        let world = try Self.world(2, [1: .market])
        let script = """
            for _ = 1, 6 do vast.instances() vast.sleep('30s') end
            local _, e = pcall(vast.start, 1)
            return e.kind, e.message
            """
        let run = try await world.run(script: script)
        #expect(run.values.first?.contains("unavailable") == true, "\(run.values) \(run.errorText ?? "")")
        #expect(run.values.last?.contains("the start is not withdrawn") == true, "\(run.values)")
    }

    @Test("a stop by its owner soon after a start that was not withdrawn is one")
    func stoppedAfterStart() async throws {
        for pause in [20, 50, 200] {
            let world = try Self.world(2, [1: .market])
            var plan = ExchangePlan()
            let isDone = Mutex(false)
            for number in 2...40 {
                plan.at(.before, number) { [weak world] in
                    // Once, before the first exchange after the start.
                    guard let world, !isDone.withLock({ $0 }), world.transport.trace.contains(where: { $0.contains(" PUT ") }) else {
                        return
                    }
                    isDone.withLock { $0 = true }
                    Self.stop([1], world)
                }
            }
            world.transport.plan = plan
            let script = """
                for _ = 1, 6 do vast.instances() vast.sleep('30s') end
                pcall(vast.start, 1)
                vast.sleep('\(pause)s')
                vast.instances()
                vast.sleep('90s')
                return vast.instance(1).state
                """
            let run = try await world.run(script: script)
            #expect(run.values.last?.contains("stopped") == true, "\(pause): \(run.values) \(run.errorText ?? "") \(run.trace)")
        }
    }

    @Test("a run that bids by an id alone tells a later run that the instance was on")
    func ownCutByID() async throws {
        for seed in 1...6 as ClosedRange<UInt64> {
            let world = try Self.world(seed, [:])
            _ = try await world.run(script: "vast.guard{max_stops = 99, max_fraction = 1} vast.bid(1, 0.001)", wait: .seconds(240))
            let run = try await world.run(script: "vast.sleep('3m') return vast.instances()[1].state")
            #expect(run.values.first?.contains("outbid") == true, "seed \(seed): \(run.values) \(run.errorText ?? "")")
        }
    }

    private static func stop(_ ids: [Int64], _ world: TestWorld?) {
        for id in ids {
            let request = SimulatedRequest(
                "PUT", "/api/v0/instances/\(id)/", authorization: "Bearer simulator", body: Array(#"{"state": "stopped"}"#.utf8))
            _ = world?.service.respond(to: request)
        }
    }

    private static func wanted(_ cause: Cause) -> String {
        switch cause {
        case .nobody: "running"
        case .market, .ownBid: "outbid"
        case .ownStop, .console: "stopped"
        }
    }

    private static func world(_ seed: UInt64, _ causes: [Int64: Cause]) throws -> TestWorld {
        var options = TestWorld.Options()
        options.simulator.behaviour.outbidIntended = seed % 2 == 0 ? .stopped : .running
        options.simulator.behaviour.minBid = [.echo, .floor, .max][Int(seed % 3)]
        options.fleet = { fleet in
            fleet = Fleet()
            for id in ids {
                var made = InstanceSpecification(id: id, label: "i\(id)")
                (made.machine, made.isBid) = (100 + id, true)
                fleet.instances.append(made.instance(at: TestWorld.start, seed: seed))
                fleet.machines[100 + id] = Machine(gpus: 1)
                if causes[id] == .market { fleet.events.append(Fleet.Plan(after: Double(60 + 10 * id), instance: id, event: .outbid)) }
            }
        }
        return try TestWorld(seed: seed, options: options)
    }

    /// Somebody stops instances on the web, before the fourth request of ours.
    private static func plan(_ world: TestWorld, _ ids: [Int64]) -> ExchangePlan {
        var plan = ExchangePlan()
        plan.at(.before, 4) { [weak world] in Self.stop(ids, world) }
        return plan
    }

    /// Reads the fleet every half minute for six minutes, and does what is its own between the first readings.
    private static func script(_ causes: [Int64: Cause]) -> String {
        let list: (Cause) -> String = { cause in
            "{" + causes.filter { $0.value == cause }.keys.sorted().map { "\($0)" }.joined(separator: ", ") + "}"
        }
        return """
            vast.guard{max_stops = 99, max_fraction = 1}
            vast.instances()
            vast.sleep('30s')
            for _, id in ipairs(\(list(.ownBid))) do vast.bid(id, 0.001) end
            vast.stop(\(list(.ownStop)))
            for _ = 1, 12 do vast.instances() vast.sleep('30s') end
            local lines = {}
            for _, inst in ipairs(vast.instances()) do lines[#lines + 1] = inst.id .. ' ' .. inst.state end
            return table.concat(lines, ';')
            """
    }

    private static func states(_ run: WorldRun) -> [Int64: String] {
        let lines = (run.values.first ?? "").split(separator: ";")
        return Dictionary(
            lines.compactMap { line in
                let words = line.split { !$0.isLetter && !$0.isNumber }
                let number = words.compactMap { Int64($0) }.first
                return number.flatMap { id in words.last.map { (id, String($0)) } }
            }
        ) { first, _ in first }
    }
}
