import FleetCalendar
import FleetClock
import FleetRules
import FleetSafety
import FleetStore
import Logging
import VastAPI
import VastLua

/// That a signal has ended a command before it had changed anything.
struct InterruptedCommand: Error {
    let code: ExitCode
}

/// What `apply` and `undo` have in common: the chain of a run of their own, and the end of one.
final class CommandSession {
    let service: GuardMiddleware
    let process: ProcessState
    let account: String
    /// That of the fleet.
    let clock: any FleetClock
    let zone: Zone
    /// Where the state lies.
    let directory: String
    private let machineClock = SystemClock()
    private let speed: Double
    private let connection: FleetConnection
    private let logger: Logger
    private let watcher: RunTerminationThread
    private let reporter: RunReporter
    /// The limits that hold in place of the built-in ones.
    let limits: GuardLimits

    /// - Parameters:
    ///   - simulated: the simulated world that it goes on in; nil: the real fleet.
    ///   - planned: limits that come with a plan; those of the command line hold in their place.
    ///   - isDry: whether it only shows what it would do.
    ///   - run: makes what the journal says of the run, from its id and when it begins.
    /// - Throws: ``UsageError``, ``VastError``.
    init(
        _ environment: ProcessEnvironment, _ arguments: ServiceArguments, _ simulated: SimulatorChoice?, _ limits: GuardArguments,
        planned: GuardLimits = .none,
        isDry: Bool, run: (_ id: String, _ started: Double) -> RunInfo
    ) throws {
        let zones = ZoneCatalog(environment: environment.values)
        let config = try ConfigFile.read(environment, zones: zones)
        zone = config.zone ?? zones.machineZoneOrUTC
        let simulator = try simulated.map { try EmbeddedSimulator(begun: $0, environment) }
        let clock: any FleetClock = simulator?.clock ?? machineClock
        (self.clock, speed) = (clock, simulator == nil ? 1 : RunOptions().simulatorSpeed)
        directory = try simulator?.stateDirectory ?? environment.stateDirectory
        var generator = SystemRandomNumberGenerator()
        let process = ProcessState(
            run: run(RunInfo.newID(using: &generator), clock.unixTime), directory: directory, world: simulated, clock: clock)
        self.process = process
        logger = try RunOptions().makeLogger(run: process.run.id, clock: clock)
        connection = FleetConnection(
            FleetConnection.Settings(
                environment: environment, url: arguments.url, isPaced: arguments.isPaced, isInsecure: arguments.insecure, clock: clock,
                logger: logger, seed: .random(in: .min ... .max), observer: { process.observer(for: $0) }),
            simulator: simulator)
        account = try connection.accountName()
        let options = try limits.options()
        self.limits = planned.overridden(by: options.limits)
        let origins = planned.numbers.mapValues { _ in "plan" }.merging(options.limits.numbers.mapValues { _ in GuardRefusal.commandLine })
        { $1 }
        let settings = ChangeChain.Settings(
            ceilings: [("config file", config.ceilings)], origins: origins, accepted: options.accepted, isWithdrawing: !isDry,
            account: config.account, place: .commandLine)
        let chain = ChangeChain(connection, process, settings: settings, clock: clock, logger: logger)
        for warning in try chain.limit(self.limits) { logger.warning("\(warning)") }
        service = try chain.service()
        reporter = RunReporter(process, isQuiet: false, voice: StandardError(), clock: clock) { StandardOutput.write($0) }
        watcher = RunTerminationThread(RunTermination(), clock: machineClock, voice: StandardError())
        watcher.attach(reporter)
        watcher.start()
    }

    /// No second run of the same script goes on at the same time.
    ///
    /// - Throws: ``RunLock/Held``, ``UnusableLock``.
    func lock(_ script: String) throws -> RunLock? {
        guard let directory = process.database?.directoryPath else { return nil }
        do {
            let lock = try RunLock.take(directory: directory, account: account, script: script, now: machineClock.unixTime)
            process.journal(for: account)?.hold(lock)
            return lock
        } catch let error as StateError {
            throw UnusableLock(cause: error)
        }
    }

    func readFleet() throws -> FleetSnapshot { try cancellable { [service] in try await service.list(.all) } }

    /// Does something that a signal ends, and blocks until it has.
    private func cancellable<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) throws -> Value {
        let task = Task { try await work() }
        watcher.attach(cancel: { task.cancel() })
        // What came before there was anything to end.
        if watcher.cause != nil { task.cancel() }
        do {
            return try watcher.whileRunning { try blocking { try await task.value } }
        } catch let error as VastError where error.kind == .cancelled {
            throw watcher.cause.map { InterruptedCommand(code: $0) } ?? error
        }
    }

    // MARK: changing

    /// Judges all orders together, says what of them would fail by itself, and sends nothing.
    ///
    /// - Returns: how many changes would fail.
    /// - Throws: ``VastError`` of kind `guard` when a limit stands against any of them.
    func judge(_ orders: [ChangeOrder]) throws -> Int {
        let outcomes = try cancellable { [service] in try await service.judge(orders) }
        for (order, outcomes) in zip(orders, outcomes) { show(outcomes, of: order) }
        return outcomes.map(\.failed.count).reduce(0, +)
    }

    /// Judges all orders together and takes room for them, then sends one after the other, as far as they can be done.
    ///
    /// - Returns: what ended it before all was tried; what was done is in the ledger.
    /// - Throws: ``VastError`` with nothing sent.
    func perform(_ orders: [ChangeOrder]) throws -> VastError? {
        let reserved = try cancellable { [service] in try await service.reserve(orders) }
        var ending: VastError?
        for order in reserved where ending == nil {
            let outcomes = try cancellable { [service] in await service.change(order) }
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
            StandardOutput.write("failed: \(order.verb.rawValue) \(PlainText.safe(names[id] ?? "\(id)")): \(PlainText.safe(error.message))")
        }
    }

    // MARK: the end

    /// Waits until the fleet shows what was changed, says how it ended, and completes the journal.
    ///
    /// - Parameter refused: what the command ends with when all else is well.
    func finish(confirm: Duration, fleetSize: Int, failure: VastError? = nil, refused: ExitCode = .done) -> ExitCode {
        confirmChanges(for: confirm, fleetSize: fleetSize)
        reporter.tell()
        if let failure { StandardError().sayAfterOutput(failure.text) }
        let codes = [watcher.cause, failure.map { ExitCode($0) }, service.ledger.hasOpenChanges ? .changesOpen : nil, refused]
        let code = ExitCode.strongest(of: codes.compactMap(\.self).filter { $0 != .done })
        return end(code)
    }

    /// Ends a command that has changed nothing of its own.
    func end(_ code: ExitCode) -> ExitCode {
        let end = reporter.close(code)
        if let problem = end.problem { StandardError().sayAfterOutput(problem) }
        connection.close()
        return end.code
    }

    /// Does the work of a command; what it has written is closed also when it ends by an error.
    func ending(_ work: () throws -> ExitCode) throws -> ExitCode {
        do {
            return try work()
        } catch {
            let code = (error as? InterruptedCommand)?.code ?? (error as? VastError).map { ExitCode($0) } ?? .scriptFailed
            _ = end(code)
            throw error
        }
    }

    /// A signal makes it short: what is left of the grace is used for one more try.
    private func confirmChanges(for length: Duration, fleetSize: Int) {
        let confirmation = Confirmation(service, clock: clock) { StandardError().say("the changes could not be confirmed: \($0.text)") }
        for _ in 0..<2 where !service.ledger.unconfirmed.isEmpty {
            let cause = watcher.cause
            let left = watcher.timeLeft.map { max(.zero, $0 - .seconds(1)) * speed }
            let deadline = clock.uptime + min(length, left ?? length)
            reporter.beginConfirming()
            let task = Task { await confirmation.run(until: deadline, fleetSize: fleetSize, isInterrupted: left != nil) }
            watcher.attach(cancel: { task.cancel() })
            watcher.whileRunning { try? blocking { await task.value } }
            reporter.endConfirming()
            if watcher.cause == cause { return }
        }
    }
}
