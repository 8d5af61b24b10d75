import Testing
import VastJSON

@testable import VastSimulator

@Suite struct BidTests {
    @Test("a bid is answered with success, and is for the whole instance: dph_base with four decimals, dph_total with the disk")
    func accepted() throws {
        let rig = BidRig()
        #expect(rig.bid(0.34567).json == ["success": true])
        let row = rig.row
        #expect(row["dph_base"]?.number == 0.3457)
        let disk = try #require(row["storage_total_cost"]?.number)
        #expect(abs((row["dph_total"]?.number ?? 0) - 0.3457 - disk) < 1e-6)
        let rate = try #require(rig.service.world.instances[21]).rate
        #expect(abs(rate - 0.3457 - disk) < 1e-9)
    }

    @Test("a bid may go from 0.001 to 32 for each GPU", arguments: [(1, 32.0), (2, 64), (8, 256)])
    func range(_ gpus: Int, _ most: Double) {
        let rig = BidRig(gpus)
        #expect(rig.bid(.double(most)).status == 200)
        #expect(rig.bid(0.001).status == 200)
        for price in [most + 0.01, 0.0009, 0, -1, 1e19, 1e308] {
            let answer = rig.bid(.double(price))
            #expect(answer.status == 400 && answer.error == "invalid_args", "\(price)")
        }
        #expect(rig.service.world.instances[21]?.bid == 0.001)
    }

    @Test("what is no number is no bid", arguments: ["0.3", "NaN", "", .bool(true), [], [:], [0.3]] as [JSONValue])
    func noNumber(_ price: JSONValue) {
        let answer = BidRig().bid(price)
        #expect(answer.status == 400 && answer.error == "invalid_args")
    }

    @Test("a body without a price, or that is no object, is no bid")
    func noPrice() {
        #expect(BidRig().send("PUT", "/api/v0/instances/bid_price/21/", ["client_id": "me"]).error == "invalid_args")
        #expect(BidRig().send("PUT", "/api/v0/instances/bid_price/21/", [0.3]).error == "invalid_args")
    }

    @Test("what is rented on demand has no bid, and what is not there has none either")
    func noBid() {
        let rig = BidRig()
        let before = rig.service.world.instances[22]?.gpuRate
        #expect(rig.bid(0.2, of: 22).status == 400)
        #expect(rig.bid(0.2, of: 22).error == "invalid_args")
        #expect(rig.service.world.instances[22]?.gpuRate == before)
        #expect(rig.bid(0.2, of: 99).status == 404)
        #expect(rig.bid(0.2, of: 99).error == "no_such_instance")
    }

    @Test("without a price the server picks one that wins, which may be lower", arguments: [0.028, 0.1, 0.2667, 3.5, 0.001, 0])
    func serversPrice(_ floor: Double) throws {
        let rig = BidRig(floor: floor)
        #expect(rig.bid(30).status == 200)
        #expect(rig.bid(nil).status == 200)
        let market = try #require(rig.service.world.instances[21]?.market)
        #expect(market.wins)
        #expect(abs(market.bid - max(0.001, floor * 1.18)) <= 0.0005)
    }

    @Test("an interruptible instance that lost its priority is no request in the audit log")
    func audit() {
        let rig = BidRig()
        _ = rig.service.changeWorld { $0.schedule(.outbid, on: 21) }
        rig.pass(60)
        #expect(rig.send("GET", "/api/v0/audit_logs/").json == [])
    }

    @Test("floor and options can be set from outside")
    func control() {
        let rig = BidRig(floor: 0.1)
        #expect(rig.send("PUT", "/simulator/behaviour", ["min_bid": "floor", "raise_resumes": true]).status == 200)
        #expect(rig.send("PUT", "/simulator/behaviour", ["min_bid": "own"]).status == 400)
        #expect(rig.send("POST", "/simulator/events", ["id": 21, "event": "floor:5.25"]).status == 200)
        rig.pass(1)
        #expect(rig.row["min_bid"] == 5.25)
        #expect(rig.row["intended_status"] == "stopped")
        _ = rig.bid(5.25)
        rig.pass(1)
        #expect(rig.row["actual_status"] == "running")
        for event in ["floor:-1", "floor:NaN", "floor"] as [JSONValue] {
            #expect(rig.send("POST", "/simulator/events", ["id": 21, "event": event]).status == 400)
        }
    }
}
