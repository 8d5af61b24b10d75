import Testing

@testable import VastSimulator

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct WorldEventTests {
    @Test("where intended_status stays, an outbid instance is stopped at once, still says success, and resumes when its bid wins")
    func outbid() {
        var world = world([running(1) { $0.isBid = true }]) { $0.behaviour.outbidIntended = .running }
        _ = world.schedule(.outbid, on: 1)
        #expect(world.words(1) == "exited/running/stopped/stopped")
        #expect(world.instances[1]?.status.message?.hasPrefix("success") == true)
        #expect(world.instances[1]?.billsGPU == false)
        _ = world.schedule(.bidWins, on: 1)
        world.pass(30)
        #expect(world.words(1) == "running/running/running/running")
    }

    @Test("an instance that turns over is followed by another with a new id, which runs, and turns over in its turn")
    func turnsOver() {
        var world = world([running(1), running(2)])
        _ = world.schedule(.turnsOver(days: 40), on: 1)
        #expect(world.ids == [2, 3])
        world.pass(3_600)
        #expect(world.words(3) == "running/running/running/running")
        world.pass(39.9 * 86_400)
        #expect(world.ids == [2, 3])
        world.pass(0.2 * 86_400)
        #expect(world.ids == [2, 4])
        #expect(
            WorldEvent("turns_over:40") == .turnsOver(days: 40) && WorldEvent("turns_over") == nil && WorldEvent("turns_over:-1") == nil)
    }

    @Test("a lost host keeps its contract, bills nothing, and comes back as running", arguments: ["offline", "unknown"])
    func lostHost(_ word: String) {
        var world = world([running(1)])
        _ = world.schedule(.hostLost(word), on: 1)
        #expect(world.words(1) == "\(word)/running/running/running")
        #expect(world.rate == 0)
        world.pass(301)
        #expect(world.words(1) == "running/running/running/running")
    }

    @Test("what is stopped while its host is lost comes back stopped")
    func stopWhileLost() {
        var world = world([running(1)])
        _ = world.schedule(.hostLost("offline"), on: 1)
        let answer1 = world.stop(1)
        #expect(answer1)
        #expect(world.words(1) == "offline/stopped/stopped/stopped")
        world.pass(301)
        #expect(world.words(1) == "exited/stopped/stopped/stopped")
    }

    @Test("a container that ends by itself is dead but billed")
    func containerEnds() {
        var world = world([running(1)])
        let rate = world.rate
        _ = world.schedule(.containerEnds, on: 1)
        #expect(world.words(1) == "exited/running/running/running")
        #expect(world.rate == rate)
    }

    @Test("a dead instance can be stopped")
    func stopDead() {
        var world = world([running(1)])
        _ = world.schedule(.containerEnds, on: 1)
        _ = world.stop(1)
        world.pass(10)
        #expect(world.words(1) == "exited/stopped/stopped/stopped")
        #expect(world.instances[1]?.billsGPU == false)
    }

    @Test("a failed boot is created/stopped with an OCI error")
    func failedBoot() {
        var world = world([stopped(1)])
        _ = world.start(1)
        _ = world.schedule(.bootFails, on: 1)
        #expect(world.words(1) == "created/stopped/stopped/stopped")
        #expect(world.instances[1]?.status.message?.contains("OCI") == true)
    }

    @Test("a flicker is loading for a moment")
    func flicker() {
        var world = world([running(1)])
        _ = world.schedule(.flickers, on: 1)
        #expect(world.words(1) == "loading/running/running/running")
        world.pass(6)
        #expect(world.words(1) == "running/running/running/running")
    }

    @Test("a frozen instance is billed")
    func frozen() {
        var world = world([running(1)])
        let rate = world.rate
        _ = world.schedule(.freezes, on: 1)
        #expect(world.instances[1]?.status.actual == "frozen")
        #expect(world.rate == rate)
        _ = world.schedule(.thaws, on: 1)
        #expect(world.words(1) == "running/running/running/running")
    }

    @Test("at the contract's end it stops, cannot be started, and is deleted two days later")
    func contractEnd() {
        var world = world([running(1) { $0.endsIn = 100 }])
        world.pass(99)
        #expect(world.words(1) == "running/running/running/running")
        world.pass(1)
        #expect(world.words(1) == "exited/stopped/stopped/stopped")
        let answer2 = world.start(1)
        #expect(answer2 == .ended)
        world.pass(172_800)
        #expect(world.words(1) == "gone")
    }

    @Test("when the credit is used up everything is stopped, and the disks go on costing")
    func creditEnds() {
        var world = world([running(1), running(2), stopped(3)])
        world.setCredit(world.rate / 2)
        world.pass(1799)
        #expect(world.words(1) == "running/running/running/running")
        world.pass(2)
        #expect(world.words(1) == "exited/stopped/stopped/stopped")
        #expect(world.words(2) == "exited/stopped/stopped/stopped")
        let answer3 = world.start(1)
        #expect(answer3 == .noCredit)
        world.pass(3600)
        #expect(world.account.credit < 0)
    }

    @Test("credit falls by the rate, whatever the steps in which time passes")
    func billing() {
        var coarse = world([running(1), stopped(2)])
        var fine = coarse
        coarse.pass(7200)
        for _ in 0..<720 { fine.pass(10) }
        #expect(abs(coarse.account.spent - coarse.rate * 2) < 1e-9)
        #expect(abs(coarse.account.spent - fine.account.spent) < 1e-9)
    }

    @Test("the kept sum of rates is the sum of the rates, after anything")
    func sums() {
        var world = World(.standard(at: beginning), now: beginning)
        for (number, id) in world.ids.enumerated() {
            switch number % 5 {
            case 0: _ = world.stop(id)
            case 1: _ = world.start(id)
            case 2: _ = world.schedule(.hostLost("offline"), on: id)
            case 3: _ = world.reboot(id)
            default: _ = world.schedule(.containerEnds, on: id)
            }
            world.pass(7)
        }
        world.pass(10_000)
        let sum = world.instances.values.reduce(0) { $0 + $1.rate }
        #expect(abs(world.rate - sum) < 1e-9)
        for machine in world.machines.values { #expect(machine.held >= 0 && machine.held + machine.takenByOthers <= machine.gpus) }
    }

    @Test("the same seed and requests give the same world, whoever looks in between")
    func determinism() {
        var one = World(.standard(at: beginning), now: beginning)
        var other = World(.standard(at: beginning), now: beginning)
        _ = one.stop(40_112_233)
        _ = other.stop(40_112_233)
        one.pass(5000)
        for _ in 0..<50 { other.pass(100) }
        for id in one.ids {
            let (left, right) = (one.instances[id], other.instances[id])
            #expect(left?.status == right?.status)
            if let left, let right { #expect(one.row(left, columns: nil) == other.row(right, columns: nil)) }
        }
    }
}
