package import FleetSafety
internal import Synchronization
package import VastAPI
package import VastSimulator

/// One call of a verb by a script, as the chain was asked and as it answered.
package struct WorldCall: Sendable {
    package let order: ChangeOrder
    package let outcomes: ChangeOutcomes
    /// The numbers of the exchanges that began while it went on; those of other calls may be among them when calls
    /// overlap.
    package let exchanges: Range<Int>
    /// The service's instances when it had ended.
    package let fleet: [Int64: SimulatedInstance]
}

/// One request that a script wrote itself, and the error that it got.
package struct WorldRequest: Sendable {
    package let order: RequestOrder
    package let error: VastError?
    package let exchanges: Range<Int>
}

/// What was asked of a chain, in the order in which it ended.
final class CallLog: Sendable {
    struct State {
        var calls: [WorldCall] = []
        var requests: [WorldRequest] = []
    }

    private let state = Mutex(State())
    private let transport: SimulatedTransport
    private let service: SimulatedService

    init(_ transport: SimulatedTransport, _ service: SimulatedService) { (self.transport, self.service) = (transport, service) }

    var calls: [WorldCall] { state.withLock { $0.calls } }
    var requests: [WorldRequest] { state.withLock { $0.requests } }

    /// The number of the next exchange.
    var next: Int { transport.count + 1 }

    func note(_ order: ChangeOrder, _ outcomes: ChangeOutcomes, from first: Int) {
        let call = WorldCall(order: order, outcomes: outcomes, exchanges: first..<next, fleet: service.world.instances)
        state.withLock { $0.calls.append(call) }
    }

    func note(_ order: RequestOrder, _ error: (any Error)?, from first: Int) {
        let request = WorldRequest(order: order, error: error as? VastError, exchanges: first..<next)
        state.withLock { $0.requests.append(request) }
    }
}
