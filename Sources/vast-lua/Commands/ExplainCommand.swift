import ArgumentParser
import FleetCalendar
import FleetStore
import Glibc
import VastAPI
import VastJSON

/// `vast-lua explain`: why a policy does or does not act on an instance.
struct ExplainCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "vast-lua explain",
        abstract: "Shows why the policies of a script do or do not act on an instance, and when they would.",
        usage: "vast-lua explain [--json] ID [options for running a script] [SCRIPT] [args]",
        discussion: """
            The script runs once; what it reads is real, and nothing is changed. Each predicate is shown with its value, \
            threshold, age and verdict, and when the policy would act if nothing changed. Without a script: what was done to \
            the instance, when and why.
            """)

    @Argument(parsing: .captureForPassthrough, help: .hidden) var words: [String] = []

    func perform(_ environment: ProcessEnvironment) throws -> ExitCode {
        var rest = words[...]
        if rest.first == "--help" || rest.first == "-h" {
            StandardOutput.write(Self.helpMessage())
            return .done
        }
        let isJSON = rest.first == "--json"
        if isJSON { rest = rest.dropFirst() }
        guard let word = rest.first, let number = Int64(word), number > 0 else {
            let isBehind = rest.contains { Int64($0).map { $0 > 0 } ?? false }
            let problem = isBehind ? "the id stands first: vast-lua explain ID and then the options" : "explain needs the id of an instance"
            throw UsageError("\(problem)\n  see    vast-lua explain --help")
        }
        rest = rest.dropFirst()
        let id = InstanceID(number)
        let past = Self.world(rest)
        if let past { return try showPast(of: id, past, environment, isJSON: isJSON) }
        let invocation = try ScriptInvocation(words: CommandWords(["vast-lua", "--once", "-n"] + rest))
        guard invocation.source != .none || invocation.hasStatements else { throw UsageError("explain needs a script behind its options") }
        return try ScriptRun(invocation, environment).explain(id, isJSON: isJSON)
    }

    /// Where the past of the instance is looked for; nil when the words are about a run of a script.
    private static func world(_ words: ArraySlice<String>) -> SimulatorArguments? {
        guard words.count <= 1 else { return nil }
        return try? SimulatorArguments.parse(SimulatorArguments.prepared(Array(words)))
    }

    /// What the journal tells of an instance.
    private func showPast(
        of id: InstanceID, _ simulator: SimulatorArguments, _ environment: ProcessEnvironment, isJSON: Bool
    ) throws -> ExitCode {
        let database = StateDatabase(directory: try simulator.state(environment).directory)
        let zones = ZoneCatalog(environment: environment.values)
        let zone = try ConfigFile.read(environment, zones: zones).zone ?? zones.machineZoneOrUTC
        let history = database.exists ? JournalHistory(database) : nil
        let changes = try history?.changes(ofInstance: id, limit: 20) ?? []
        if isJSON {
            let rows = JSONValue.array(changes.map { .object($0.json) })
            StandardOutput.write(String(decoding: try rows.serialized(), as: UTF8.self))
        } else {
            // Of what was before the changes that are shown, not all is known.
            let all = changes.count < 20 ? changes : try history?.changes(ofInstance: id, limit: 10_000) ?? []
            let others = try history?.switchesByOthers(of: id, besides: all) ?? []
            for line in ExplainReport(zone: zone).past(changes, of: id, others) { StandardOutput.write(line) }
        }
        return .done
    }
}
