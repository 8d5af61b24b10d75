import Testing

@testable import VastSimulator

/// Credit, contracts and lost hosts beside the market.
@Suite struct PriorityEventTests {
    @Test("what is started and stopped again while its host is lost comes back stopped")
    func stopOfStartOnLostHost() {
        var world = world([stopped(1)])
        _ = world.schedule(.hostLost("offline"), on: 1)
        _ = world.start(1)
        _ = world.stop(1)
        world.pass(1000)
        #expect(world.words(1) == Spot.parked)
    }

    @Test("what was rebooted while its host was lost can lose its priority afterwards")
    func rebootOnLostHost() {
        var world = Spot.world()
        _ = world.schedule(.hostLost("offline"), on: 1)
        _ = world.reboot(1)
        world.pass(100)
        _ = world.schedule(.outbid, on: 1)
        world.pass(47)
        #expect(world.words(1) == Spot.parked)
    }

    @Test("without credit, or after its contract, it does not come back")
    func ended() {
        var world = Spot.world()
        _ = world.schedule(.outbid, on: 1)
        world.pass(100)
        world.setCredit(0)
        _ = world.schedule(.bidWins, on: 1)
        world.pass(100)
        #expect(world.words(1) == Spot.parked)
        var other = Spot.world()
        _ = other.schedule(.outbid, on: 1)
        _ = other.schedule(.contractEnds, on: 1, after: .seconds(50))
        _ = other.schedule(.bidWins, on: 1, after: .seconds(60))
        other.pass(200)
        #expect(other.words(1) == Spot.parked)
    }

    @Test("outbid while its host is lost, it comes back stopped")
    func lostHost() {
        for loss in Spot.losses {
            var world = Spot.world()
            _ = world.schedule(.hostLost("offline"), on: 1)
            loss(&world)
            world.pass(100)
            #expect(world.words(1) == "offline/stopped/stopped/stopped")
            world.pass(300)
            #expect(world.words(1) == Spot.parked)
        }
    }

    @Test("outbid while it is frozen, it is stopped")
    func frozen() {
        var world = Spot.world()
        _ = world.schedule(.freezes, on: 1)
        _ = world.schedule(.outbid, on: 1)
        world.pass(40)
        #expect(world.words(1) == Spot.parked)
        _ = world.schedule(.thaws, on: 1)
        #expect(world.words(1) == Spot.parked)
    }

    @Test("nobody outbids what is rented on demand")
    func onDemand() {
        var world = world([running(1), stopped(2)])
        for id in [1, 2] as [Int64] {
            for event in [WorldEvent.outbid, .floor(100), .bidWins] { _ = world.schedule(event, on: id) }
        }
        world.pass(500)
        #expect(world.words(1) == Spot.on && world.words(2) == Spot.parked)
        let answer = world.setBid(1, of: 1)
        #expect(!answer)
    }
}
