import FleetClock
import FleetSafety
import Synchronization
import VastAPI
import VastJSON

/// The chain of a backtest: the guard as in a live run, before a recorded fleet. Calls that begin together go on one after
/// the other, in the order in which the script made them.
final class ReplayChain: FleetChain {
    let guarded: GuardMiddleware
    private let clock: any FleetClock
    private let executor: OrderedExecutor
    private let refused = Mutex<[VastError]>([])

    init(_ fleet: ReplayedFleet, clock: any FleetClock) {
        self.clock = clock
        executor = OrderedExecutor(clock)
        guarded = GuardMiddleware(fleet, books: ChainBooks(), clock: clock)
    }

    var ledger: ChangeLedger { guarded.ledger }

    /// What the guard has refused.
    var refusals: [VastError] { refused.withLock { $0 } }

    func list(_ query: ListQuery) async throws -> FleetSnapshot { try await inOrder { try await guarded.list(query) } }

    func show(_ id: InstanceID) async throws -> Instance? { try await inOrder { try await guarded.show(id) } }

    func user() async throws -> User { try await inOrder { try await guarded.user() } }

    func change(_ order: ChangeOrder) async -> ChangeOutcomes {
        await inOrder {
            let outcomes = await guarded.change(order)
            if let error = outcomes.endedBy { refused.withLock { $0.append(error) } }
            return outcomes
        }
    }

    func request(_ order: RequestOrder) async throws -> JSON? { try await inOrder { try await guarded.request(order) } }

    private func inOrder<Result: Sendable, Failure: Error>(
        _ body: @Sendable () async throws(Failure) -> Result
    ) async throws(Failure) -> Result {
        try await withTaskExecutorPreference(executor) { () async throws(Failure) -> Result in
            // A call that was cancelled goes on, and finds out by itself.
            try? await clock.sleep(for: .microseconds(1))
            return try await body()
        }
    }
}
