import ArgumentParser
import FleetClock
import Glibc
import LuaCheck
import LuaEngine

/// `vast-lua check`: syntax, and misuse of `vast`, without running anything.
struct CheckCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "vast-lua check",
        abstract: "Checks scripts without running them: their syntax, and misuse of `vast` and of what it returns.",
        discussion: "Ends with 1 when any script has a problem, or cannot be read. Warnings alone leave it at 0.")

    @Argument(help: ArgumentHelp("The scripts.", valueName: "script")) var scripts: [String]

    func perform(_ environment: ProcessEnvironment) throws -> ExitCode {
        let host = try LuaHost(clock: SystemClock())
        defer { host.close() }
        var isClean = true
        for script in scripts {
            do {
                let modules = ModuleFiles(script: script)
                let check = ScriptCheck(host, module: modules.source(of:))
                let problems = try check.problems(in: FileBytes.read(script, for: "the script"), of: script)
                for problem in problems { StandardOutput.write(problem.text) }
                if problems.isEmpty, isatty(STDOUT_FILENO) == 1 { StandardOutput.write("\(script): ok") }
                isClean = isClean && problems.allSatisfy(\.isWarning)
            } catch let error as UsageError {
                StandardError().say(error.description)
                isClean = false
            }
        }
        return isClean ? .done : .scriptFailed
    }
}
