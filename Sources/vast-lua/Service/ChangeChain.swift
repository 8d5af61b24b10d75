import FleetClock
import FleetRules
import FleetSafety
import FleetStore
import Logging
import Synchronization
import VastAPI

/// The links that every change of one Lua state, or of one command, goes through: guard, then plan or journal, then the
/// service. Made when they are first needed.
final class ChangeChain: Sendable {
    struct Settings: Sendable {
        /// What holds over the script's own limits.
        var ceilings: [(name: String, limits: GuardLimits)] = []
        /// Where limits come from that stand in place of a script's own.
        var origins: [GuardLimit: String] = [:]
        var accepted: Set<SanityDoubt.Kind> = []
        /// Whether changes are only planned.
        var isPlanning = false
        /// Whether starts that earlier runs have left queued are taken back by one that is not planning.
        var isWithdrawing = true
        /// The only account that may be used; nil: any.
        var account: String?
        /// How a refusal says what would allow it.
        var place = GuardRefusal.Place.script
    }

    private struct State {
        var guarded: GuardMiddleware?
        var planned: DryRunMiddleware?
        /// What the script said before the chain was made.
        var limits: [GuardLimits] = []
        var refusals: [GuardRefusal] = []
    }

    private let connection: FleetConnection
    private let process: ProcessState
    private let settings: Settings
    private let clock: any FleetClock
    private let logger: Logger
    private let state = Mutex(State())

    init(_ connection: FleetConnection, _ process: ProcessState, settings: Settings, clock: any FleetClock, logger: Logger) {
        self.connection = connection
        self.process = process
        self.settings = settings
        self.clock = clock
        self.logger = logger
    }

    /// What a dry run would change; nil when nothing was read, or this is none.
    var planned: DryRunMiddleware? { state.withLock { $0.planned } }

    /// What a dry run found a limit against.
    var refusals: [GuardRefusal] { state.withLock { $0.refusals } }

    /// The first link.
    ///
    /// - Throws: ``VastError``: no key, or no usable address.
    func service() throws -> GuardMiddleware {
        if let guarded = state.withLock({ $0.guarded }) { return guarded }
        let guarded = try make()
        let limits = state.withLock { state in
            state.guarded = guarded
            defer { state.limits = [] }
            return state.limits
        }
        for limit in limits { _ = try guarded.limit(limit) }
        return guarded
    }

    /// Takes limits of the script's own.
    ///
    /// - Returns: what to warn of.
    func limit(_ limits: GuardLimits) throws -> [String] {
        if let guarded = state.withLock({ $0.guarded }) { return try guarded.limit(limits) }
        state.withLock { $0.limits.append(limits) }
        return GuardRules(script: limits, origins: settings.origins, ceilings: settings.ceilings).warnings
    }

    private func make() throws -> GuardMiddleware {
        let client = try connection.client()
        let account = try connection.accountName()
        let next = AccountChecked(VastService(client: client), only: process.world == nil ? settings.account : nil)
        return GuardMiddleware(
            settings.isPlanning ? plan(next, account) : journaled(next, account),
            books: settings.isPlanning ? process.books.fork() : process.books, clock: clock, settings: guardSettings(client, account))
    }

    /// The limits of the script's own.
    var scriptLimits: GuardLimits { state.withLock { $0.guarded }?.scriptLimits ?? .none }

    private func plan(_ next: any FleetService, _ account: String) -> any FleetService {
        if let freeze = process.freeze?.current(at: clock.unixTime) {
            logger.warning("\(freeze.refusal(at: clock.unixTime).message); nothing of this would be made now")
        }
        // What cannot be looked up is no reason not to plan.
        let history = process.database.flatMap { $0.exists ? JournalHistory($0, account: account) : nil }
        let planned = DryRunMiddleware(next, clock: clock, leftQueued: leftQueued(account)) { facts in
            try? history?.starts(onMachine: facts.machineID, or: facts.id)
        }
        state.withLock { $0.planned = planned }
        return planned
    }

    /// Tells of starts that earlier runs have left queued; nil when nothing was left.
    private func leftQueued(_ account: String) -> (@Sendable (FleetSnapshot) -> Void)? {
        guard let database = process.database, database.exists,
            (try? JournalReconciler(database, account: account).hasDoubts()) == true
        else { return nil }
        return { [logger] snapshot in
            for line in LeftQueued.lines(in: snapshot, database, account: account) { logger.error("\(line)") }
        }
    }

    private func journaled(_ next: AccountChecked, _ account: String) -> any FleetService {
        guard let journal = process.journal(for: account), let database = process.database else { return next }
        return JournalMiddleware(
            next, journal: journal, reconciler: JournalReconciler(database, account: account), ledger: process.books.ledger,
            isWithdrawing: settings.isWithdrawing,
            // Not held back by --quiet: it is told once, and bills.
            alarm: { [logger] in logger.error("\($0)") }
        ) { [logger] in logger.warning("\($0)") }
    }

    private func guardSettings(_ client: VastClient, _ account: String) -> GuardMiddleware.Settings {
        var guarding = GuardMiddleware.Settings()
        guarding.ceilings = settings.ceilings
        (guarding.place, guarding.origins) = (settings.place, settings.origins)
        guarding.freeze = settings.isPlanning ? nil : process.freeze
        if settings.isPlanning { guarding.mode = .tell { [weak self] in self?.note($0) } }
        guarding.sanity = SanityTracker(
            FleetSanity(accepting: settings.accepted), store: sizes(account),
            // On a clock that runs fast, a request takes minutes.
            clockOffset: { [clock] in clock.isSystem ? client.clockOffset : nil })
        if let database = process.database { guarding.remember(by: database, account: account, run: process.run.id) }
        return guarding
    }

    private func sizes(_ account: String) -> SanityTracker.SizeStore? {
        guard let database = process.database else { return nil }
        let store = SnapshotStore(database, account: account)
        return SanityTracker.SizeStore(
            last: { try store.lastFleetSize() },
            keep: { [isPlanning = settings.isPlanning] in if !isPlanning { try store.keepFleetSize($0, at: $1) } })
    }

    private func note(_ refusal: GuardRefusal) {
        state.withLock { $0.refusals.append(refusal) }
    }
}

extension ChangeChain {
    /// The chain of a script's state.
    convenience init(_ context: ScriptContext, isPlanning: Bool) {
        let options = context.invocation.options
        self.init(
            context.connection, context.process,
            settings: Settings(
                ceilings: context.config.ceilings(under: options.limits), accepted: options.limits.accepted,
                isPlanning: isPlanning, account: context.config.account),
            clock: context.clock, logger: context.logger)
    }
}
