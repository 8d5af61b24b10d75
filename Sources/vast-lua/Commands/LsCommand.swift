import ArgumentParser
import FleetRules
import FleetSafety
import CEditLine
import FleetClock
import Glibc
import VastAPI
import VastJSON
import VastLua

/// `vast-lua ls`: the fleet as a table.
struct LsCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "vast-lua ls",
        abstract: "Shows the fleet as a table.",
        discussion: """
            QUERY is a label such as 'dev*', an id, or field=value such as state=running or gpu_name='RTX*'; values with \
            commas between them are alternatives, '!' in front negates, and each field has to fit.
            """)

    @Argument(help: "Which instances; nothing is all of them.") var query: [String] = []
    @Flag(help: "A list of objects with every field, without those that can hold secrets.") var json = false
    @Flag(help: "No colours.") var noColor = false
    @OptionGroup var simulator: SimulatorArguments
    @OptionGroup(title: "Service") var service: ServiceArguments

    func perform(_ environment: ProcessEnvironment) throws -> ExitCode {
        let query = try FleetQuery(query)
        let simulator = try simulator.choice().map { try EmbeddedSimulator($0, speed: 1, seed: nil, environment) }
        let clock: any FleetClock = simulator?.clock ?? SystemClock()
        let connection = FleetConnection(
            FleetConnection.Settings(
                environment: environment, url: service.url, isPaced: service.isPaced, isInsecure: service.insecure, clock: clock,
                logger: try RunOptions().makeLogger(run: "ls", clock: clock), seed: .random(in: .min ... .max)),
            simulator: simulator)
        defer { connection.close() }
        let snapshot = try FleetReader(
            connection: connection, environment: environment, clock: clock, isSimulated: simulator != nil,
            stateDirectory: try simulator.map { $0.stateDirectory } ?? environment.stateDirectory
        ).read()
        let rows = snapshot.instances.filter(query.matches).sorted { $0.id < $1.id }
        if rows.isEmpty { query.hints(snapshot.instances).forEach { StandardError().say($0) } }
        if json {
            let text = try JSONValue.array(rows.map { .object(InstanceExport.json($0)) }).serialized()
            StandardOutput.write(String(decoding: text, as: UTF8.self))
        } else {
            StandardOutput.writeColored(FleetTable(rows, display(environment)).text)
        }
        return .done
    }

    private func display(_ environment: ProcessEnvironment) -> Display {
        let isUTF8 = vast_locale_take() != 0
        var (columns, rows): (Int32, Int32) = (0, 0)
        vast_terminal_size(STDOUT_FILENO, &columns, &rows)
        guard columns > 0 else { return Display() }
        let voice = StandardError(noColor: noColor, environment: environment)
        return Display(width: Int(columns), isASCII: !isUTF8, isColored: voice.allowsColor)
    }
}
