import ArgumentParser
import FleetClock
import FleetStore

/// `--simulator[=…]` of a command that is not a run of a script.
struct SimulatorArguments: ParsableArguments {
    /// What stands for the option without a value, which the parser has no word for.
    private static let builtIn = "built-in"

    @Option(help: ArgumentHelp("The simulated service in place of the real one.", valueName: "[fleet][:world]"))
    var simulator: String?

    /// What stands behind the option, empty where nothing does; nil: the real service.
    var given: String? { simulator == Self.builtIn ? "" : simulator }

    /// nil: the real service.
    ///
    /// - Throws: ``UsageError``.
    func choice() throws(UsageError) -> SimulatorChoice? {
        guard let given else { return nil }
        guard simulator != "" else { throw SimulatorChoice.nothingNamed }
        return try SimulatorChoice(given)
    }

    /// The words of a command line for the parser: the option may stand without a value.
    ///
    /// - Parameter valued: options that take the next word; a word that is none ends the command's own. nil: all words are its own.
    static func prepared(_ words: [String], valued: Set<String>? = nil) -> [String] {
        var (prepared, rest) = ([String](), words[...])
        while let word = rest.popFirst() {
            prepared.append(word == "--simulator" ? "--simulator=\(builtIn)" : word)
            if word == "--" || valued != nil && !word.hasPrefix("-") { break }
            if valued?.contains(word) == true, let value = rest.popFirst() { prepared.append(value) }
        }
        return prepared + rest
    }

    /// Where the state of what the command is about lies: the real fleet's, or that of a world that was begun.
    ///
    /// - Throws: ``UsageError`` when there is no such world; `StateError`.
    func state(_ environment: ProcessEnvironment) throws -> KnownState {
        guard let choice = try choice() else {
            return KnownState(directory: try environment.stateDirectory, now: SystemClock().unixTime, option: "")
        }
        let record = try choice.begun(environment)
        return KnownState(
            directory: try choice.directory(environment) ?? environment.stateDirectory, now: record.now.timeIntervalSince1970,
            option: choice.option)
    }
}

/// The state of the real fleet or of a simulated world, for what only looks at it.
struct KnownState {
    let directory: String
    /// What time it is there, in Unix seconds.
    let now: Double
    /// The option that names the world, with a blank before it; empty for the real fleet.
    let option: String
}
