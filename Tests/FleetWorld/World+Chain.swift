internal import FleetClock
package import FleetRules
package import FleetSafety
package import FleetStore
internal import Synchronization
internal import VastAPI
internal import VastJSON

// Everything here that knows how a change goes from a verb to the client.

/// The journal of a run and the links before the client.
package struct WorldChain: Sendable {
    /// The first link.
    package let service: any FleetChain
    package let guarded: GuardMiddleware
    package let journal: Journal
    let log: CallLog
    private let parts: Parts
    private let sound: AccountChecked

    init(_ parts: Parts) throws {
        let journal = Journal(parts.database, run: parts.run, account: parts.account, freeze: parts.freeze, clock: parts.clock)
        let books = ChainBooks()
        let observer = ChangeObserver(ledger: books.ledger, journal: journal, clock: parts.clock)
        let client = try parts.makeClient(CountedObserver(next: observer, clock: parts.clock))
        let next = AccountChecked(VastService(client: client), only: nil)
        let reconciler = JournalReconciler(parts.database, account: parts.account)
        let journaled = JournalMiddleware(next, journal: journal, reconciler: reconciler, ledger: books.ledger, tell: parts.tell)
        let guarded = GuardMiddleware(journaled, books: books, clock: parts.clock, settings: Self.settings(parts))
        self.guarded = guarded
        service = OrderedService(next: guarded, clock: parts.clock, executor: parts.executor, log: parts.log)
        self.journal = journal
        (self.parts, log, sound) = (parts, parts.log, next)
    }

    /// Takes limits of the script's own.
    package func limit(_ limits: GuardLimits) throws -> [String] { try guarded.limit(limits) }

    /// A chain that only plans, with books that begin with what these hold, as the prompt's dry mode and `plan` have it.
    func planning() -> (service: any FleetChain, planned: DryRunMiddleware, guarded: GuardMiddleware) {
        let planned = DryRunMiddleware(sound, clock: parts.clock)
        var settings = Self.settings(parts)
        (settings.mode, settings.freeze) = (.tell { _ in }, nil)
        let guarded = GuardMiddleware(planned, books: guarded.books.fork(), clock: parts.clock, settings: settings)
        let executor = parts.executor
        return (OrderedService(next: guarded, clock: parts.clock, executor: executor, log: nil), planned, guarded)
    }

    struct Parts: Sendable {
        let database: StateDatabase
        let run: RunInfo
        let account: String
        let freeze: FreezeFile
        let clock: any FleetClock
        let executor: OrderedExecutor
        let makeClient: @Sendable (any ExchangeObserver) throws -> VastClient
        /// Is given what the chain has found out about earlier runs.
        let tell: @Sendable (String) -> Void
        let log: CallLog
    }

    private static func settings(_ parts: Parts) -> GuardMiddleware.Settings {
        let (database, account, id) = (parts.database, parts.account, parts.run.id)
        let store = SnapshotStore(database, account: account)
        var settings = GuardMiddleware.Settings()
        settings.freeze = parts.freeze
        settings.sanity = SanityTracker(
            FleetSanity(accepting: []),
            store: SanityTracker.SizeStore(last: { try store.lastFleetSize() }, keep: { try store.keepFleetSize($0, at: $1) }),
            clockOffset: { nil })
        settings.remember(by: database, account: account, run: id)
        return settings
    }
}

/// Lets calls that begin together go on one after the other, in the order in which the script made them, and runs all of
/// them on one executor: chance would decide who comes first otherwise.
private struct OrderedService: FleetChain {
    let next: any FleetChain
    let clock: any FleetClock
    let executor: OrderedExecutor
    let log: CallLog?

    var ledger: ChangeLedger { next.ledger }

    func list(_ query: ListQuery) async throws -> FleetSnapshot { try await inOrder { try await next.list(query) } }

    func show(_ id: InstanceID) async throws -> Instance? { try await inOrder { try await next.show(id) } }

    func user() async throws -> User { try await inOrder { try await next.user() } }

    func change(_ order: ChangeOrder) async -> ChangeOutcomes {
        await inOrder {
            let first = log?.next ?? 0
            let outcomes = await next.change(order)
            log?.note(order, outcomes, from: first)
            return outcomes
        }
    }

    func request(_ order: RequestOrder) async throws -> JSON? {
        try await inOrder {
            let first = log?.next ?? 0
            do {
                let answer = try await next.request(order)
                log?.note(order, nil, from: first)
                return answer
            } catch {
                log?.note(order, error, from: first)
                throw error
            }
        }
    }

    func noteSatisfied(_ order: ChangeOrder) { next.noteSatisfied(order) }

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

/// Time stands still while the journal writes, also for one part of a call whose others sleep.
private struct CountedObserver: ExchangeObserver {
    let next: any ExchangeObserver
    let clock: any FleetClock

    func willSend(_ intent: ChangeIntent) async throws {
        clock.beginWork(.thread)
        defer { clock.endWork(.thread) }
        try await next.willSend(intent)
    }

    func didFinish(_ intent: ChangeIntent, _ outcome: ChangeOutcome) async {
        clock.beginWork(.thread)
        defer { clock.endWork(.thread) }
        await next.didFinish(intent, outcome)
    }
}
