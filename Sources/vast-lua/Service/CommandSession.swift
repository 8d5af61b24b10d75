import FleetCalendar
import FleetClock
import FleetControl
import Logging
import VastAPI

/// What `apply` and `undo` have in common: the chain of a run of their own, and the end of one.
final class CommandSession {
    let service: any FleetService
    let process: ProcessState
    let account: String
    let clock = SystemClock()
    let zone: Zone
    private let connection: FleetConnection
    private let settings: ChangeChain.Settings
    private let logger: Logger
    private var ledger = ChangeLedger()
    private let began: Duration

    /// - Parameter run: makes what the journal says of the run, from its id and when it begins.
    /// - Throws: ``UsageError``, ``VastError``.
    init(
        _ environment: ProcessEnvironment, _ arguments: ServiceArguments, _ limits: GuardArguments,
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
                logger: logger, seed: .random(in: .min ... .max), observer: { process.journal(for: $0) }))
        account = try connection.accountName()
        let options = try limits.options()
        settings = ChangeChain.Settings(
            ceilings: [("config file", config.ceilings)], accepted: options.accepted, account: config.account, place: .commandLine)
        let chain = ChangeChain(connection, process, settings: settings, clock: clock, logger: logger)
        for warning in try chain.limit(options.limits) { logger.warning("\(warning)") }
        service = try chain.service()
        limitsOfCommand = options.limits
        began = clock.uptime
    }

    private let limitsOfCommand: GuardLimits

    /// No second run of the same script goes on at the same time.
    ///
    /// - Throws: ``RunLock/Held``, ``StateError``.
    func lock(_ script: String) throws -> RunLock? {
        guard let directory = process.database?.directoryPath else { return nil }
        return try RunLock.take(directory: directory, account: account, script: script, now: clock.unixTime)
    }

    func readFleet() throws -> FleetSnapshot { try blocking { [service] in try await service.list(.all) } }

    // MARK: changing

    /// Judges all orders before the first of them is sent.
    ///
    /// - Throws: ``VastError`` of kind `guard` when a limit stands against any of them.
    func judge(_ orders: [ChangeOrder]) throws {
        var planning = settings
        (planning.isPlanning, planning.book) = (true, GuardBook())
        let chain = ChangeChain(connection, process, settings: planning, clock: clock, logger: logger)
        _ = try chain.limit(limitsOfCommand)
        let service = try chain.service()
        try blocking { for order in orders { _ = try await service.change(order) } }
        if let refusal = chain.refusals.first { throw refusal.error(in: .commandLine) }
    }

    /// Sends orders one after the other, as far as they can be done.
    ///
    /// - Throws: ``VastError`` that ends everything; what was done before is in the report.
    func perform(_ orders: [ChangeOrder], facts: [InstanceID: InstanceFacts]) throws {
        for order in orders {
            note(order, .sent, facts)
            let results: ChangeResults
            do {
                results = try blocking { [service] in try await service.change(order) }
            } catch let error as VastError {
                take(order, error.results.merging(order.ids.map { ($0, .failure(error)) }) { first, _ in first }, facts)
                throw error
            }
            take(order, results, facts)
        }
    }

    private func take(_ order: ChangeOrder, _ results: ChangeResults, _ facts: [InstanceID: InstanceFacts]) {
        for (id, result) in results {
            switch result {
            case .success: note(order.only([id]), .accepted, facts)
            case .failure(let error):
                note(order.only([id]), .failed(kind: error.kind.rawValue, message: error.message), facts)
                print("failed: \(order.verb.rawValue) \(facts[id]?.name ?? "\(id)"): \(error.message)")
            }
        }
    }

    private func note(_ order: ChangeOrder, _ status: ChangeRecord.Status, _ facts: [InstanceID: InstanceFacts]) {
        for id in order.ids {
            ledger.record(
                ChangeRecord(
                    id: id, verb: order.verb, label: order.label, reason: order.decision.reasons[id],
                    rateBefore: facts[id]?.rate?.rawValue, name: facts[id]?.label ?? "", status: status))
        }
    }

    // MARK: the end

    /// Waits until the fleet shows what was changed, says how it ended, and completes the journal.
    func finish(confirm: Duration, failure: VastError? = nil) -> ExitCode {
        let start = clock.uptime
        let problem = settle(until: start + confirm)
        let report = RunReport(ledger: ledger, bill: .init(), length: clock.uptime - began, waited: clock.uptime - start)
        if let line = report.line { print("\(line); run \(process.run.id)") }
        if let problem { StandardError().say("the changes could not be confirmed: \(problem)") }
        if let failure { StandardError().say(failure.message) }
        let code = ExitCode.strongest(
            of: [failure.map { ExitCode($0) } ?? .done, ledger.hasOpenChanges ? .changesOpen : .done].filter { $0 != .done })
        if let problem = process.end(code) { StandardError().say(problem) }
        connection.close()
        return code
    }

    private func settle(until deadline: Duration) -> (any Error)? {
        do {
            while !ledger.unconfirmed.isEmpty, clock.uptime < deadline {
                let ids = ledger.unconfirmed
                let snapshot = try blocking { [service, clock] in
                    try await clock.sleep(for: .seconds(2))
                    return try await service.list(ids.count <= 300 ? .ids(ids) : .all)
                }
                // Whoever asks for ids sees that they are gone.
                let rows = Dictionary(uniqueKeysWithValues: snapshot.instances.map { ($0.id, $0) })
                ledger.confirm(with: rows, isComplete: snapshot.isComplete)
            }
            return nil
        } catch {
            return error
        }
    }
}
