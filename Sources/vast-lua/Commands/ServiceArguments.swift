import ArgumentParser
import FleetRules
import FleetSafety

/// Which service a command talks to.
struct ServiceArguments: ParsableArguments {
    @Option(help: "Another server than VAST_URL or https://console.vast.ai.") var url: String?
    @Flag(help: "Send the key over plain http to other machines too.") var insecure = false
    @Flag(help: "Plain requests as fast as they go, for a server without limits.") var unpaced = false
}

/// How long a command waits for what it has changed.
struct ConfirmArguments: ParsableArguments {
    @Option(help: ArgumentHelp("How long to wait at the end for changes to be seen (default: 2m).", valueName: "length"))
    var confirm: String?

    /// - Throws: ``UsageError``.
    func length(isSimulated: Bool) throws(UsageError) -> Duration {
        var options = RunOptions()
        options.simulator = isSimulated ? "" : nil
        options.confirmLimit = try confirm.map { text throws(UsageError) in try DurationFormat.usage("--confirm", text) }
        return options.confirm
    }
}

/// What a command may change; in place of the built-in limits, under the ceilings of the config file.
struct GuardArguments: ParsableArguments {
    @Option(help: ArgumentHelp("A limit such as max-stops=30; may be given several times.", valueName: "name=number"))
    var limit: [String] = []
    @Option(help: ArgumentHelp("Leave instances with such labels alone.", valueName: "glob")) var protect: [String] = []
    @Flag(help: "Destroying is allowed.") var allowDestroy = false
    @Flag(help: "Recycling is allowed.") var allowRecycle = false
    @Option(help: ArgumentHelp("Go on although a reading is doubtful: incomplete, halved, no-utilization, clock.", valueName: "words"))
    var accept: [String] = []

    /// The same as the options of a script's run.
    func options() throws(UsageError) -> GuardOptions {
        var options = GuardOptions()
        for text in limit {
            let parts = text.split(separator: "=", maxSplits: 1)
            let name = "--" + (parts.first.map { $0.split(separator: "_").joined(separator: "-") } ?? "")
            guard parts.count == 2, try options.setValue(name, String(parts[1])), !["--protect", "--accept"].contains(name) else {
                throw UsageError("'--limit' is a limit and a number such as max-stops=30, not '\(text)'")
            }
        }
        for glob in protect { _ = try options.setValue("--protect", glob) }
        for words in accept { _ = try options.setValue("--accept", words) }
        if allowDestroy { _ = options.setFlag("--allow-destroy") }
        if allowRecycle { _ = options.setFlag("--allow-recycle") }
        return options
    }
}
