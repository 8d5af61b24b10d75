import ArgumentParser
import FleetCalendar
import FleetClock
import FleetRecording
import FleetRules
import FleetStore
import VastAPI
import VastLua

/// `vast-lua record`: readings of the fleet, or of the history on disk, into a file, without anything that is secret.
struct RecordCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "vast-lua record",
        abstract: "Writes readings of the fleet into a file, one line each, without secrets.",
        discussion: """
            Goes on until --for is over, or until Ctrl-C. A recording of the same account that is there already is gone on with; any \
            other file is left as it is. --from-history writes what earlier runs and `vast-lua sample` have kept instead; it has no \
            labels. docs/backtest.md describes the format, and which fields it has.
            """)

    @Argument(help: "The recording, such as week.jsonl.") var file: String
    @Option(name: .customLong("for"), help: ArgumentHelp("How long to record (default: until Ctrl-C).", valueName: "length"))
    var length: String?
    @Option(help: ArgumentHelp("How far apart the readings are (default: 1m).", valueName: "length")) var every: String?
    @Flag(help: "Writes what is kept on disk instead of reading the fleet.") var fromHistory = false
    @Option(help: ArgumentHelp("With --from-history: from when on, such as 7d or 2026-11-23.", valueName: "time")) var since: String?
    @Option(help: ArgumentHelp("How many seconds pass in the simulator in one (600).", valueName: "factor")) var simulatorSpeed: Double?
    @OptionGroup var simulator: SimulatorArguments
    @OptionGroup(title: "Service") var service: ServiceArguments

    func validate() throws {
        guard since == nil || fromHistory else { throw ValidationError("--since goes with --from-history") }
        guard !fromHistory || length == nil && every == nil else {
            throw ValidationError("--for and --every are about readings to come; --from-history has those that were")
        }
        guard simulatorSpeed.map({ $0 > 0 && $0 <= 1e6 }) ?? true else {
            throw ValidationError("--simulator-speed is above 0, up to 1000000")
        }
    }

    func perform(_ environment: ProcessEnvironment) throws -> ExitCode {
        let zones = ZoneCatalog(environment: environment.values)
        let zone = try ConfigFile.read(environment, zones: zones).zone ?? zones.machineZoneOrUTC
        return fromHistory ? try recordHistory(environment, zone) : try recordFleet(environment, zone)
    }

    // MARK: the fleet

    private func recordFleet(_ environment: ProcessEnvironment, _ zone: Zone) throws -> ExitCode {
        let length = try length.map { try DurationFormat.usage("--for", $0) }
        let every = try every.map { try DurationFormat.usage("--every", $0) } ?? .seconds(60)
        guard every >= .seconds(1) else { throw UsageError("'--every' is at least 1s") }
        let simulator = try simulator.choice().map {
            try EmbeddedSimulator($0, speed: simulatorSpeed ?? RunOptions().simulatorSpeed, seed: nil, environment)
        }
        let clock: any FleetClock = simulator?.clock ?? SystemClock()
        let connection = try connection(environment, clock, simulator)
        defer { connection.close() }
        let reader = FleetReader(
            connection: connection, environment: environment, clock: clock, isSimulated: simulator != nil,
            stateDirectory: try simulator.map { $0.stateDirectory } ?? environment.stateDirectory)
        let writer = try RecordingWriter(file, account: RecordingHeader.tag(of: try connection.accountName()))
        let report = RecordReport(file: file, zone: zone)
        report.begin(RecordingProgress(writer), removedCutLine: writer.removedCutLine)
        let recorder = FleetRecorder(service: try reader.service(), writer: writer, clock: clock, every: every, length: length)
        let watcher = RunTerminationThread(RunTermination(), clock: SystemClock(), voice: StandardError())
        watcher.start()
        let code = try recorder.run(watcher)
        report.end(recorder.progress)
        return code
    }

    private func connection(
        _ environment: ProcessEnvironment, _ clock: any FleetClock, _ simulator: EmbeddedSimulator?
    ) throws -> FleetConnection {
        FleetConnection(
            FleetConnection.Settings(
                environment: environment, url: service.url, isPaced: service.isPaced, isInsecure: service.insecure, clock: clock,
                logger: try RunOptions().makeLogger(run: "record", clock: clock), seed: .random(in: .min ... .max)),
            simulator: simulator)
    }

    // MARK: the history

    private func recordHistory(_ environment: ProcessEnvironment, _ zone: Zone) throws -> ExitCode {
        let state = try simulator.state(environment)
        let since = try since.map { try Self.time(since: $0, now: state.now, zone) }
        let account: String
        if let choice = try simulator.choice() {
            account = choice.account
        } else {
            let connection = try connection(environment, SystemClock(), nil)
            defer { connection.close() }
            account = try connection.accountName()
        }
        let database = StateDatabase(directory: state.directory)
        guard database.exists else { throw UsageError("nothing is kept yet in \(PlainText.safe(database.directoryPath))") }
        let history = RecordedHistory(SampleStore(database, account: account), since: since, until: state.now)
        let writer = try RecordingWriter(file, account: RecordingHeader.tag(of: account))
        let report = RecordReport(file: file, zone: zone)
        report.begin(RecordingProgress(writer), removedCutLine: writer.removedCutLine)
        try history.write(to: writer)
        report.end(RecordingProgress(writer))
        return .done
    }

    /// A length before now, a day, or a day and a time; in Unix seconds.
    private static func time(since text: String, now: Double, _ zone: Zone) throws(UsageError) -> Double {
        if let length = try? DurationFormat.parse(text, bareNumber: .refused) { return now - length.seconds }
        do {
            let isDay = text.utf8.count == 10 && !text.contains(":")
            return Double(try WallTime(isDay ? text + " 00:00" : text).instant(in: zone))
        } catch {
            throw UsageError(
                "'--since' is a length such as 7d, or a time such as 2026-11-23 or '2026-11-23 18:00', not '\(PlainText.safe(text))'")
        }
    }
}
