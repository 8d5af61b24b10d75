import FleetCalendar
import FleetClock
import FleetControl
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
            RunWatch(timeLimit: limit, grace: invocation.options.grace, isInteractive: invocation.becomesPrompt), clock: machineClock, voice: voice)
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
        let context = try makeContext()
        let script = try ScriptState(context, jobMode: invocation.options.runsOnce ? .once : .live)
        watcher.attach(script.reach)
        let reload = ScriptReload(context, machineClock: machineClock, first: script.control)
        watcher.onReload { reload.begin() }
        let failure = script.runMainChunk() ?? script.runJobs()
        context.notifier.send(.stopping)
        let marks = watcher.cause == nil ? script.runtime.jobMarks : nil
        return reload.finish(script.finish(failure), marks: marks)
    }

    /// A state whose main chunk can be run to see what it schedules: it changes nothing.
    func prepareForPreview() throws -> ScriptState {
        let context = try makeContext()
        return try ScriptState(context, jobMode: .staged) { ReadingService($0) }
    }

    private func makeContext() throws -> ScriptContext {
        let options = invocation.options
        let simulator = try options.simulator.map {
            try EmbeddedSimulator(fleet: $0.isEmpty ? nil : $0, speed: options.simulatorSpeed, seed: options.simulatorSeed)
        }
        let clock: any FleetClock = simulator?.clock ?? machineClock
        let logger = try options.makeLogger(run: Self.newID(), clock: clock)
        let connection = FleetConnection(
            FleetConnection.Settings(
                environment: environment, url: options.url, isPaced: options.isPaced, isInsecure: options.isInsecure,
                clock: clock, logger: logger, seed: .random(in: .min ... .max)),
            simulator: simulator)
        return ScriptContext(
            invocation: invocation, voice: voice, watcher: watcher, notifier: ServiceNotifier.take(), clock: clock,
            logger: logger, connection: connection,
            memory: { [environment, invocation] in
                try ScriptMemory.open(for: invocation, environment, connection, isSimulated: simulator != nil)
            },
            zones: ZoneCatalog(environment: environment.values))
    }

    /// Four hexadecimal digits that tell this run's log lines from those of others.
    private static func newID() -> String {
        String(String(UInt32.random(in: 0...0xFFFF) + 0x10000, radix: 16).suffix(4))
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
