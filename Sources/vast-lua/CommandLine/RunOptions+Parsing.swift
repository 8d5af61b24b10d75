import FleetRules

extension RunOptions {
    private static let flags: Set<String> = GuardOptions.flags.union([
        "--simulator", "--quiet", "--no-color", "--insecure", "--once", "--dry-run", "--restricted", "--live"
    ])
    private static let valued: Set<String> = GuardOptions.valued.union([
        "--simulator-speed", "--simulator-seed", "--url", "--log-level", "--log-format", "--log-file", "--confirm",
        "--grace", "--time-limit", "--memory-limit", "--pacing", "--lock-wait"
    ])

    /// All of our long options.
    static var names: Set<String> { flags.union(valued) }

    /// Whether a word is one of our long options, with or without `=value`.
    static func isOurs(_ word: String) -> Bool {
        let name = split(word).name
        return word == "-n" || flags.contains(name) || valued.contains(name)
    }

    private static func split(_ word: String) -> (name: String, value: String?) {
        guard let equals = word.firstIndex(of: "=") else { return (word, nil) }
        return (String(word[..<equals]), String(word[word.index(after: equals)...]))
    }

    /// Takes one of our options, and its value from the words that follow.
    ///
    /// - Returns: whether the word is one of ours.
    mutating func read(_ word: String, _ reader: inout WordReader) throws(UsageError) -> Bool {
        if word == "-n" {
            isDryRun = true
            return true
        }
        let (name, joined) = Self.split(word)
        if Self.flags.contains(name) {
            try setFlag(name, joined)
        } else if Self.valued.contains(name) {
            guard let value = joined ?? reader.next() else { throw UsageError("'\(name)' needs an argument") }
            try setValue(name, value)
        } else {
            return false
        }
        return true
    }

    private mutating func setFlag(_ name: String, _ value: String?) throws(UsageError) {
        if name == "--simulator" {
            guard value != "" else { throw SimulatorChoice.nothingNamed }
            simulator = value ?? ""
            return
        }
        guard value == nil else { throw UsageError("'\(name)' takes no value") }
        switch name {
        case "--quiet": isQuiet = true
        case "--no-color": noColor = true
        case "--insecure": isInsecure = true
        case "--once": runsOnce = true
        case "--dry-run": isDryRun = true
        case "--restricted": isRestricted = true
        case "--live": isLive = true
        default: _ = limits.setFlag(name)
        }
    }

    private mutating func setValue(_ name: String, _ value: String) throws(UsageError) {
        if try limits.setValue(name, value) { return }
        switch name {
        case "--url": url = value
        case "--pacing":
            guard ["documented", "none"].contains(value) else {
                throw UsageError("'--pacing' is documented or none, not '\(value)'")
            }
            isPaced = value == "documented"
        case "--log-file": logFile = value
        case "--log-level": logLevel = try Self.logLevel(value)
        case "--log-format":
            guard let format = LogFormat(rawValue: value) else {
                throw UsageError("'--log-format' is text or json, not '\(value)'")
            }
            logFormat = format
        case "--confirm": confirmLimit = try Self.length(name, value)
        case "--lock-wait": lockWait = try Self.length(name, value)
        case "--grace": grace = try Self.length(name, value)
        case "--time-limit": timeLimit = try Self.length(name, value)
        case "--memory-limit": memoryLimit = try Self.size(name, value)
        case "--simulator-seed":
            guard let seed = UInt64(value) else { throw UsageError("'\(name)' is a whole number, not '\(value)'") }
            simulatorSeed = seed
        default:
            guard let speed = Double(value), speed >= 1e-3, speed <= 1e6 else {
                throw UsageError("'\(name)' is a number from 0.001 to 1000000, not '\(value)'")
            }
            simulatorSpeed = speed
        }
    }

    private static let logLevels = ["trace", "debug", "info", "notice", "warning", "error", "critical"]

    private static func logLevel(_ value: String) throws(UsageError) -> String {
        let level = value == "warn" ? "warning" : value
        guard logLevels.contains(level) else {
            throw UsageError("'--log-level' is one of \(logLevels.joined(separator: ", ")), not '\(value)'")
        }
        return level
    }

    private static func length(_ option: String, _ value: String) throws(UsageError) -> Duration {
        do { return try DurationFormat.parse(value) } catch { throw UsageError("'\(option)': \(error)") }
    }

    /// A size in bytes: `64M`, `1G`, `500K`, with or without a `B` or `iB` behind; 1K is 1,024.
    private static func size(_ option: String, _ value: String) throws(UsageError) -> Int {
        var text = value.uppercased()
        if text.hasSuffix("IB") { text.removeLast(2) } else if text.hasSuffix("B") { text.removeLast() }
        let factor: Double? =
            switch text.last {
            case "K": 1_024
            case "M": 1_048_576
            case "G": 1_073_741_824
            default: nil
            }
        if factor != nil { text.removeLast() }
        guard let count = Double(text), count > 0, count * (factor ?? 1) < 1e15 else {
            throw UsageError("'\(option)' is a size such as 64M, not '\(value)'")
        }
        return Int(count * (factor ?? 1))
    }
}
