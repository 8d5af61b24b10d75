import ArgumentParser
import FleetSafety
import Glibc
import VastAPI
import VastJSON

/// `vast-lua plan`: what a script would change.
struct PlanCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "vast-lua plan",
        abstract: "Shows what a script would change, and saves it for `vast-lua apply`.",
        usage: "vast-lua plan [-o FILE] [--exit-code] [--json] [options for running a script] SCRIPT [options] [args]",
        discussion: """
            The script runs once: what it reads is real, and it sees the fleet as if its changes had worked. What it prints \
            goes to standard error. Options: -o FILE, --output FILE saves the plan; --exit-code ends with 8 when there are \
            changes; --json prints the plan itself; besides these, all options for running a script (vast-lua --help). \
            Ends with 3 when a guard would refuse something.
            """)

    @Argument(parsing: .captureForPassthrough, help: .hidden) var words: [String] = []

    func perform(_ environment: ProcessEnvironment) throws -> ExitCode {
        if let first = words.first, first == "--help" || first == "-h" {
            StandardOutput.write(Self.helpMessage())
            return .done
        }
        let invocation = try ScriptInvocation(words: CommandWords(["vast-lua"] + words), isPlan: true)
        guard invocation.source != .none || invocation.hasStatements else {
            throw UsageError("plan needs a script\n  see    vast-lua plan --help")
        }
        return try ScriptRun(invocation, environment).plan()
    }
}
