import Testing
import VastJSON

@testable import VastSimulator

/// What `min_bid` shows, and where floors come from.
@Suite struct MinBidTests {
    @Test(
        "min_bid echoes the own bid with three decimals, and is 16 seconds to 15 minutes old",
        arguments: 1...20 as ClosedRange<UInt64>)
    func echo(_ seed: UInt64) {
        let rig = BidRig { $0.seed = seed }
        let before = rig.row["min_bid"]
        #expect(before?.number == (rig.row["dph_base"]?.number ?? 0).rounded(digits: 3))
        _ = rig.bid(0.34567)
        rig.pass(15.9)
        #expect(rig.row["min_bid"] == before)
        rig.pass(900)
        #expect(rig.row["min_bid"] == 0.346)
    }

    @Test("an older echo does not replace a newer one", arguments: 1...20 as ClosedRange<UInt64>)
    func echoes(_ seed: UInt64) {
        let rig = BidRig { $0.seed = seed }
        let bids = stride(from: 0.3, to: 0.6, by: 0.05).map { $0.rounded(digits: 3) }
        for price in bids { _ = rig.bid(.double(price)) }
        var last = 0.0
        for _ in 0..<60 {
            rig.pass(16)
            guard let shown = rig.row["min_bid"]?.number, bids.contains(shown) else { continue }
            #expect(shown >= last)
            last = shown
        }
        #expect(last == bids.last)
    }

    @Test("min_bid may be the price to beat, or 1.2 times the own bid if that is more")
    func minBid() {
        let floor = BidRig(floor: 0.3) { $0.behaviour.minBid = .floor }
        #expect(floor.row["min_bid"] == 0.3)
        let max = BidRig(floor: 0.3) { $0.behaviour.minBid = .max }
        _ = max.bid(0.5)
        #expect(max.row["min_bid"] == 0.6)
        _ = max.bid(0.1)
        #expect(max.row["min_bid"] == 0.3)
    }

    @Test("a program that reads min_bid as the price to beat, and bids a little more, chases its own echo")
    func chase() {
        let rig = BidRig(floor: 0.1)
        for _ in 0..<6 {
            _ = rig.bid(.double((rig.row["min_bid"]?.number ?? 0) * 1.1))
            rig.pass(901)
        }
        #expect((rig.row["dph_base"]?.number ?? 0) > 0.6)
        #expect(rig.service.world.instances[21]?.market?.priceToBeat == 0.1)
    }

    @Test("the floor is a number of the fleet file, and an event", arguments: ["0.25", "1e308", "-3", "1e19", "null"])
    func fleetFile(_ floor: String) throws {
        let text = #"{"fleet": 1, "instances": [{"id": 1, "is_bid": true, "dph_base": 0.5, "simulator": {"floor": \#(floor)}}]}"#
        let fleet = try FleetFile.fleet(Array(text.utf8), at: beginning)
        let market = try #require(fleet.instances.first?.market)
        #expect(market.floor >= 0 && market.floor.isFinite)
        if floor == "null" { #expect((0.25...0.425).contains(market.floor)) }
        if floor == "0.25" { #expect(market.floor == 0.25) }
        var world = World(fleet, now: beginning)
        world.pass(100)
        #expect((world.words(1) == "running/running/running/running") == market.wins)
    }

    @Test("a floor that is no number is refused")
    func noFloor() {
        let text = #"{"fleet": 1, "instances": [{"id": 1, "is_bid": true, "simulator": {"floor": "high"}}]}"#
        #expect(throws: FleetFile.Invalid.self) { try FleetFile.fleet(Array(text.utf8), at: beginning) }
        for event in [
            "floor", "floor:", "floor:nan", "floor:inf", "floor:-1", "floor:x", "floor:0.1:0.2", "floor:1e999",
            "gpus_taken:abc", "gpus_taken:-1", "gpus_taken:1.5", "gpus_taken:0", "gpus_taken:", "gpus_freed:-9223372036854775808", ":", "",
            "outbid:3", "deleted:", "gpus_freed:1:2"
        ] {
            #expect(WorldEvent(event) == nil, "\(event)")
        }
        #expect(WorldEvent("floor:0.25") == .floor(0.25))
    }

    @Test(
        "counts beyond any machine do no harm",
        arguments: [("gpus_taken:9223372036854775807", 0), ("gpus_freed:9223372036854775807", 7)])
    func counts(_ name: String, free: Int) throws {
        let event = try #require(WorldEvent(name))
        var world = world([running(1)], machines: [1001: Machine(gpus: 8, takenByOthers: 3)])
        _ = world.schedule(event, on: 1)
        #expect(world.machines[1001]?.free == free)
    }
}
