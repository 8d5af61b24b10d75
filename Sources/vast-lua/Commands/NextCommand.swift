import ArgumentParser
import FleetClock
import Glibc
import LuaEngine
import VastLua

/// `vast-lua next`: the coming firings of a script's schedules.
struct NextCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "vast-lua next",
        abstract: "Shows when the jobs of a script will run.",
        discussion: """
            The script's main chunk is run to find its jobs: what it reads is real, and it cannot change anything. Times are \
            the job's own local time and UTC; what a change of the clock moves or doubles is marked.
            """)

    @Option(name: .shortAndLong, help: ArgumentHelp("How many firings to show.", valueName: "number")) var count = 10
    @Flag(help: "One JSON object a line.") var json = false
    @Option(help: "Another server, as for running a script.") var url: String?
    @OptionGroup var simulator: SimulatorArguments
    @Argument(help: ArgumentHelp("The script.", valueName: "script")) var script: String
    @Argument(parsing: .captureForPassthrough, help: "The script's own arguments.") var arguments: [String] = []

    /// Options that take the next word.
    static let valued: Set<String> = ["-c", "--count", "--url"]

    func validate() throws {
        guard count >= 1, count <= 100_000 else { throw ValidationError("-c is a number from 1 to 100000") }
    }

    func perform(_ environment: ProcessEnvironment) throws -> ExitCode {
        var words = ["vast-lua"]
        if let url { words += ["--url", url] }
        // As it was given; the run reads it.
        if let given = simulator.given { words.append(given.isEmpty ? "--simulator" : "--simulator=\(given)") }
        let invocation = try ScriptInvocation(words: CommandWords(words + ["--", script] + arguments))
        let preview = SchedulePreview(invocation, environment)
        let (firings, code) = try preview.firings(count: count)
        for firing in firings { StandardOutput.write(json ? firing.json : firing.line) }
        return code
    }
}
