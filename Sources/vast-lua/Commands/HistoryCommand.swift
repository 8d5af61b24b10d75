import ArgumentParser
import FleetCalendar
import FleetClock
import FleetRules
import FleetStore
import VastAPI
import VastJSON
import VastLua

/// `vast-lua history`: what was changed, when, by which script, why, and how it ended.
struct HistoryCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "vast-lua history", abstract: "Shows the runs that changed something, or everything about one of them.")

    @Argument(help: ArgumentHelp("A run; the beginning of its id is enough.", valueName: "run")) var run: String?
    @Option(name: .shortAndLong, help: ArgumentHelp("How many runs to show.", valueName: "number")) var count = 20
    @Flag(help: "One JSON object a line.") var json = false
    @Flag(help: "What stops have saved, net of storage, with the ones that were regretted.") var savings = false
    @Option(help: ArgumentHelp("How far back --savings goes.", valueName: "length")) var since = "30d"

    @OptionGroup var simulator: SimulatorArguments

    func validate() throws {
        guard !savings || run == nil else { throw ValidationError("--savings is about all runs") }
        guard count >= 1, count <= 1_000_000 else { throw ValidationError("-c is a number from 1 to 1000000") }
    }

    func perform(_ environment: ProcessEnvironment) throws -> ExitCode {
        let state = try simulator.state(environment)
        let database = StateDatabase(directory: state.directory)
        guard database.exists else {
            if let run { throw UsageError("there is no run \(PlainText.safe(run)): no run has changed anything") }
            if !json { StandardOutput.write("no run has changed anything") }
            return .done
        }
        let history = JournalHistory(database)
        let zones = ZoneCatalog(environment: environment.values)
        let zone = try ConfigFile.read(environment, zones: zones).zone ?? zones.machineZoneOrUTC
        if savings { return try showSavings(database, zone, now: state.now) }
        for line in try lines(history, HistoryReport(zone: zone)) { StandardOutput.write(line) }
        return .done
    }

    private func lines(_ history: JournalHistory, _ report: HistoryReport) throws -> [String] {
        guard let run else {
            let runs = try history.runs(limit: count)
            return json ? try runs.map { try Self.text($0.json) } : report.lines(runs)
        }
        let summary = try history.named(run)
        let (changes, exchanges) = (try history.changes(of: summary), try history.exchanges(of: summary))
        guard json else { return report.lines(summary, changes, exchanges) }
        var object = summary.json
        object["changes"] = .array(changes.map { .object($0.json) })
        object["requests"] = .array(exchanges.map { .object($0.json) })
        return [try Self.text(object)]
    }

    /// Every account's stops, each judged by the readings of its own.
    private func showSavings(_ database: StateDatabase, _ zone: Zone, now: Double) throws -> ExitCode {
        let start = now - (try DurationFormat.usage("--since", since)).seconds
        let found = try JournalHistory(database).accounts().flatMap { account in
            try SavingsLedger(SampleStore(database, account: account))
                .savings(of: JournalHistory(database, account: account).powerChanges(since: start))
        }
        let days = try JournalHistory(database).accounts().flatMap { account in
            try JournalHistory(database, account: account).savingDays(since: start)
        }
        let lines =
            json
            ? try days.map { try Self.text($0.json) } + found.map { try Self.text($0.json) }
            : SavingsReport(zone: zone).lines(found, days: days)
        for line in lines { StandardOutput.write(line) }
        return .done
    }

    private static func text(_ object: JSONObject) throws -> String {
        String(decoding: try JSONValue.object(object).serialized(), as: UTF8.self)
    }
}

extension JournalHistory {
    /// The run that a word of the command line names.
    ///
    /// - Throws: ``UsageError`` when there is none, or several; ``StateError``.
    func named(_ id: String) throws -> RunSummary {
        do {
            return try run(id)
        } catch let error as VastError {
            throw UsageError(PlainText.safe(error.message))
        }
    }
}
