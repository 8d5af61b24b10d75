import FleetClock
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
    private let watcher: RunWatcher

    init(_ invocation: ScriptInvocation, _ environment: ProcessEnvironment) {
        self.invocation = invocation
        self.environment = environment
        voice = StandardError(noColor: invocation.options.noColor, environment: environment)
        let limit = invocation.options.timeLimit.map { [machineClock] in machineClock.uptime + $0 }
        watcher = RunWatcher(
            RunWatch(timeLimit: limit, isInteractive: invocation.becomesPrompt), clock: machineClock, voice: voice)
    }

    /// Runs everything that the command line asks for.
    func run() -> ExitCode {
        if invocation.showsVersion { print(HelpText.version) }
        watcher.start()
        do {
            return try runScript()
        } catch let error as UsageError {
            voice.say(error.description)
            return .usage
        } catch {
            voice.say("\(error)")
            return .scriptFailed
        }
    }

    private func runScript() throws -> ExitCode {
        let options = invocation.options
        let simulator = try options.simulator.map {
            try EmbeddedSimulator(fleet: $0.isEmpty ? nil : $0, speed: options.simulatorSpeed, seed: options.simulatorSeed)
        }
        let clock: any FleetClock = simulator?.clock ?? machineClock
        let logger = try options.makeLogger(run: Self.newID(), clock: clock)
        let host = try makeHost(clock)
        watcher.attach(host.interrupter)
        defer { host.close() }
        let connection = FleetConnection(
            FleetConnection.Settings(
                environment: environment, url: options.url, isPaced: options.isPaced, isInsecure: options.isInsecure,
                clock: clock, logger: logger, seed: .random(in: .min ... .max)),
            simulator: simulator)
        let runtime = try Runtime(
            host: host, service: { try connection.service() }, logger: logger,
            options: Runtime.Options(confirm: options.confirm, allowsRaw: options.allowsRaw))
        let failure = execute(ScriptSteps(host, invocation, runtime, watcher, voice))
        return finish(host, runtime, connection, failure)
    }

    /// Four hexadecimal digits that tell this run's log lines from those of others.
    private static func newID() -> String {
        String(String(UInt32.random(in: 0...0xFFFF) + 0x10000, radix: 16).suffix(4))
    }

    private func makeHost(_ clock: any FleetClock) throws -> LuaHost {
        do {
            let host = try LuaHost(
                clock: clock,
                options: LuaHost.Options(
                    memoryLimit: invocation.options.memoryLimit ?? .max, ignoresEnvironment: invocation.ignoresEnvironment))
            try host.installExit()
            return host
        } catch let error as LuaError where error.kind == .memory && invocation.options.memoryLimit != nil {
            throw UsageError("'--memory-limit' is too small for Lua itself; give it 1M or more")
        }
    }

    /// What ended the script, if anything but its own end.
    private func execute(_ steps: ScriptSteps) -> LuaError? {
        do {
            try steps.run()
            return nil
        } catch let error as LuaError {
            return error
        } catch {
            return LuaError(message: "\(error)")
        }
    }

    // MARK: the end

    /// Confirms what is unconfirmed, says what happened, and finds the exit code.
    private func finish(
        _ host: LuaHost, _ runtime: Runtime, _ connection: FleetConnection, _ failure: LuaError?
    ) -> ExitCode {
        let described = failure.map { runtime.describe($0) }
        let kind = failure.flatMap { runtime.errorKind($0) }
        watcher.whileRunning { confirm(host, runtime) }
        let ending = RunEnding(
            failure: failure, errorKind: kind, cause: watcher.cause, hasOpenChanges: runtime.hasOpenChanges)
        if let described, ending.isShown { voice.say(described + hint(connection, failure)) }
        report(runtime)
        return ending.exitCode
    }

    /// After an interrupt the wait is short, and what was in flight ends first.
    private func confirm(_ host: LuaHost, _ runtime: Runtime) {
        host.clearInterrupt()
        host.finishAbandonedOperations()
        let options = invocation.options
        let short = Duration.seconds(10) * options.speed
        runtime.finish(wait: watcher.cause != nil ? min(options.confirm, short) : options.confirm)
    }

    private func report(_ runtime: Runtime) {
        guard let line = runtime.report.line, !invocation.options.isQuiet || runtime.hasOpenChanges else { return }
        voice.report(invocation.scriptName, line)
    }

    /// What to try next, where the error itself cannot know it.
    private func hint(_ connection: FleetConnection, _ failure: LuaError?) -> String {
        if connection.lacksKey { return "\n  try it without one: vast-lua --simulator \(invocation.scriptPath ?? "SCRIPT")" }
        guard failure?.kind == .file, let name = invocation.scriptPath, Command(rawValue: name) != nil else { return "" }
        return "\n  the command stands first: vast-lua \(name)"
    }
}

extension ScriptInvocation {
    /// Whether a prompt is shown, after the script or instead of one.
    var becomesPrompt: Bool {
        isInteractive || (source == .none && !hasStatements && isatty(STDIN_FILENO) == 1)
    }

    /// Whether `-e` or `-v` stand in for a script.
    var hasStatements: Bool {
        showsVersion || preludes.contains { if case .execute = $0 { true } else { false } }
    }
}
