package import FleetCalendar
import FleetClock
package import FleetRules
package import FleetSafety
package import FleetStore
package import LuaEngine
package import Logging
package import VastAPI

/// Joins a Lua state with a fleet: installs the global `vast` and keeps what the run has read and changed.
///
/// It belongs to the thread of its host, and lives until the host is closed.
package final class Runtime: BindingOwner {
    /// How a runtime is set up.
    package struct Options: Sendable {
        /// How long ``Runtime/finish(wait:)`` waits for changes to be seen.
        package var confirm: Duration
        /// Whether changes are only planned: `vast.dry_run`.
        package var isPlanning: Bool
        /// Takes the limits of `vast.guard`, and returns what to warn of.
        package var limit: @Sendable (GuardLimits) throws -> [String]
        /// What becomes of the script's jobs.
        package var jobMode: JobMode
        /// The instance that policies are to explain themselves about; they do not act then.
        package var explained: InstanceID?
        /// Whether the fleet is a recorded one: nothing outside is done then, as in a dry run, and changes are real in it.
        package var isReplayed = false
        /// Whether somebody has said that a reading of the fleet need not be whole.
        package var acceptsIncomplete = false
        /// Where `vast.notify` goes when a call does not say; nil: nowhere.
        package var notices: NoticeTarget?
        /// How long to wait between the tries of a notice, in real time.
        package var noticePauses: [Duration] = [.seconds(1), .seconds(3)]
        /// How long is kept on disk what nobody needs any more.
        package var retention = RetentionPeriods()
        /// What carries requests to other services.
        package var web = WebClient()
        /// The zone of dates and calendars that name none; nil: the machine's.
        package var zone: Zone?
        /// Where zones are looked up.
        package var zones: ZoneCatalog
        /// Until when what labels protected in version 0.1 is left alone, in Unix seconds, as another process has found it in the
        /// state; nil: as the state says, if there is one.
        package var earlierLabelsUntil: Double?
        /// Where changes are noted that fail since there is no service, such as for want of a key; nil: the runtime keeps them itself.
        package var ledger: ChangeLedger?

        /// - Parameters:
        ///   - confirm: how long ``Runtime/finish(wait:)`` waits for changes to be seen.
        ///   - explained: the instance that policies are to explain themselves about; they do not act then.
        ///   - notices: where `vast.notify` goes when a call does not say; nil: nowhere.
        ///   - zone: of dates and calendars that name none; nil: the machine's.
        ///   - limit: takes the limits of `vast.guard`, and returns what to warn of.
        package init(
            confirm: Duration = .seconds(120), isPlanning: Bool = false, jobMode: JobMode = .live,
            explained: InstanceID? = nil, notices: NoticeTarget? = nil,
            web: WebClient = WebClient(), zone: Zone? = nil, zones: ZoneCatalog = ZoneCatalog(),
            limit: @escaping @Sendable (GuardLimits) throws -> [String] = { _ in [] }
        ) {
            self.confirm = confirm
            self.isPlanning = isPlanning
            self.limit = limit
            self.jobMode = jobMode
            self.explained = explained
            (self.notices, self.web, self.zone) = (notices, web, zone)
            self.zones = zones
        }
    }

    /// The Lua state that scripts run in.
    package let host: LuaHost
    var options: Options
    let logger: Logger
    private var makeService: @Sendable () throws -> any FleetChain
    private var madeService: (any FleetChain)?
    private lazy var noChanges = options.ledger ?? ChangeLedger()
    private let makeMemory: (() throws -> ScriptMemory?)?
    /// What earlier runs of this script have left; nil when there is no place for it.
    private(set) lazy var memory = openMemory()
    private(set) lazy var fleet = FleetModule(self)
    private(set) lazy var verbs = VerbsModule(self)
    private(set) lazy var samples = SamplesModule(self)
    private(set) lazy var labels = LabelsModule(self)
    private(set) lazy var events = EventsModule(self)
    private(set) lazy var tasks = TasksModule(self)
    private(set) lazy var limits = GuardModule(self)
    private(set) lazy var tools = ToolsModule(self)
    private(set) lazy var json = JSONModule(self)
    private(set) lazy var store = StoreModule(self)
    private(set) lazy var programs = ExecModule(self)
    private(set) lazy var web = WebModule(self)
    private(set) lazy var notices = NotifyModule(self)
    private(set) lazy var calendars = CalendarModule(self)
    let openState: (() throws -> AccountState?)?
    private let startUptime: Duration
    /// When the run began, in Unix seconds.
    let startedAt: Double
    private var waited = Duration.zero
    let types = Types()
    private(set) var null: LuaReference?
    private(set) lazy var moduleType = makeModuleType()
    private(set) lazy var jobs = JobBoard(self, mode: options.jobMode)
    private(set) lazy var policies = PolicyBoard(self)
    private(set) lazy var budgets = BudgetModule(self)
    /// Keeps the script alive for its jobs and events.
    package private(set) lazy var serving = ServingModule(self)
    /// What a prompt needs of the runtime.
    package private(set) lazy var prompt = PromptModule(self)
    /// Reads errors of Lua that are ours.
    package private(set) lazy var errors = ErrorReader(host, types.error.type)
    /// Where `vast.live` goes; nil where there is no prompt.
    package var onLive: ((Bool) throws -> Void)?

    /// - Parameters:
    ///   - host: the state that gets the global `vast`.
    ///   - service: makes the service when a script first needs it.
    ///   - logger: where `vast.log` goes.
    ///   - memory: opens what earlier runs of the script have left, when it is first needed.
    ///   - state: opens the readings and the journal of earlier runs and other processes; nil: only those of this process count.
    /// - Throws: `LuaError` of kind `memory`.
    package init(
        host: LuaHost, service: @escaping @Sendable () throws -> any FleetChain, logger: Logger,
        options: Options = Options(), memory: (() throws -> ScriptMemory?)? = nil,
        state: (() throws -> AccountState?)? = nil
    ) throws {
        self.host = host
        self.options = options
        self.logger = logger
        makeService = service
        makeMemory = memory
        openState = state
        startUptime = host.clock.uptime
        startedAt = host.clock.unixTime
        host.describeError = { [types] in types.error.describe($0) }
        host.subject = self
        try install()
    }

    private func install() throws {
        try host.register(types.error.type)
        for type in types.plain.types.values { try host.register(type) }
        try host.register(types.null)
        try host.register(types.array)
        try host.register(fleet.instanceType)
        for type in fleet.listTypes.values { try host.register(type) }
        try host.register(verbs.resultType)
        try host.register(moduleType)
        try host.register(jobs.jobType)
        try host.register(tasks.taskType)
        try host.register(events.subscriptionType)
        try host.register(calendars.calendarType)
        try host.register(calendars.hoursType)
        try host.register(policies.policyType)
        null = try host.build { $0.object(JSONNull(), as: types.null) }
        try host.setGlobal("vast") { writeModule($0) }
    }

    /// The service, made on first use.
    ///
    /// - Throws: what making it throws, such as a missing key.
    func service() throws -> any FleetChain {
        if let madeService { return madeService }
        let made = try makeService()
        madeService = made
        return made
    }

    /// The service, for a change; when there is none, the change has failed.
    ///
    /// - Throws: what making it throws.
    func service(for order: ChangeOrder) throws -> any FleetChain {
        do { return try service() } catch let error as VastError {
            if !isPlanning { ledger.record(order, ChangeOutcomes(order.ids, endedBy: error), at: now) }
            throw error
        }
    }

    /// From now on another service is used.
    func switchService(_ make: @escaping @Sendable () throws -> any FleetChain) {
        (makeService, madeService) = (make, nil)
    }

    /// Makes the service when that is possible, so that what was changed through it before is known.
    package func openService() { _ = try? service() }

    private func openMemory() -> ScriptMemory? {
        do {
            return try makeMemory?()
        } catch {
            logger.warning("nothing is remembered from run to run: \(error)")
            return nil
        }
    }

    /// Unix seconds.
    var now: Double { host.clock.unixTime }

    // MARK: the end of a run

    /// Whether a change failed or is not confirmed, and nobody dealt with it.
    package var hasOpenChanges: Bool { ledger.hasOpenChanges }

    /// What was changed through the service in use.
    package var ledger: ChangeLedger { madeService?.ledger ?? noChanges }

    /// Whether changes are only planned.
    package var isPlanning: Bool { options.isPlanning }

    /// What the run did, for one line.
    package var report: RunReport {
        RunReport(
            changes: ledger.changes, bill: ledger.bill, length: host.clock.uptime - startUptime, waited: waited)
    }

    /// Confirms, after the script has ended, all that the fleet has not shown yet, by reading it again and again.
    ///
    /// - Parameters:
    ///   - wait: for how long at most; zero: not at all.
    ///   - isInterrupted: whether a signal or a limit ends the run.
    package func finish(wait: Duration, isInterrupted: Bool = false) {
        tasks.unjoined.tellAll()
        notices.retryPending()
        guard !isPlanning else { return }
        confirm(wait: wait, isInterrupted: isInterrupted)
        keepFleet()
        if events.keepsFleet || fleet.memory.history.rows != nil { samples.kept.prune(now: now) }
    }

    /// Keeps what was seen last for the next run, where a script wants to know of changes.
    private func keepFleet() {
        guard events.keepsFleet, let rows = fleet.memory.history.rows?.sorted(by: { $0.id < $1.id }) else { return }
        do {
            try memory?.keepFleet(rows, at: rows.last?.observedAt.timeIntervalSince1970 ?? now)
        } catch {
            logger.warning("the next run will not know what this one saw: \(error)")
        }
    }

    private func confirm(wait: Duration, isInterrupted: Bool) {
        guard let madeService, !ledger.unconfirmed.isEmpty, wait > .zero else { return }
        let began = host.clock.uptime
        let confirmation = Confirmation(madeService, clock: host.clock) { [logger] error in
            logger.warning("a reading failed", metadata: ["error": "\(error.text)"])
        }
        let size = fleet.memory.history.rows?.count
        do {
            let confirm = try host.build { writer in
                writer.function("vast.confirm") { call in
                    call.wait(
                        for: { await confirmation.run(until: began + wait, fleetSize: size, isInterrupted: isInterrupted) },
                        then: { _, _ in .values })
                }
            }
            try host.run(confirm, name: "confirmation")
        } catch {
            // Whoever has interrupted it knows.
            if case .interrupted? = (error as? LuaError)?.kind {
            } else {
                logger.error("the changes could not be confirmed", metadata: ["error": "\(error)"])
            }
        }
        waited = host.clock.uptime - began
    }
}
