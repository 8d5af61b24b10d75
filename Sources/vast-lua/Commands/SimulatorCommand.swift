import ArgumentParser
import CSignals
import FleetClock
import Glibc
import VastSimulator

/// `vast-lua simulator`: the simulated service alone, for any client.
struct SimulatorCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "vast-lua simulator",
        abstract: "Serves a simulated Vast.ai on a loopback port until SIGINT or SIGTERM.",
        discussion: """
            Beside the key there are KEY-readonly, KEY-deleted, KEY-expired and KEY-2fa. Tests control it by /simulator/state, \
            rows, log, advance, events, faults, behaviour, limits and credit.
            """)

    @Option(help: "The port; 0 for any free one.") var port = 8080
    @Option(help: "A fleet file, or what `vastai show instances --raw` has printed.") var fleet: String?
    @Option(help: "That many made-up instances instead of the built-in forty.") var instances: Int?
    @Option(help: "From what everything random is drawn.") var seed: UInt64 = 1
    @Option(help: "How many seconds pass in the simulation in one.") var speed = 1.0
    @Option(help: ArgumentHelp("What the account has at the beginning; default: by the fleet.", valueName: "dollars"))
    var credit: Double?
    @Option(help: "The key that may do everything.") var key = "simulator"
    @OptionGroup(title: "Rate limits") var limits: RateLimitOptions
    @Option(help: "A JSON file that says what goes wrong, and when.") var faults: String?
    @Option(help: ArgumentHelp("What the API's documents leave open; may be repeated.", valueName: "name=value"))
    var behaviour: [String] = []
    @Option(help: "Appends every request to this file, as JSON lines.") var log: String?

    func validate() throws {
        guard (0...65_535).contains(port) else { throw ValidationError("'--port' is a number from 0 to 65535") }
        guard speed > 0, speed <= 1e6 else { throw ValidationError("'--speed' is a number above 0") }
        guard credit.map({ (0...1e12).contains($0) }) ?? true else { throw ValidationError("'--credit' is a number of dollars from 0") }
        guard instances.map({ $0 >= 0 && $0 <= 1_000_000 }) ?? true else {
            throw ValidationError("'--instances' is a number from 0 to 1000000")
        }
    }

    func perform(_ environment: ProcessEnvironment) throws -> ExitCode {
        let clock = ScaledClock(SystemClock(), factor: speed)
        var fleet =
            if let instances { Fleet.generated(instances, at: clock.now, seed: seed) } else {
                try Fleet.read(fleet, at: clock.now, seed: seed)
            }
        if let credit { fleet.account.credit = credit }
        let service = SimulatedService(fleet, options: try options(), clock: clock, requestClock: SystemClock())
        let log = try log.map { path throws(UsageError) in RequestLog(try LogSink(path: path, option: "--log")) }
        guard vast_signals_install() == 0 else { throw UsageError("signals cannot be handled") }
        return serve(SimulatorServer(service), log)
    }

    private func options() throws(UsageError) -> SimulatorOptions {
        var options = SimulatorOptions()
        options.seed = seed
        options.keys = AccessKey.set(for: key)
        options.rateLimits = try limits.rateLimits()
        for setting in behaviour { try Self.set(setting, in: &options.behaviour) }
        if let faults {
            do {
                options.faults = try FaultPlan(json: FileBytes.read(faults, for: "the fault file"))
            } catch let error as FaultPlan.Invalid {
                throw UsageError("\(faults): \(error.description)")
            } catch {
                throw UsageError("\(error)")
            }
        }
        return options
    }

    private static func set(_ setting: String, in behaviour: inout Behaviour) throws(UsageError) {
        let parts = setting.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2 else { throw UsageError("'--behaviour' is NAME=VALUE, not '\(setting)'") }
        do {
            try behaviour.set(parts[0], to: parts[1])
        } catch {
            throw UsageError("'--behaviour': \(error.description)")
        }
    }

    /// Serves until somebody asks for the end; that is success.
    private func serve(_ server: SimulatorServer, _ log: RequestLog?) -> ExitCode {
        do {
            let bound = try blocking { [port] in try await server.start(port: port) }
            StandardOutput.write("listening on http://127.0.0.1:\(bound)\nkey \(key)")
            _ = vast_output_flush()
        } catch {
            StandardError().say("\(error)")
            return .scriptFailed
        }
        waitForSignal(server, log)
        log?.write(server.service.log)
        return .done
    }

    private func waitForSignal(_ server: SimulatorServer, _ log: RequestLog?) {
        while true {
            let number = vast_signals_wait(log == nil ? -1 : 250)
            if number == SIGINT || number == SIGTERM || number < 0 { return }
            if number == 0 { log?.write(server.service.log) }
        }
    }
}

/// The options of `vast-lua simulator` about rate limits.
struct RateLimitOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Whether requests that come too soon are refused.", valueName: "on|off")) var rateLimit = "off"
    @Option(help: "What every documented interval is multiplied with.") var rateLimitFactor = 1.0
    @Option(help: ArgumentHelp("The interval of a route in seconds; may be repeated.", valueName: "route=seconds"))
    var rateLimitRoute: [String] = []
    @Option(help: ArgumentHelp("How a refusal reads.", valueName: "text|threshold|detail|error|retry_after|rotate"))
    var rateLimitBody = "rotate"
    @Option(help: ArgumentHelp("The form of the header Retry-After.", valueName: "none|whole|exact")) var retryAfter = "none"
    @Flag(help: "A refused request begins the interval anew.") var refusalRestarts = false
    @Flag(help: "Single and bulk changes have intervals of their own.") var separateBulk = false

    /// - Throws: ``UsageError`` with the option that is wrong.
    func rateLimits() throws(UsageError) -> RateLimits {
        var limits = RateLimits()
        guard ["on", "off"].contains(rateLimit) else { throw UsageError("'--rate-limit' is on or off, not '\(rateLimit)'") }
        limits.isEnabled = rateLimit == "on"
        guard rateLimitFactor > 0, rateLimitFactor <= 1e6 else { throw UsageError("'--rate-limit-factor' is a number above 0") }
        limits.multiplier = rateLimitFactor
        limits.bodyForm = try Self.choice("--rate-limit-body", rateLimitBody)
        limits.retryAfterHeader = try Self.choice("--retry-after", retryAfter)
        limits.refusalRestarts = refusalRestarts
        limits.sharesBulk = !separateBulk
        for setting in rateLimitRoute {
            let parts = setting.split(separator: "=").map(String.init)
            guard parts.count == 2, let seconds = Double(parts[1]), seconds >= 0, seconds <= 1e6 else {
                throw UsageError("'--rate-limit-route' is ROUTE=SECONDS, not '\(setting)'")
            }
            limits.thresholds[parts[0]] = seconds
        }
        return limits
    }

    private static func choice<Value: RawRepresentable<String> & CaseIterable>(
        _ option: String, _ text: String
    ) throws(UsageError) -> Value {
        guard let value = Value(rawValue: text) else {
            let values = Value.allCases.map(\.rawValue).joined(separator: ", ")
            throw UsageError("'\(option)' is one of \(values), not '\(text)'")
        }
        return value
    }
}
