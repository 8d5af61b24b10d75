import Testing

@testable import VastSimulator

/// Random worlds of interruptible instances, moved at random by market, hosts and owner.
@Suite struct PriorityLawTests {
    /// Longer than any way to or from a stop takes: 2 s and 30 s to park, and the end of a start.
    private static let settling = 70.0

    private func random(_ seed: UInt64) -> World {
        let dice = Noise(seed: seed, instance: 7)
        var options = SimulatorOptions()
        options.seed = seed
        options.behaviour.outbidIntended = seed % 2 == 0 ? .running : .stopped
        options.behaviour.raiseResumes = seed % 3 == 0
        options.behaviour.queuedStart = Behaviour.QueuedStart.allCases[Int(seed / 2 % 3)]
        let instances = (1...4 as ClosedRange<Int64>).map { id in
            (id % 2 == 1 ? running : stopped)(id) {
                ($0.isBid, $0.floor) = (id < 4, dice.value(in: 0.05...0.4, id))
            }.instance(at: beginning, seed: seed)
        }
        let fleet = Fleet(instances: instances, machines: [1001: Machine(gpus: 1, takenAfter: .seconds(30))])
        return World(fleet, now: beginning, options: options)
    }

    /// Does one random thing; returns which instance its owner has stopped or started with it.
    private func act(_ world: inout World, _ step: Int64, _ dice: Noise) -> (stopped: Int64?, started: Int64?) {
        let id = 1 + Int64(dice.unit(step, 1) * 4)
        let price = dice.value(in: 0.01...0.6, step, 2)
        switch Int(dice.unit(step, 3) * 12) {
        case 0, 1, 2: _ = world.setBid(price, of: id)
        case 3, 4: _ = world.schedule(.floor(price), on: id)
        case 5: _ = world.schedule(.outbid, on: id)
        case 6: _ = world.schedule(.bidWins, on: id)
        case 7:
            _ = world.stop(id)
            return (id, nil)
        case 8:
            _ = world.start(id)
            return (nil, id)
        case 9: _ = world.schedule(.hostLost("offline"), on: id)
        case 10: _ = world.schedule(.gpusFreed(1), on: id)
        default: _ = world.reboot(id)
        }
        return (nil, nil)
    }

    @Test("an interruptible instance runs only while its bid is at or above the floor", arguments: 1...120 as ClosedRange<UInt64>)
    func law(_ seed: UInt64) {
        var world = random(seed)
        let dice = Noise(seed: seed, instance: 8)
        var isOwnersStop: [Int64: Bool] = [2: true]
        for step in 0..<60 as Range<Int64> {
            let (stopped, started) = act(&world, step, dice)
            if let stopped { isOwnersStop[stopped] = true }
            if let started { isOwnersStop[started] = false }
            world.pass(dice.unit(step, 4) < 0.6 ? dice.value(in: 0...6, step, 5) : Self.settling)
            guard dice.unit(step, 6) < 0.5 else { continue }
            world.pass(Self.settling)
            for (id, instance) in world.instances {
                let (status, words) = (instance.status, world.words(id))
                let isOn = status.actual == "running" || status.current == "running" && status.intended == "running"
                let wins = instance.bidWins
                if isOn { #expect(wins, "\(seed), step \(step), instance \(id): \(words)") }
                if isOn { #expect(isOwnersStop[id] != true, "\(seed), step \(step), instance \(id): \(words)") }
                if instance.isBid { #expect(instance.gpuRate == instance.bid || instance.market?.bids == 0) }
            }
            let sum = world.instances.values.reduce(0) { $0 + $1.rate }
            #expect(abs(world.rate - sum) < 1e-9)
            for machine in world.machines.values {
                #expect(machine.held >= 0 && machine.held + machine.takenByOthers <= machine.gpus)
            }
        }
    }

    @Test("the same seed gives the same world, whoever looks in between", arguments: 1...30 as ClosedRange<UInt64>)
    func determinism(_ seed: UInt64) {
        var (one, other) = (random(seed), random(seed))
        let dice = Noise(seed: seed, instance: 8)
        for step in 0..<40 as Range<Int64> {
            let first = act(&one, step, dice)
            let second = act(&other, step, dice)
            #expect(first == second)
            one.pass(60)
            for _ in 0..<6 {
                other.pass(10)
                for instance in other.instances.values { _ = other.row(instance, columns: nil) }
            }
        }
        for id in one.ids {
            guard let left = one.instances[id], let right = other.instances[id] else { continue }
            #expect(one.row(left, columns: nil) == other.row(right, columns: nil))
            #expect(left.market == right.market)
        }
    }

    @Test("a parked instance comes back whenever its bid wins and its GPUs are free", arguments: 1...60 as ClosedRange<UInt64>)
    func comesBack(_ seed: UInt64) {
        var world = random(seed)
        let dice = Noise(seed: seed, instance: 9)
        for step in 0..<30 as Range<Int64> {
            let price = dice.value(in: 0.01...0.6, step, 2)
            _ = world.schedule(dice.unit(step, 3) < 0.3 ? .outbid : .floor(price), on: 3)
            world.pass(dice.value(in: 0...70, step, 4))
        }
        _ = world.schedule(.floor(0), on: 3)
        world.pass(Self.settling)
        #expect(world.words(3) == "running/running/running/running")
    }
}
