import Testing

@testable import VastSimulator

/// Starts and stops beside the market.
@Suite struct PriorityStartTests {
    @Test(
        "a start below the price to beat is queued, whatever becomes of queued starts",
        arguments: Behaviour.QueuedStart.allCases)
    func startBelow(_ queued: Behaviour.QueuedStart) {
        for loss in Spot.losses {
            var world = Spot.world { $0.behaviour.queuedStart = queued }
            loss(&world)
            world.pass(60)
            let answer = world.start(1)
            #expect(answer == .queued)
            #expect(world.words(1) == "exited/running/stopped/running")
            world.pass(1000)
            #expect(world.words(1) == (queued == .reverts ? Spot.parked : "exited/running/stopped/running"))
            _ = world.schedule(.floor(0.05), on: 1)
            world.pass(100)
            #expect(world.words(1) == Spot.on)
        }
    }

    @Test("a start while its container still ends is queued too, and the container ends")
    func startWhileEnding() {
        for loss in Spot.losses {
            var world = Spot.world()
            loss(&world)
            world.pass(3)
            #expect(world.words(1) == "running/stopped/stopped/stopped")
            let answer = world.start(1)
            #expect(answer == .queued)
            world.pass(40)
            #expect(world.words(1) == "exited/running/stopped/running")
        }
    }

    @Test("a start that is queued for its bid, while its owner's stop is under way, does not undo the stop")
    func startWhileStopping() {
        for delay in [1, 3] as [Double] {
            var world = Spot.world()
            _ = world.stop(1)
            _ = world.schedule(.floor(0.5), on: 1)
            world.pass(delay)
            let answer = world.start(1)
            #expect(answer == .queued)
            #expect(world.words(1) == "running/running/stopped/running")
            world.pass(4)
            #expect(world.words(1) == "exited/running/stopped/running")
            _ = world.schedule(.floor(0.1), on: 1)
            world.pass(100)
            #expect(world.words(1) == Spot.on)
        }
    }

    @Test("a queued start that waits only for the price is carried out after a raise")
    func raiseOfQueued() {
        var world = Spot.world()
        _ = world.setBid(0.1, of: 1)
        world.pass(60)
        _ = world.start(1)
        world.pass(500)
        _ = world.setBid(0.3, of: 1)
        world.pass(100)
        #expect(world.words(1) == Spot.on)
    }

    @Test("what its owner has stopped stays stopped, whenever that was and whatever the market does")
    func ownersStop() {
        for (number, loss) in Spot.losses.enumerated() {
            for delay in [0, 0.5, 5, 60] as [Double] {
                var world = Spot.world { $0.behaviour.raiseResumes = true }
                loss(&world)
                world.pass(delay)
                let answer = world.stop(1)
                #expect(answer)
                for event in [WorldEvent.bidWins, .floor(0.9), .floor(0.01), .outbid, .floor(0.02), .bidWins] {
                    _ = world.schedule(event, on: 1)
                    world.pass(100)
                    _ = world.setBid(0.3 + Double(number), of: 1)
                    world.pass(1000)
                    #expect(world.words(1) == Spot.parked, "\(event)")
                }
            }
        }
    }

    @Test("priority alone does not start it while others have its GPUs; it starts when they give them back")
    func taken() {
        var world = Spot.world(takenAfter: .seconds(5))
        _ = world.schedule(.floor(0.5), on: 1)
        world.pass(100)
        _ = world.schedule(.floor(0.1), on: 1)
        world.pass(100)
        #expect(world.words(1) == Spot.parked)
        _ = world.schedule(.gpusFreed(1), on: 1)
        world.pass(100)
        #expect(world.words(1) == Spot.on)
    }

    @Test("the event bid_wins gives it its GPUs back")
    func winsGPUs() {
        var world = Spot.world(takenAfter: .seconds(5))
        _ = world.schedule(.outbid, on: 1)
        world.pass(100)
        _ = world.schedule(.bidWins, on: 1)
        world.pass(100)
        #expect(world.words(1) == Spot.on)
        #expect(world.machines[1001]?.gpus == 1)
    }
}
