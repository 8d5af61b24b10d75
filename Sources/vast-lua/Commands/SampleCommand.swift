import ArgumentParser
import FleetClock
import FleetRules
import FleetStore
import Glibc
import Logging
import VastAPI

/// `vast-lua sample`: one reading into the history, for cron.
struct SampleCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "vast-lua sample",
        abstract: "Reads the fleet once and keeps what it says, so that scripts know what has been idle.",
        discussion: """
            From cron every minute or five, a script that runs at night knows the hours before: \
            */5 * * * * /usr/local/bin/vast-lua sample. Prints nothing when that worked, unless on a terminal.
            """)

    @OptionGroup(title: "Service") var service: ServiceArguments

    func perform(_ environment: ProcessEnvironment) throws -> ExitCode {
        let clock = SystemClock()
        let connection = FleetConnection(
            FleetConnection.Settings(
                environment: environment, url: service.url, isPaced: service.isPaced, isInsecure: service.insecure, clock: clock,
                logger: try RunOptions().makeLogger(run: "sample", clock: clock), seed: .random(in: .min ... .max)))
        defer { connection.close() }
        let snapshot = try FleetReader(
            connection: connection, environment: environment, clock: clock, stateDirectory: try environment.stateDirectory
        ).read()
        let database = StateDatabase(directory: try environment.stateDirectory)
        try SampleStore(database, account: try connection.accountName()).add(snapshot.instances.map { ($0.id, Sample($0)) })
        try StatePruner(database, try ConfigFile.read(environment).retention).prune(now: clock.unixTime)
        if isatty(STDOUT_FILENO) == 1 {
            StandardOutput.write("\(snapshot.instances.count) instances read; kept in \(try environment.stateDirectory)")
        }
        return .done
    }
}
