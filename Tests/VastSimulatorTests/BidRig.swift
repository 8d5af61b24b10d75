import VastJSON

@testable import VastSimulator

/// A service with an interruptible instance, 21, and one that is rented on demand, 22.
struct BidRig {
    let rig: Rig
    var service: SimulatedService { rig.service }

    init(_ gpus: Int = 2, floor: Double = 0.1, _ change: (inout SimulatorOptions) -> Void = { _ in }) {
        rig = Rig([running(21) { ($0.isBid, $0.gpus, $0.floor) = (true, gpus, floor) }, running(22)], change)
    }

    func send(_ method: String, _ target: String, _ body: JSONValue? = nil) -> Answer { rig.send(method, target, body) }

    func bid(_ price: JSONValue, of id: Int64 = 21) -> Answer {
        send("PUT", "/api/v0/instances/bid_price/\(id)/", ["client_id": "me", "price": price])
    }

    /// The row of the interruptible one.
    var row: JSONValue { rig.list().json["instances"]?.elements?.first ?? .null }

    func pass(_ seconds: Double) { rig.clock.advance(by: .seconds(seconds)) }
}
