import ArgumentParser
import FleetRules
import FleetSafety
import VastAPI

/// Which service a command talks to.
struct ServiceArguments: ParsableArguments {
    @Option(help: "Another server than VAST_URL or https://console.vast.ai.") var url: String?
    @Flag(help: "Send the key over plain http to other machines too.") var insecure = false
    @Option(help: "How requests are spaced before any was refused: documented or none.") var pacing = Pacing.documented
    /// The name of `--pacing none` before 0.2.
    @Flag(help: .hidden) var unpaced = false

    /// How requests are spaced.
    enum Pacing: String, ExpressibleByArgument, CaseIterable { case documented, none }

    /// Whether they are spaced as the service's documentation asks.
    var isPaced: Bool { pacing == .documented && !unpaced }
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
    @Option(help: "Instances stopped.") var maxStops: Double?
    @Option(help: "Instances started.") var maxStarts: Double?
    @Option(help: "Labels set.") var maxLabels: Double?
    @Option(help: "Instances rebooted.") var maxReboots: Double?
    @Option(help: "Instances recycled.") var maxRecycles: Double?
    @Option(help: "Instances destroyed.") var maxDestroys: Double?
    @Option(help: "Changes of every kind.") var maxChanges: Double?
    @Option(help: "The part of what is on that may be interrupted, 0 to 1.") var maxFraction: Double?
    @Option(help: "What starts may add, in $/h.") var maxRateAdded: Double?
    @Option(help: "What may be interrupted, in $/h.") var maxRateInterrupted: Double?
    @Option(name: .customLong("max-gpus-interrupted"), help: "GPUs interrupted.") var maxGPUsInterrupted: Double?
    @Option(help: "So many instances stay on.") var keepAtLeast: Double?
    /// All of the above in the form of 0.1.
    @Option(help: .hidden) var limit: [String] = []
    @Option(help: ArgumentHelp("Leave instances with such labels alone.", valueName: "glob")) var protect: [String] = []
    @Flag(help: "Destroying is allowed.") var allowDestroy = false
    @Flag(help: "Recycling is allowed.") var allowRecycle = false
    @Option(help: ArgumentHelp("Go on although a reading is doubtful: incomplete, halved, no-utilization, clock.", valueName: "words"))
    var accept: [String] = []

    /// What an option says of a limit; nil: nothing.
    private func number(_ limit: GuardLimit) -> Double? {
        switch limit {
        case .maxStops: maxStops
        case .maxStarts: maxStarts
        case .maxLabels: maxLabels
        case .maxReboots: maxReboots
        case .maxRecycles: maxRecycles
        case .maxDestroys: maxDestroys
        case .maxChanges: maxChanges
        case .maxFraction: maxFraction
        case .maxRateAdded: maxRateAdded
        case .maxRateInterrupted: maxRateInterrupted
        case .maxGPUsInterrupted: maxGPUsInterrupted
        case .keepAtLeast: keepAtLeast
        }
    }

    /// The same as the options of a script's run.
    func options() throws(UsageError) -> GuardOptions {
        var options = GuardOptions()
        for limit in GuardLimit.allCases {
            if let number = number(limit) { try options.set(limit, number) }
        }
        for text in limit { try options.setLimit(text) }
        for glob in protect { _ = try options.setValue("--protect", glob) }
        for words in accept { _ = try options.setValue("--accept", words) }
        if allowDestroy { _ = options.setFlag("--allow-destroy") }
        if allowRecycle { _ = options.setFlag("--allow-recycle") }
        return options
    }
}
