import Testing

@testable import VastSimulator

@Suite struct PriorityTests {
    @Test(
        "below the price to beat, for whatever reason, it is to be stopped in 1 to 2 s, and has ended 10 to 30 s later",
        arguments: Spot.losses.indices, 1...15 as ClosedRange<UInt64>)
    func loses(_ loss: Int, _ seed: UInt64) {
        var world = Spot.world(seed: seed)
        Spot.losses[loss](&world)
        world.pass(0.99)
        #expect(world.words(1) == Spot.on)
        world.pass(1.02)
        #expect(world.words(1) == "running/stopped/stopped/stopped")
        world.pass(8.9)
        #expect(world.words(1) == "running/stopped/stopped/stopped")
        world.pass(22)
        #expect(world.words(1) == Spot.parked)
        #expect(world.instances[1]?.status.message?.hasPrefix("success") == true)
        #expect(world.instances[1]?.billsGPU == false && world.instances[1]?.billsDisk == true)
        #expect(world.machines[1001]?.free == 1)
    }

    @Test(
        "when its bid wins again it is wanted on in seconds and runs 15 to 60 s later", arguments: Spot.losses.indices,
        1...15 as ClosedRange<UInt64>)
    func returns(_ loss: Int, _ seed: UInt64) {
        for event in [WorldEvent.bidWins, .floor(0.05)] {
            var world = Spot.world(seed: seed) { $0.timing = Timing() }
            Spot.losses[loss](&world)
            world.pass(60)
            #expect(world.words(1) == Spot.parked)
            _ = world.schedule(event, on: 1)
            world.pass(5)
            #expect(world.instances[1]?.status.intended == "running" && world.instances[1]?.status.current == "running")
            #expect(world.instances[1]?.billsGPU == false)
            world.pass(10.9)
            #expect(world.words(1) != Spot.on)
            world.pass(50)
            #expect(world.words(1) == Spot.on)
        }
    }

    @Test(
        "outbid_intended says whether it is to be stopped, and when it runs again",
        arguments: Behaviour.OutbidIntended.allCases)
    func intended(_ intended: Behaviour.OutbidIntended) {
        for loss in Spot.losses {
            var world = Spot.world { $0.behaviour.outbidIntended = intended }
            loss(&world)
            world.pass(47)
            #expect(world.words(1) == "exited/\(intended.rawValue)/stopped/stopped")
            #expect(world.instances[1]?.billsGPU == false)
            _ = world.schedule(.bidWins, on: 1)
            world.pass(64)
            #expect(world.words(1) == Spot.on)
        }
    }

    @Test("a bid that wins again before the contract is stopped stops nothing")
    func inTime() {
        for loss in Spot.losses {
            var world = Spot.world()
            loss(&world)
            world.pass(0.5)
            _ = world.setBid(0.9, of: 1)
            world.pass(1000)
            #expect(world.words(1) == Spot.on)
        }
    }

    @Test("a raise does not resume it; a start after the raise does")
    func raise() {
        for loss in Spot.losses {
            var world = Spot.world()
            loss(&world)
            world.pass(60)
            _ = world.setBid(0.9, of: 1)
            world.pass(1000)
            #expect(world.words(1) == Spot.parked)
            let answer = world.start(1)
            #expect(answer == .accepted)
            world.pass(60)
            #expect(world.words(1) == Spot.on)
        }
    }

    @Test("where raise_resumes is true, a raise resumes it, unless it is not high enough")
    func raiseResumes() {
        for loss in Spot.losses {
            var world = Spot.world { $0.behaviour.raiseResumes = true }
            loss(&world)
            world.pass(60)
            _ = world.setBid(0.15, of: 1)
            world.pass(100)
            #expect(world.words(1) == Spot.parked)
            _ = world.setBid(0.9, of: 1)
            world.pass(5)
            #expect(world.instances[1]?.status.intended == "running")
            world.pass(60)
            #expect(world.words(1) == Spot.on)
        }
    }
}
