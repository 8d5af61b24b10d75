import FleetCalendar
import FleetClock
import FleetRules
import FleetSafety
import FleetStore
import Logging
import LuaEngine
import VastAPI
import VastLua

/// What all states of a script have in common.
struct ScriptContext: Sendable {
    let invocation: ScriptInvocation
    let voice: StandardError
    let watcher: RunTerminationThread
    let notifier: ServiceNotifier
    let clock: any FleetClock
    let logger: Logger
    let connection: FleetConnection
    let process: ProcessState
    let reporter: RunReporter
    let config: ConfigFile
    /// `TERM`
    let terminal: String?
    let memory: @Sendable () throws -> ScriptMemory?
    let zones: ZoneCatalog

    /// The readings and the journal of all runs on the account; nil in a simulator that has no state of its own.
    ///
    /// - Throws: ``VastError`` when there is no key.
    func accountState() throws -> AccountState? {
        guard let database = process.database else { return nil }
        return AccountState(database, account: try connection.accountName())
    }

    /// A run that may change something has ended: the journal and the heartbeat are told.
    ///
    /// - Returns: the code to end with: another one when a signal came first.
    func end(_ code: ExitCode) -> ExitCode {
        let heartbeat = process.world != nil ? nil : config.heartbeat
        let end = reporter.close(code)
        for problem in [end.problem, heartbeat?.send(after: end.code, over: connection.network)] {
            if let problem { logger.warning("\(problem)") }
        }
        return end.code
    }

    /// The zone in which times are shown.
    var zone: Zone { config.zone ?? zones.machineZoneOrUTC }
}

/// One Lua state of a script, from its main chunk to its end. It belongs to the thread that made it; a reload makes
/// another one.
final class ScriptState {
    let host: LuaHost
    let runtime: Runtime
    let control = RunControl()
    /// What its changes go through.
    private(set) var chain: ChangeChain
    /// The chain that sends, at a prompt that is switched between planning and sending.
    private var liveChain: ChangeChain?
    private(set) lazy var prompt = PromptRun(context)
    private let context: ScriptContext
    private let jobMode: JobMode

    /// - Parameters:
    ///   - isPlanning: whether changes are only planned.
    /// - Throws: ``UsageError`` when the memory limit leaves no room for Lua itself; `LuaError` of kind `memory`.
    ///   - explained: the instance that policies explain themselves about.
    init(_ context: ScriptContext, jobMode: JobMode, isPlanning: Bool = false, explained: InstanceID? = nil) throws {
        self.context = context
        self.jobMode = jobMode
        host = try Self.makeHost(context)
        let chain = ChangeChain(context, isPlanning: isPlanning)
        self.chain = chain
        liveChain = isPlanning ? nil : chain
        var options = Runtime.Options(
            confirm: context.invocation.options.confirm, isPlanning: isPlanning, jobMode: jobMode,
            explained: explained, notices: context.config.notices,
            web: WebClient(transport: AsyncHTTPTransport(network: context.connection.network)), zone: context.config.zone,
            zones: context.zones,
            limit: { try chain.limit($0) })
        if !isPlanning { options.ledger = context.process.books.ledger }
        options.retention = context.config.retention
        options.acceptsIncomplete = context.invocation.options.limits.accepted.contains(.incomplete)
        runtime = try Runtime(
            host: host, service: { try chain.service() }, logger: context.logger, options: options,
            memory: context.memory, state: { try context.accountState() })
    }

    private static func makeHost(_ context: ScriptContext) throws -> LuaHost {
        let limit = context.invocation.options.memoryLimit
        do {
            let host = try LuaHost(
                clock: context.clock,
                options: LuaHost.Options(
                    memoryLimit: limit ?? .max, ignoresEnvironment: context.invocation.ignoresEnvironment))
            try host.installExit()
            try host.installScreenPrint()
            host.onWarning = { StandardError.write($0) }
            if context.invocation.becomesPrompt { try host.installInterruptiblePatterns() }
            return host
        } catch let error as LuaError where error.kind == .memory && limit != nil {
            throw UsageError("'--memory-limit' is too small for Lua itself; give it 1M or more")
        }
    }

    /// From now on changes are sent, or only planned; for the prompt. Each time that planning begins, it begins with what is
    /// known and done by then.
    func setLive(_ isLive: Bool) throws {
        guard isLive == runtime.isPlanning else { return }
        let next = isLive ? liveChain ?? ChangeChain(context, isPlanning: false) : ChangeChain(context, isPlanning: true)
        try runtime.prompt.setPlanning(!isLive, service: { try next.service() }, limit: { try next.limit($0) })
        if isLive { liveChain = next }
        chain = next
    }

    var reach: RunTerminationThread.Script { RunTerminationThread.Script(interrupter: host.interrupter, control: control) }

    // MARK: running

    /// Runs the main chunk, and what the command line has around it.
    ///
    /// - Parameter isSuccessor: whether another state of the script goes on meanwhile: what a signal means is up to that one.
    /// - Returns: what ended it, if anything but its own end.
    func runMainChunk(isSuccessor: Bool = false) -> LuaError? {
        let watcher = isSuccessor ? nil : context.watcher
        return caught { try ScriptSteps(host, context.invocation, runtime, watcher) { try self.prompt.run(self) }.run() }
    }

    /// Runs what the main chunk has left behind, until nothing is left or somebody ends it.
    func runJobs() -> LuaError? {
        let (watcher, notifier) = (context.watcher, context.notifier)
        return caught {
            try watcher.whileRunning(staysAlive: staysAlive) {
                if jobMode == .once { return try runtime.serving.runJobsOnce() }
                notifier.send(.ready)
                let beat = WatchdogBeat(notifier, host, speed: context.invocation.options.speed)
                try runtime.serving.serve(control) { isServing in
                    watcher.setServing(isServing)
                    beat.isOn = isServing
                }
            }
        }
    }

    /// Whether the main chunk has left jobs behind for which the script stays alive.
    var staysAlive: Bool { jobMode != .once && runtime.serving.hasJobs }

    private func caught(_ body: () throws -> Void) -> LuaError? {
        do {
            try body()
            return nil
        } catch let error as LuaError {
            return error
        } catch {
            return LuaError(message: "\(error)")
        }
    }

    // MARK: the end

    /// Confirms what is unconfirmed, says what happened, and finds the exit code; the state is closed then.
    ///
    /// - Parameters:
    ///   - isHandedOver: whether another state of the script goes on; it reports for both.
    ///   - plan: shows what a dry run would change.
    func finish(_ failure: LuaError?, isHandedOver: Bool = false, plan: ((DryRunMiddleware?, [GuardRefusal]) -> Void)? = nil) -> ExitCode {
        let described = failure.map { runtime.errors.describe($0) }
        let isPrompt = context.invocation.becomesPrompt
        // What was sent is confirmed and reported also where a prompt only plans by now.
        if isPrompt, liveChain != nil {
            try? setLive(true)
            runtime.openService()
        }
        let isPlanning = runtime.isPlanning
        context.watcher.whileRunning { confirm(isReported: !isPlanning && !isHandedOver) }
        let told = failure ?? (isPrompt ? prompt.failure : runtime.serving.jobFailure)
        let ending = RunEnding(
            failure: told, errorKind: told.flatMap { runtime.errors.exitKind($0) }, cause: context.watcher.cause,
            hasOpenChanges: !isPlanning && runtime.hasOpenChanges, isOpenForWantOfService: runtime.ledger.isOpenForWantOfService)
        if let described, ending.isShown { context.voice.say(described + hint(failure)) }
        if isPlanning { plan?(chain.planned, chain.refusals) } else if !isHandedOver { context.reporter.tell() }
        host.close()
        return chain.refusals.isEmpty ? ending.exitCode : .strongest(of: [ending.exitCode, .guardRefused])
    }

    /// After an interrupt the wait is short, and what was in flight ends first. A signal that comes meanwhile makes it short.
    private func confirm(isReported: Bool) {
        for _ in 0..<2 {
            let cause = context.watcher.cause
            host.clearInterrupt()
            host.finishAbandonedOperations()
            if isReported { context.reporter.beginConfirming() }
            let options = context.invocation.options
            let left = context.watcher.timeLeft.map { max(.zero, $0 - .seconds(1)) * options.speed }
            runtime.finish(wait: min(options.confirm, left ?? options.confirm), isInterrupted: left != nil)
            context.reporter.endConfirming()
            if context.watcher.cause == cause || !runtime.hasOpenChanges { return }
        }
    }

    /// What to try next, where the error itself cannot know it.
    private func hint(_ failure: LuaError?) -> String {
        let path = context.invocation.scriptPath
        if context.connection.lacksKey { return "\n  try it without one: vast-lua --simulator \(path.map(ShellWord.quoted) ?? "SCRIPT")" }
        guard failure?.kind == .file, let name = path, Command(rawValue: name) != nil else { return "" }
        return "\n  the command stands first: vast-lua \(name)"
    }
}

/// Tells the service manager that the Lua state still goes round, as long as the script stays alive.
private final class WatchdogBeat {
    private let notifier: ServiceNotifier
    /// Its timer goes with it.
    private weak var host: LuaHost?
    private let interval: Duration?
    private var timer: LuaTimer?

    var isOn = false {
        didSet {
            timer?.cancel()
            timer = nil
            if isOn { beat() }
        }
    }

    /// - Parameter speed: how fast the host's clock goes.
    init(_ notifier: ServiceNotifier, _ host: LuaHost, speed: Double) {
        self.notifier = notifier
        self.host = host
        interval = notifier.watchdogInterval.map { $0 * speed }
    }

    private func beat() {
        guard let interval, let host else { return }
        notifier.send(.watchdog)
        timer = host.schedule(atUptime: host.clock.uptime + interval) { [weak self] in self?.beat() }
    }
}
