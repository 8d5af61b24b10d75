import ArgumentParser
import FleetBacktest
import FleetCalendar
import FleetClock
import FleetRecording
import FleetRules
import Glibc
import LuaEngine
import VastJSON
import VastLua

/// `vast-lua backtest`: what a script would have done over a recorded fleet, and what that is worth.
struct BacktestCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "vast-lua backtest",
        abstract: "Runs a script over a recorded fleet, and shows what it would have done and saved.",
        discussion: """
            The script is the one that runs live; time is that of the recording, and nothing is sent. `vast-lua record` makes \
            recordings; a CSV of other monitoring will do as well. docs/backtest.md says what is assumed where a recording cannot \
            know.
            """)

    @Option(help: ArgumentHelp("The recording: of `vast-lua record`, or a CSV with time, id, gpu_util.", valueName: "file"))
    var readings: String
    @Option(name: .customLong("return"), help: "When its owner starts what the script has stopped: work, never or record.")
    var returns = BacktestOptions.Return.work
    @Option(help: ArgumentHelp("How long after the first recorded work it runs again (default: 10m).", valueName: "length"))
    var returnDelay: String?
    @Option(help: ArgumentHelp("Above which utilisation an instance works, in percent (default: 5).", valueName: "percent"))
    var busy: Double?
    @Option(help: ArgumentHelp("How much work a stop loses at most (default: all since the last idle reading).", valueName: "length"))
    var checkpoint: String?
    @Option(
        help: ArgumentHelp(
            "Runs it once with each value of the environment variable, which vast.env reads; may be given several times.",
            valueName: "name=a,b,c"))
    var sweep: [String] = []
    @Flag(help: "Shows each change, with time and reason.") var timeline = false
    @Flag(help: "The answer as JSON.") var json = false
    @Flag(name: .customLong("allow-io"), help: "The script may write files and start programs.") var allowIO = false
    @Argument(help: "The script.") var script: String
    @Argument(parsing: .captureForPassthrough, help: "What the script is given.") var arguments: [String] = []

    func perform(_ environment: ProcessEnvironment) throws -> ExitCode {
        let zones = ZoneCatalog(environment: environment.values)
        let config = try ConfigFile.read(environment, zones: zones)
        let zone = config.zone ?? zones.machineZoneOrUTC
        let invocation = try ScriptInvocation(words: CommandWords(["vast-lua", script] + arguments))
        let watcher = RunTerminationThread(RunTermination(), clock: SystemClock(), voice: StandardError())
        watcher.start()
        do {
            guard sweep.isEmpty else { return try runSweep(watcher) { try run(invocation, watcher, config, zones, zone) } }
            let result = try run(invocation, watcher, config, zones, zone)
            try show(result, zone)
            return code(result, watcher)
        } catch let error as RecordingError {
            throw UsageError(error.description)
        }
    }

    private func options() throws(UsageError) -> BacktestOptions {
        var options = BacktestOptions()
        options.returns = returns
        if let returnDelay { options.returnDelay = try DurationFormat.usage("--return-delay", returnDelay) }
        if let checkpoint { options.checkpoint = try DurationFormat.usage("--checkpoint", checkpoint) }
        if let busy {
            guard (0...100).contains(busy) else { throw UsageError("'--busy' is from 0 to 100") }
            options.busy = busy
        }
        return options
    }

    private func run(
        _ invocation: ScriptInvocation, _ watcher: RunTerminationThread, _ config: ConfigFile, _ zones: ZoneCatalog, _ zone: Zone
    ) throws -> BacktestResult {
        var backtest = try Backtest(name: readings, try options()) { () throws(RecordingError) in
            try RecordingFile.reader(readings, zone: zone)
        }
        backtest.allowsIO = allowIO
        let host = try LuaHost(clock: backtest.clock)
        try host.installExit()
        try host.installScreenPrint()
        host.onWarning = { StandardError.write($0) }
        var quiet = RunOptions()
        // The answer says what was done.
        quiet.logLevel = "warning"
        let logger = try quiet.makeLogger(run: "backtest", clock: backtest.clock)
        let options = Runtime.Options(confirm: .zero, jobMode: .live, zone: config.zone, zones: zones)
        watcher.attach(RunTerminationThread.Script(interrupter: host.interrupter, control: RunControl()))
        let progress = BacktestProgress()
        return try watcher.whileRunning {
            try backtest.run(host, options, logger: logger, onProgress: { progress.show($0) }) { runtime in
                try ScriptSteps(host, invocation, runtime, watcher, prompt: {}).run()
            }
        }
    }

    // MARK: several values

    /// Every combination of the values, the last name changing first.
    private func combinations() throws(UsageError) -> [[(name: String, value: String)]] {
        var all: [[(name: String, value: String)]] = [[]]
        for text in sweep {
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
                throw UsageError("'--sweep' is a name and values such as idle=20m,45m,2h, not '\(PlainText.safe(text))'")
            }
            let values = parts[1].split(separator: ",").map(String.init)
            all = all.flatMap { known in values.map { known + [(parts[0], $0)] } }
        }
        return all
    }

    private func runSweep(_ watcher: RunTerminationThread, _ run: () throws -> BacktestResult) throws -> ExitCode {
        var trials: [SweepReport.Trial] = []
        for values in try combinations() where watcher.cause == nil {
            for (name, value) in values { setenv(name, value, 1) }
            trials.append(SweepReport.Trial(values: values, result: try run()))
        }
        let report = SweepReport(trials: trials)
        if json {
            StandardOutput.write(String(decoding: try report.json.serialized(), as: UTF8.self))
        } else {
            for line in report.lines { StandardOutput.write(line) }
        }
        if let failure = trials.compactMap(\.result.failure).first { StandardError().sayAfterOutput(failure) }
        return .strongest(of: trials.map { code($0.result, watcher) })
    }

    // MARK: the answer

    private func show(_ result: BacktestResult, _ zone: Zone) throws {
        if json {
            StandardOutput.write(String(decoding: try JSONValue.object(result.json).serialized(), as: UTF8.self))
        } else if result.hasBegun {
            let report = BacktestReport(result: result, script: script, recording: readings, zone: zone)
            for line in (timeline ? report.timeline : []) + report.lines { StandardOutput.write(line) }
        }
        if let failure = result.failure { StandardError().sayAfterOutput(failure) }
    }

    private func code(_ result: BacktestResult, _ watcher: RunTerminationThread) -> ExitCode {
        if watcher.cause == nil, let code = result.exitCode { return ExitCode(rawValue: code) }
        return .strongest(of: [watcher.cause, result.failure.map { _ in .scriptFailed }].compactMap(\.self))
    }
}

extension BacktestOptions.Return: ExpressibleByArgument {}
