import ArgumentParser
import FleetClock
import FleetRules
import FleetStore
import Glibc
import VastLua

/// `vast-lua freeze`: stops every change of every script.
struct FreezeCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "vast-lua freeze",
        abstract: "Stops every change of every script of this user, also of those that run now, until `vast-lua thaw`.")

    @Option(name: .customLong("for"), help: ArgumentHelp("When it ends by itself.", valueName: "length")) var length: String?
    @OptionGroup var simulator: SimulatorArguments
    @Argument(help: "Why, for those who meet it.") var reason: [String] = []

    func perform(_ environment: ProcessEnvironment) throws -> ExitCode {
        let duration = try length.map { try DurationFormat.usage("--for", $0) }
        let state = try simulator.state(environment)
        let now = state.now
        let text = reason.joined(separator: " ")
        let freeze = Freeze(
            since: now, until: duration.map { now + $0.seconds }, reason: text.isEmpty ? nil : text, by: Self.who)
        try FreezeFile(directory: state.directory).freeze(freeze)
        StandardOutput.write(PlainText.safe(freeze.text(at: now)))
        return .done
    }

    private static var who: String {
        let user = getpwuid(getuid()).flatMap { $0.pointee.pw_name }.map { String(cString: $0) } ?? "\(getuid())"
        return "\(user)@\(HostName.current)"
    }
}

/// `vast-lua thaw`: ends a freeze.
struct ThawCommand: ProgramCommand {
    static let configuration = CommandConfiguration(commandName: "vast-lua thaw", abstract: "Lets scripts change things again.")

    @OptionGroup var simulator: SimulatorArguments

    func perform(_ environment: ProcessEnvironment) throws -> ExitCode {
        let wasFrozen = try FreezeFile(directory: try simulator.state(environment).directory).thaw()
        StandardOutput.write(wasFrozen ? "thawed" : "nothing was frozen")
        return .done
    }
}
