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
/// It belongs to the thread of its host.
package final class Runtime {
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
        /// Where `vast.notify` goes when a call does not say; nil: nowhere.
        package var notices: NoticeTarget?
        /// How long to wait between the tries of a notice, in real time.
        package var noticePauses: [Duration] = [.seconds(1), .seconds(3)]
        /// What carries requests to other services.
        package var web = WebClient()
        /// The zone of dates and calendars that name none; nil: the machine's.
        package var zone: Zone?
        /// Where zones are looked up.
        package var zones: ZoneCatalog

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

    package let host: LuaHost
    var options: Options
    let logger: Logger
    var fleet = FleetMemory()
    /// What is known of the fleet where changes are not planned while they are, and the other way round.
    var otherFleet = FleetMemory()
    let scopes = TaskScopes()
    /// The fields that the script has read, by instance; kept for plans.
    var seenFields: [InstanceID: Set<String>] = [:]
    private var makeService: @Sendable () throws -> any FleetChain
    private var madeService: (any FleetChain)?
    private let noChanges = ChangeLedger()
    private let makeMemory: (() throws -> ScriptMemory?)?
    /// What earlier runs of this script have left; nil when there is no place for it.
    private(set) lazy var memory = openMemory()
    /// What the script keeps for its later runs.
    private(set) lazy var values = ValueStore(memory?.values, isPlanning: isPlanning)
    private let openState: (() throws -> AccountState?)?
    private(set) lazy var sampleHistory = SampleHistory(open: openState) { [logger] in logger.warning("\($0)") }
    private let startUptime: Duration
    /// When the run began, in Unix seconds.
    let startedAt: Double
    /// What the jobs had come to when they were ended from outside.
    var endMarks: [String: JobMark] = [:]
    /// Whether the next run will want to know what the fleet looked like.
    var keepsFleet = false
    private var waited = Duration.zero
    let types = Types()
    private(set) var null: LuaReference?
    private(set) lazy var instanceType = makeInstanceType()
    private(set) lazy var listTypes = makeListTypes()
    private(set) lazy var resultType = makeResultType()
    private(set) lazy var moduleType = makeModuleType()
    private(set) lazy var jobType = makeJobType()
    private(set) lazy var taskType = makeTaskType()
    private(set) lazy var calendarType = makeCalendarType()
    private(set) lazy var hoursType = makeHoursType()
    private(set) lazy var subscriptionType = makeSubscriptionType()
    private(set) lazy var jobs = JobBoard(self, mode: options.jobMode)
    private(set) lazy var policies = PolicyBoard(self)
    private(set) lazy var policyType = makePolicyType()
    /// The verbs as functions of the script, for what acts in its name.
    var verbFunctions: [Change.Verb: LuaReference] = [:]
    /// What labels ask for, by their text.
    var knownWishes: [String: LabelDirectives] = [:]
    private(set) lazy var watch = FleetPoller(self)
    private(set) lazy var unjoined = UnjoinedFailures { [unowned self] in jobs.tell($0, $1) }
    let readings = SharedReadings()
    let zones: ZoneCatalog
    /// The programs that have failed, while somebody wants to know: what comes before a stop must not fail quietly.
    let failedCommands = TaskNotes<String>()
    let signals = OwnSignals()
    /// Where `vast.live` goes; nil where there is no prompt.
    package var onLive: ((Bool) throws -> Void)?
    var web: WebClient { options.web }
    /// nil until a script tells people something: opening what was sent before needs a key.
    private(set) var madeNotifier: Notifier?
    var notifier: Notifier {
        let notifier = madeNotifier ?? Notifier(kept: memory?.notices)
        madeNotifier = notifier
        return notifier
    }

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
        zones = options.zones
        self.logger = logger
        makeService = service
        makeMemory = memory
        openState = state
        startUptime = host.clock.uptime
        startedAt = host.clock.unixTime
        host.describeError = { [types] in types.error.describe($0) }
        try install()
    }

    private func install() throws {
        try host.register(types.error.type)
        for type in types.plain.types.values { try host.register(type) }
        try host.register(types.null)
        try host.register(types.array)
        try host.register(instanceType)
        for type in listTypes.values { try host.register(type) }
        try host.register(resultType)
        try host.register(moduleType)
        try host.register(jobType)
        try host.register(taskType)
        try host.register(subscriptionType)
        try host.register(calendarType)
        try host.register(hoursType)
        try host.register(policyType)
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
    /// - Parameter wait: for how long at most; zero: not at all.
    package func finish(wait: Duration) {
        unjoined.tellAll()
        retryNotices()
        guard !isPlanning else { return }
        confirm(wait: wait)
        keepFleet()
    }

    /// Keeps what was seen last for the next run, where a script wants to know of changes.
    private func keepFleet() {
        guard keepsFleet, let rows = fleet.history.rows?.sorted(by: { $0.id < $1.id }) else { return }
        do {
            try memory?.keepFleet(rows, at: rows.last?.observedAt.timeIntervalSince1970 ?? now)
        } catch {
            logger.warning("the next run will not know what this one saw: \(error)")
        }
    }

    private func confirm(wait: Duration) {
        guard let madeService, !ledger.unconfirmed.isEmpty, wait > .zero else { return }
        let began = host.clock.uptime
        let confirmation = Confirmation(madeService, clock: host.clock) { [logger] error in
            logger.warning("a reading failed", metadata: ["error": "\(error.text)"])
        }
        let size = fleet.history.rows?.count
        do {
            let confirm = try host.build { writer in
                writer.function("vast.confirm") { call in
                    call.wait(for: { await confirmation.run(until: began + wait, fleetSize: size) }, then: { _, _ in .values })
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
