import CSignals
import Glibc

/// The program: the first word says whether it is a command; everything else is a script to run.
struct Program {
    let words: CommandWords

    init(_ words: CommandWords) { self.words = words }

    /// Does what the command line says.
    func run() -> ExitCode {
        vast_memory_return_early()
        vast_descriptors_reserve()
        let environment = ProcessEnvironment.take()
        let code = run(environment)
        return OutputCheck.finish(code)
    }

    private func run(_ environment: ProcessEnvironment) -> ExitCode {
        let first = words.text.dropFirst().first ?? ""
        if let command = Command(rawValue: first) {
            return command.run(Array(words.text.dropFirst(2)), environment)
        }
        switch first {
        case ChildProcess.word: return RestrictedChild.run()
        case "--help", "-h":
            StandardOutput.write(HelpText.text, terminator: "")
            return .done
        case "--version":
            StandardOutput.write(HelpText.version)
            return .done
        case _ where Command.later.contains(first):
            StandardError().say("the command '\(first)' is not part of this version\n  a script of that name: vast-lua ./\(first)")
            return .usage
        default:
            return runScript(environment)
        }
    }

    private func runScript(_ environment: ProcessEnvironment) -> ExitCode {
        do {
            let invocation = try ScriptInvocation(words: words)
            return ScriptRun(invocation, environment).run()
        } catch {
            StandardError().say(error.description)
            return .usage
        }
    }
}

/// The first words that are commands.
enum Command: String, CaseIterable {
    case plan, apply, history, undo, freeze, thaw, next, sample, explain, simulator, doctor, check, ls, state, types, record, backtest

    /// Commands that later versions have; none of them may be taken for a script and run.
    static let later: Set<String> = [
        "new", "test"
    ]
}

/// Whether everything that was meant for standard output has arrived there.
enum OutputCheck {
    /// Writes what is left; a failure makes 0 into 1. That nobody reads any more is no failure.
    static func finish(_ code: ExitCode) -> ExitCode {
        let error = vast_output_flush()
        guard error != 0, error != EPIPE, vast_output_is_abandoned() == 0 else { return code }
        StandardError().say("standard output: \(String(cString: strerror(error))); what was written is incomplete")
        return code == .done ? .scriptFailed : code
    }
}
