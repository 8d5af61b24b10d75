import FleetCalendar
import FleetClock
import FleetControl
import Logging
import VastAPI
import VastLua

/// What `apply` and `undo` have in common: the chain of a run of their own, and the end of one.
final class CommandSession {
    let service: Guarded
    let process: ProcessState
    let account: String
    let clock = SystemClock()
    let zone: Zone
    private let connection: FleetConnection
    private let logger: Logger
    private let began: Duration
    /// The limits that hold in place of the built-in ones.
    let limits: GuardLimits

    /// - Parameters:
    ///   - planned: limits that come with a plan; those of the command line hold in their place.
    ///   - run: makes what the journal says of the run, from its id and when it begins.
    /// - Throws: ``UsageError``, ``VastError``.
    init(
        _ environment: ProcessEnvironment, _ arguments: ServiceArguments, _ limits: GuardArguments, planned: GuardLimits = .none,
        run: (_ id: String, _ started: Double) -> RunInfo
    ) throws {
        let zones = ZoneCatalog(environment: environment.values)
        let config = try ConfigFile.read(environment, zones: zones)
        zone = config.zone ?? zones.machineZoneOrUTC
        var generator = SystemRandomNumberGenerator()
        let process = ProcessState(
            run: run(RunInfo.newID(using: &generator), clock.unixTime), directory: environment.stateDirectory, clock: clock)
        self.process = process
        logger = try RunOptions().makeLogger(run: process.run.id, clock: clock)
        connection = FleetConnection(
            FleetConnection.Settings(
                environment: environment, url: arguments.url, isPaced: !arguments.unpaced, isInsecure: arguments.insecure, clock: clock,
                logger: logger, seed: .random(in: .min ... .max), observer: { process.observer(for: $0) }))
        account = try connection.accountName()
        let options = try limits.options()
        self.limits = planned.overridden(by: options.limits)
        let settings = ChangeChain.Settings(
            ceilings: [("config file", config.ceilings)], accepted: options.accepted, account: config.account, place: .commandLine)
        let chain = ChangeChain(connection, process, settings: settings, clock: clock, logger: logger)
        for warning in try chain.limit(self.limits) { logger.warning("\(warning)") }
        service = try chain.service()
        began = clock.uptime
    }

    /// No second run of the same script goes on at the same time.
    ///
    /// - Throws: ``RunLock/Held``, ``UnusableLock``.
    func lock(_ script: String) throws -> RunLock? {
        guard let directory = process.database?.directoryPath else { return nil }
        do {
            return try RunLock.take(directory: directory, account: account, script: script, now: clock.unixTime)
        } catch let error as StateError {
            throw UnusableLock(cause: error)
        }
    }

    func readFleet() throws -> FleetSnapshot { try blocking { [service] in try await service.list(.all) } }

    // MARK: changing

    /// Judges all orders together, and sends nothing.
    ///
    /// - Throws: ``VastError`` of kind `guard` when a limit stands against any of them.
    func judge(_ orders: [ChangeOrder]) throws { try blocking { [service] in try await service.judge(orders) } }

    /// Judges all orders together and takes room for them, then sends one after the other, as far as they can be done.
    ///
    /// - Returns: what ended it before all was tried; what was done is in the ledger.
    /// - Throws: ``VastError`` with nothing sent.
    func perform(_ orders: [ChangeOrder]) throws -> VastError? {
        let reserved = try blocking { [service] in try await service.reserve(orders) }
        var ending: VastError?
        for order in reserved where ending == nil {
            let outcomes = try blocking { [service] in await service.change(order) }
            show(outcomes, of: order)
            ending = outcomes.endedBy
        }
        try blocking { [service] in await service.release(reserved) }
        guard var error = ending else { return nil }
        if service.ledger.changes.allSatisfy({ !$0.wasSent }) { error = error.sayingNothingWasSent }
        return error
    }

    private func show(_ outcomes: ChangeOutcomes, of order: ChangeOrder) {
        let names = service.books.facts(of: order.ids).mapValues(\.name)
        for id in outcomes.failed {
            guard let error = outcomes[id]?.error else { continue }
            print("failed: \(order.verb.rawValue) \(PlainText.safe(names[id] ?? "\(id)")): \(PlainText.safe(error.message))")
        }
    }

    // MARK: the end

    /// Waits until the fleet shows what was changed, says how it ended, and completes the journal.
    func finish(confirm: Duration, fleetSize: Int, failure: VastError? = nil) -> ExitCode {
        let start = clock.uptime
        let confirmation = Confirmation(service, clock: clock) { StandardError().say("the changes could not be confirmed: \($0.text)") }
        try? blocking { await confirmation.run(until: start + confirm, fleetSize: fleetSize) }
        let ledger = service.ledger
        let report = RunReport(changes: ledger.changes, bill: .init(), length: clock.uptime - began, waited: clock.uptime - start)
        if let line = report.line { print("\(line); run \(process.run.id)") }
        if let failure { StandardError().say(failure.text) }
        let code = ExitCode.strongest(
            of: [failure.map { ExitCode($0) } ?? .done, ledger.hasOpenChanges ? .changesOpen : .done].filter { $0 != .done })
        if let problem = process.end(code) { StandardError().say(problem) }
        connection.close()
        return code
    }
}
