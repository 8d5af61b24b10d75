/// One step that `lua` does before the script, in the order of the command line.
enum Prelude: Equatable {
    /// `-e STAT`
    case execute([UInt8])
    /// `-l MOD` or `-l NAME=MOD`
    case require(global: String, module: String)
    /// `-W`
    case warningsOn
}

/// What the command line says about running a script: `lua`'s own options, and ours.
struct ScriptInvocation: Equatable {
    /// What is run after the preludes.
    enum Source: Equatable {
        /// The path as it was given.
        case file([UInt8])
        case standardInput
        case none
    }

    var preludes: [Prelude] = []
    var isInteractive = false
    var showsVersion = false
    var ignoresEnvironment = false
    var source = Source.none
    /// The script's own arguments.
    var arguments: [[UInt8]] = []
    /// Every word of the command line, the program first; `arg` counts from the script's place in it.
    var words = CommandWords(raw: [])
    /// Where the script stands in ``words``; 0, the program, when there is none, as `lua` has it.
    var scriptIndex = 0
    var options = RunOptions()

    /// The script's path as text; nil when it is no file.
    var scriptPath: String? {
        if case .file(let path) = source { String(decoding: path, as: UTF8.self) } else { nil }
    }

    /// What the script is called in messages: the last part of its path.
    var scriptName: String? { scriptPath.map { $0.split(separator: "/").last.map(String.init) ?? $0 } }

    /// The folder of the script, where `require` looks first.
    var scriptFolder: String? {
        guard let scriptPath else { return nil }
        guard let slash = scriptPath.lastIndex(of: "/") else { return "." }
        return slash == scriptPath.startIndex ? "/" : String(scriptPath[..<slash])
    }
}

/// Our own options for running a script.
struct RunOptions: Equatable {
    static let usualSeed: UInt64 = 1

    /// `--simulator[=FLEET][:WORLD]`: the embedded service, as ``SimulatorChoice`` reads it; an empty text for the built-in fleet.
    var simulator: String?
    /// How many seconds pass in the simulator, and for the script, in one.
    var simulatorSpeed = 600.0
    /// nil: that of the world, or ``usualSeed``.
    var simulatorSeed: UInt64?
    var url: String?
    var isPaced = true
    var logLevel: String?
    var logFormat = LogFormat.text
    var logFile: String?
    var isQuiet = false
    var noColor = false
    var isInsecure = false
    /// For `vast-lua plan`; nil: the script is run.
    var plan: PlanOptions?
    /// `-n`: nothing is changed; what would be is shown.
    var isDryRun = false
    /// Whether the script comes from somebody else, and runs in a process of its own.
    var isRestricted = false
    /// Whether a prompt sends changes from the start.
    var isLive = false
    /// Ceilings over what the script may change.
    var limits = GuardOptions()
    /// How long to wait for another run of the same script.
    var lockWait = Duration.zero
    /// How long to wait at the end for changes to be seen; nil: as long as usual.
    var confirmLimit: Duration?
    /// How long the end may take after a signal.
    var grace = Duration.seconds(10)
    /// Whether every job runs once, and the script then ends.
    var runsOnce = false
    var timeLimit: Duration?
    /// In bytes.
    var memoryLimit: Int?

    /// How long to wait at the end for changes to be seen. Where time goes fast, two minutes are over before a busy machine
    /// has read the fleet twice.
    var confirm: Duration { confirmLimit ?? max(.seconds(120), .seconds(2) * speed) }

    /// How fast the run's own time goes.
    var speed: Double { simulator == nil ? 1 : simulatorSpeed }
}

/// Options of `vast-lua plan` besides those for running a script.
struct PlanOptions: Equatable {
    /// Where the plan is saved.
    var file: String?
    /// Whether changes make the exit code ``ExitCode/planned``.
    var wantsExitCode = false
    /// Whether the plan itself is printed.
    var isJSON = false

    static func isOurs(_ word: String) -> Bool {
        ["-o", "--output", "--exit-code", "--json"].contains(word) || word.hasPrefix("--output=")
    }

    /// Takes one of the options, and its value from the words that follow.
    ///
    /// - Returns: whether the word is one of these.
    mutating func read(_ word: String, _ reader: inout WordReader) throws(UsageError) -> Bool {
        switch word {
        case "-o", "--output":
            guard let path = reader.next() else { throw UsageError("'\(word)' needs an argument") }
            file = path
        case "--exit-code": wantsExitCode = true
        case "--json": isJSON = true
        case _ where word.hasPrefix("--output="): file = String(word.dropFirst("--output=".count))
        default: return false
        }
        return true
    }
}

enum LogFormat: String {
    case text, json
}
