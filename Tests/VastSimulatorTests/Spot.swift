@testable import VastSimulator

/// One interruptible instance whose bid is 0.4 and whose floor is 0.2, in dollars an hour.
enum Spot {
    static let on = "running/running/running/running"
    static let parked = "exited/stopped/stopped/stopped"

    /// The ways in which it can lose its priority.
    static let losses: [@Sendable (inout World) -> Void] = [
        { _ = $0.schedule(.outbid, on: 1) }, { _ = $0.schedule(.floor(0.5), on: 1) }, { _ = $0.setBid(0.1, of: 1) }
    ]

    /// - Parameter takenAfter: how soon somebody rents what it releases; nil when nobody does.
    static func world(
        takenAfter: Duration? = nil, seed: UInt64 = 1, _ change: (inout SimulatorOptions) -> Void = { _ in }
    ) -> World {
        let host = Machine(gpus: 1, takenAfter: takenAfter)
        var world = VastSimulatorTests.world([running(1) { ($0.isBid, $0.floor) = (true, 0.2) }], machines: [1001: host]) {
            $0.seed = seed
            change(&$0)
        }
        _ = world.setBid(0.4, of: 1)
        return world
    }
}
