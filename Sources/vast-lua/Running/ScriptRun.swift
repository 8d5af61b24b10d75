import FleetCalendar
import FleetClock
import FleetStore
import Glibc
import Logging
import LuaEngine
import VastLua

/// One run of a script, from the command line to the exit code.
final class ScriptRun {
    let invocation: ScriptInvocation
    let environment: ProcessEnvironment
    let voice: StandardError
    private let machineClock = SystemClock()
    private let watcher: RunTerminationThread
    /// The embedded service, once there is one.
    private var simulator: EmbeddedSimulator?

    init(_ invocation: ScriptInvocation, _ environment: ProcessEnvironment) {
        self.invocation = invocation
        self.environment = environment
        voice = StandardError(noColor: invocation.options.noColor, environment: environment)
        let limit = invocation.options.timeLimit.map { [machineClock] in machineClock.uptime + $0 }
        watcher = RunTerminationThread(
            RunTermination(timeLimit: limit, grace: invocation.options.grace, isInteractive: invocation.becomesPrompt), clock: machineClock,
            voice: voice)
    }

    /// Runs everything that the command line asks for.
    func run() -> ExitCode {
        if invocation.showsVersion { StandardOutput.write(HelpText.version) }
        // A restricted script has a watch of its own over its process.
        let isRestricted = invocation.options.isRestricted
        if !isRestricted { watcher.start() }
        do {
            defer { keepTime() }
            return try isRestricted ? RestrictedRun.run(self) { try takeLock($0) } : runScript()
        } catch let error as UsageError {
            voice.say(error.description)
            return .usage
        } catch let held as RunLock.Held {
            voice.say("\(held.text(at: machineClock.unixTime))\n  to wait    --lock-wait 10m")
            return .locked
        } catch let error as UnusableLock {
            voice.say(error.text)
            return .guardRefused
        } catch let held as WorldFolder.Held {
            voice.say("\(held)")
            return .locked
        } catch {
            voice.say("\(error)")
            return .scriptFailed
        }
    }

    private func runScript() throws -> ExitCode {
        let options = invocation.options
        let context = try makeContext()
        if options.isDryRun, !invocation.becomesPrompt { return try runDry(context) }
        let lock = try takeLock(context)
        defer { lock?.release() }
        let code = try runLive(context)
        return invocation.becomesPrompt ? context.reporter.close(code).code : context.end(code)
    }

    /// The next run in the same simulated world begins where this one ends.
    func keepTime() { simulator?.keepTime() }

    /// From now on signals reach this state.
    func begin(_ script: ScriptState) { watcher.attach(script.reach) }

    /// Runs the script without changing anything, and shows what would be changed.
    private func runDry(_ context: ScriptContext) throws -> ExitCode {
        let script = try ScriptState(context, jobMode: .once, isPlanning: true)
        begin(script)
        let failure = script.runMainChunk() ?? script.runJobs()
        return script.finish(failure) { planned, refusals in
            let report = PlanReport(
                planned, refusals, script: context.process.run.script, zone: context.zone, notes: script.runtime.policyNotes)
            for line in report.lines { StandardError.write(line) }
        }
    }

    private func runLive(_ context: ScriptContext) throws -> ExitCode {
        let reload = try runFirst(context)
        return reload.wait()
    }

    /// Runs the first state of a script to its end; nothing is left of it when others go on.
    private func runFirst(_ context: ScriptContext) throws -> ScriptReload {
        let script = try ScriptState(context, jobMode: invocation.options.runsOnce ? .once : .live, isPlanning: invocation.beginsDry)
        watcher.attach(script.reach)
        let reload = ScriptReload(context, machineClock: machineClock, first: script.control)
        watcher.onReload { reload.begin() }
        reload.finish(script, script.runMainChunk() ?? script.runJobs())
        return reload
    }

    /// A state whose main chunk can be run to see what it schedules: it changes nothing.
    func prepareForPreview() throws -> ScriptState {
        try ScriptState(try makeContext(), jobMode: .staged, isPlanning: true)
    }

    /// No second run of the same script goes on at the same time on the same account. Without a key, or without a place
    /// for the state at all, nothing can be changed anyway: a run that only reads needs neither. What comes through a pipe
    /// has no name to lock.
    ///
    /// - Throws: `RunLock.Held`; ``UnusableLock`` when there is a place for the state, and none for the lock.
    private func takeLock(_ context: ScriptContext) throws -> RunLock? {
        guard let directory = context.process.database?.directoryPath, case .file(let path) = invocation.source,
            FileKind(path: path) == .regular, let account = try? context.connection.accountName(),
            (try? StateDirectory(directory)) != nil
        else { return nil }
        let lock = try takeLock(context, directory, account)
        context.process.journal(for: account)?.hold(lock)
        return lock
    }

    private func takeLock(_ context: ScriptContext, _ directory: String, _ account: String) throws -> RunLock {
        let (script, length, clock) = (context.process.run.script, invocation.options.lockWait, machineClock)
        do {
            return try RunLock.take(directory: directory, account: account, script: script, now: machineClock.unixTime)
        } catch is RunLock.Held where length > .zero {
            context.logger.notice("another run of \(script) is going on; waiting for it")
            return try blocking {
                try await RunLock.take(directory: directory, account: account, script: script, waiting: length, clock: clock)
            }
        } catch let error as StateError {
            throw UnusableLock(cause: error)
        }
    }

    func makeContext() throws -> ScriptContext {
        let options = invocation.options
        try checkScript()
        let simulator = try options.simulator.map {
            try EmbeddedSimulator(try SimulatorChoice($0), speed: options.simulatorSpeed, seed: options.simulatorSeed, environment)
        }
        self.simulator = simulator
        let clock: any FleetClock = simulator?.clock ?? machineClock
        let zones = ZoneCatalog(environment: environment.values)
        let config = try ConfigFile.read(environment, zones: zones)
        let process = ProcessState(
            run: makeRun(at: clock.unixTime),
            // What one simulated world has left is untrue in the next, and none of it may reach the real fleet.
            directory: try simulator.map { $0.stateDirectory } ?? environment.stateDirectory,
            world: simulator?.choice, clock: clock)
        let logger = try options.makeLogger(run: process.run.id, clock: clock)
        var settings = FleetConnection.Settings(
            environment: environment, url: options.url, isPaced: options.isPaced, isInsecure: options.isInsecure,
            clock: clock, logger: logger, seed: .random(in: .min ... .max), observer: { process.observer(for: $0) })
        settings.onWait = { [voice] notice in voice.say("\(notice)") }
        if options.isQuiet { settings.onWait = nil }
        let connection = FleetConnection(settings, simulator: simulator)
        let reporter = RunReporter(process, isQuiet: options.isQuiet, voice: voice, clock: clock) { [voice, name = invocation.scriptName] in
            voice.report(name, $0)
        }
        watcher.attach(reporter)
        return ScriptContext(
            invocation: invocation, voice: voice, watcher: watcher, notifier: ServiceNotifier.take(), clock: clock,
            logger: logger, connection: connection, process: process, reporter: reporter, config: config, terminal: environment["TERM"],
            memory: { [invocation] in try ScriptMemory.open(for: invocation, process.database, connection) },
            zones: zones)
    }

    /// Lua would wait for ever for a pipe that nobody writes to, and read a device without an end. That there is no such
    /// file, or a directory, is for Lua to say.
    private func checkScript() throws(UsageError) {
        guard case .file(let path) = invocation.source, let kind = FileKind(path: path), kind != .directory else { return }
        let shown = String(decoding: path, as: UTF8.self)
        if let objection = kind.objection(to: shown) { throw FileBytes.wrong("the script", shown, objection) }
    }

    private func makeRun(at time: Double) -> RunInfo {
        var generator = SystemRandomNumberGenerator()
        let path = invocation.scriptPath.map { ScriptMemory.absolute($0) }
        let name = path ?? (invocation.source == .standardInput ? "-" : invocation.hasStatements ? "(command line)" : "repl")
        let text = path.flatMap { FileBytes.ofRegularFile($0) }
        return RunInfo(
            id: RunInfo.newID(using: &generator), script: name, scriptHash: text.map { ContentHash.sha256($0) }, started: time)
    }
}

extension ScriptInvocation {
    /// Whether a prompt is shown, after the script or instead of one.
    var becomesPrompt: Bool {
        isInteractive || (source == .none && !hasStatements && isatty(STDIN_FILENO) == 1)
    }

    /// Whether a prompt only plans changes at first.
    var beginsDry: Bool { becomesPrompt && (options.isDryRun || !(options.isLive || options.simulator != nil)) }

    /// Whether `-e` or `-v` stand in for a script.
    var hasStatements: Bool {
        showsVersion || preludes.contains { if case .execute = $0 { true } else { false } }
    }
}
