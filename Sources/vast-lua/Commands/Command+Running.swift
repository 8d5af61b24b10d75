import ArgumentParser
import FleetClock
import FleetRecording
import FleetStore
import Glibc
import VastAPI

/// A command of the program, parsed by ArgumentParser, that ends with one of our exit codes.
protocol ProgramCommand: ParsableCommand {
    /// Does it.
    ///
    /// - Throws: ``UsageError``; anything else is shown and ends with ``ExitCode/scriptFailed``.
    func perform(_ environment: ProcessEnvironment) throws -> ExitCode
}

extension Command {
    /// Parses the words behind the command and does it.
    func run(_ words: [String], _ environment: ProcessEnvironment) -> ExitCode {
        let simulated = SimulatorArguments.prepared(words)
        return switch self {
        case .plan: Self.run(PlanCommand.self, words, environment)
        case .apply: Self.run(ApplyCommand.self, simulated, environment)
        case .history: Self.run(HistoryCommand.self, simulated, environment)
        case .undo: Self.run(UndoCommand.self, simulated, environment)
        case .freeze: Self.run(FreezeCommand.self, simulated, environment)
        case .thaw: Self.run(ThawCommand.self, simulated, environment)
        case .next: Self.run(NextCommand.self, SimulatorArguments.prepared(words, valued: NextCommand.valued), environment)
        case .sample: Self.run(SampleCommand.self, words, environment)
        case .explain: Self.run(ExplainCommand.self, words, environment)
        case .simulator: Self.run(SimulatorCommand.self, words, environment)
        case .doctor: Self.run(DoctorCommand.self, words, environment)
        case .check: Self.run(CheckCommand.self, words, environment)
        case .ls: Self.run(LsCommand.self, simulated, environment)
        case .state: Self.run(StateCommand.self, words, environment)
        case .record: Self.run(RecordCommand.self, simulated, environment)
        case .backtest: Self.run(BacktestCommand.self, words, environment)
        case .types: Self.run(TypesCommand.self, words, environment)
        }
    }

    private static func run<Wanted: ProgramCommand>(
        _ type: Wanted.Type, _ words: [String], _ environment: ProcessEnvironment
    ) -> ExitCode {
        let command: Wanted
        do {
            command = try Wanted.parse(words)
        } catch {
            return answer(type, error)
        }
        do {
            return try command.perform(environment)
        } catch let error as UsageError {
            StandardError().sayAfterOutput(error.description)
            return .usage
        } catch let held as RunLock.Held {
            StandardError().sayAfterOutput(held.text(at: SystemClock().unixTime))
            return .locked
        } catch let held as WorldFolder.Held {
            StandardError().sayAfterOutput("\(held)")
            return .locked
        } catch let interrupted as InterruptedCommand {
            StandardError().sayAfterOutput("interrupted before any of its changes was sent")
            return interrupted.code
        } catch let error as UnusableLock {
            StandardError().sayAfterOutput(error.text)
            return .guardRefused
        } catch let error as RecordingError {
            StandardError().sayAfterOutput("\(error)")
            return .scriptFailed
        } catch let error as VastError {
            StandardError().sayAfterOutput(error.text)
            return ExitCode(error)
        } catch {
            StandardError().sayAfterOutput("\(error)")
            return .scriptFailed
        }
    }

    /// Help goes to standard output; what could not be parsed to standard error.
    private static func answer<Wanted: ProgramCommand>(_ type: Wanted.Type, _ error: any Error) -> ExitCode {
        let message = type.fullMessage(for: error)
        if type.exitCode(for: error).isSuccess {
            StandardOutput.write(message)
            return .done
        }
        StandardError.write(message)
        return .usage
    }
}
