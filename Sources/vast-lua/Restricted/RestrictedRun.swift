import FleetClock
import FleetRules
import FleetSafety
import FleetStore
import Glibc
import Logging
import VastAPI
import ScriptSandbox
import VastLua

/// A run of a script from somebody else: the script in a process of its own, and here the key, the guard, the journal and
/// the watch over that process.
final class RestrictedRun {
    /// How long it may take without `--time-limit`, and how long it may compute.
    private static let usualTime = Duration.seconds(3_600)
    private static let usualComputing = Duration.seconds(60)
    private static let usualMemory = 256 << 20

    private let run: ScriptRun
    private let context: ScriptContext
    private let clock = SystemClock()
    private var options: RunOptions { run.invocation.options }

    /// - Throws: ``UsageError`` for what only a script of one's own may have.
    init(_ run: ScriptRun) throws {
        let invocation = run.invocation
        guard invocation.preludes.isEmpty, !invocation.isInteractive, invocation.source != .none else {
            throw UsageError("'--restricted' runs one script; -e, -i, -l and -W are not for it")
        }
        guard invocation.words.raw.allSatisfy({ String(validating: $0, as: UTF8.self) != nil }) else {
            throw UsageError("'--restricted': the script's path and arguments must be UTF-8")
        }
        self.run = run
        context = try run.makeContext()
    }

    /// Runs the script to its end, and confirms what it changed.
    func run(isPlanning: Bool) throws -> ExitCode {
        let chain = ChangeChain(context, restrictedPlanning: isPlanning)
        let process = try ChildProcess(readsInput: run.invocation.source == .standardInput)
        let watch = RestrictedTerminationThread(
            process, timeLimit: clock.uptime + (options.timeLimit ?? Self.usualTime), grace: options.grace, clock: clock, voice: run.voice,
            reporter: context.reporter)
        var settings = ServiceHost.Settings(
            service: { try chain.service() }, limit: { try chain.limit($0) }, logger: context.logger, clock: context.clock)
        settings.onServing = { watch.setServing($0) }
        let labels = RestrictedLabels(context, isPlanning: isPlanning)
        settings.onReading = { labels?.note($0) }
        let line = Channel(descriptor: process.channel)
        let host = ServiceHost(line, settings)
        watch.start { host.order($0, reason: $1) }
        let (status, violation) = try supervise(process, line, host, order(isPlanning: isPlanning, earlierLabelsUntil: labels?.end))
        if !isPlanning, !context.process.books.ledger.unconfirmed.isEmpty { try confirm(try chain.service(), watch) }
        let failures = tell(status, violation, host, watch)
        if isPlanning {
            let report = PlanReport(chain.planned, chain.refusals, script: context.process.run.script, zone: context.zone)
            for line in report.lines { StandardError.write(line) }
        } else {
            context.reporter.tell()
        }
        let isOpen = !isPlanning && isOpen(host)
        return .strongest(of: failures + (isOpen ? [.changesOpen] : []) + (chain.refusals.isEmpty ? [] : [.guardRefused]))
    }

    private func order(isPlanning: Bool, earlierLabelsUntil: Double?) -> RestrictedOrder {
        let invocation = run.invocation
        var order = RestrictedOrder()
        if case .file = invocation.source { order.script = invocation.scriptPath }
        order.words = [invocation.scriptPath ?? "-"] + invocation.arguments.map { String(decoding: $0, as: UTF8.self) }
        order.runsOnce = options.runsOnce || isPlanning
        order.isPlanning = isPlanning
        order.zone = context.config.zone?.name
        order.logLevel = options.logLevel ?? (options.isQuiet ? "error" : "info")
        order.speed = options.speed
        order.now = context.clock.unixTime
        order.earlierLabelsUntil = earlierLabelsUntil
        order.memoryLimit = Int64(options.memoryLimit ?? Self.usualMemory)
        order.cpuLimit = max(1, Int64(min(options.timeLimit ?? Self.usualComputing, .seconds(86_400 * 365)).seconds.rounded(.up)))
        return order
    }

    /// - Returns: how the process ended, and what it did that no script's process does.
    private func supervise(
        _ process: ChildProcess, _ line: Channel, _ host: ServiceHost, _ order: RestrictedOrder
    ) throws -> (status: Int32, violation: ChannelError?) {
        process.startCopying()
        let served = Outcome<ChannelError?>()
        let isStarted = startThread {
            do throws(ChannelError) {
                try host.serve()
                served.set(nil)
            } catch {
                process.kill()
                served.set(error)
            }
        }
        if !isStarted { process.kill() }
        try? line.send(order.frame)
        let status = process.wait()
        line.shut()
        let violation = isStarted ? served.wait() : nil
        try blocking { await host.drain() }
        return (status, violation)
    }

    // MARK: the end

    /// Signals end it: what is left of the grace is then used for one more try.
    private func confirm(_ service: GuardMiddleware, _ watch: RestrictedTerminationThread) throws {
        let confirmation = Confirmation(service, clock: context.clock) { [logger = context.logger] error in
            logger.warning("a reading failed", metadata: ["error": "\(error.text)"])
        }
        for _ in 0..<2 where !service.ledger.unconfirmed.isEmpty {
            let cause = watch.cause
            context.reporter.beginConfirming()
            let left = watch.timeLeft.map { max(.zero, $0 - .seconds(1)) * options.speed }
            let deadline = context.clock.uptime + min(options.confirm, left ?? options.confirm)
            let work = Task {
                await confirmation.run(until: deadline, fleetSize: service.books.knowledge.fleetSize, isInterrupted: left != nil)
            }
            watch.setConfirming { work.cancel() }
            try blocking { await work.value }
            context.reporter.endConfirming()
            if watch.cause == cause { return }
        }
    }

    private func isOpen(_ host: ServiceHost) -> Bool {
        let ledger = context.process.books.ledger
        return !ledger.unconfirmed.isEmpty || ledger.hasOpenFailures && host.end?.hasOpenFailures != false
    }

    /// Says what went wrong, in one line where the script itself cannot.
    private func tell(_ status: Int32, _ violation: ChannelError?, _ host: ServiceHost, _ watch: RestrictedTerminationThread) -> [ExitCode]
    {
        if let cause = watch.cause {
            if let failure = host.end?.failure { run.voice.say(failure) } else { run.voice.say(watch.reason) }
            return [cause]
        }
        if let violation {
            run.voice.say("the script was ended, since its process broke the rules: \(violation)")
            return [.scriptFailed]
        }
        if status == -SIGXCPU {
            run.voice.say("the script was ended: it computed longer than it may (--time-limit)")
            return [.timeLimit]
        }
        if status == -SIGKILL {
            run.voice.say("the script was ended: its process was killed from outside, perhaps since the machine has no memory left")
            return [.scriptFailed]
        }
        guard let end = host.end else {
            run.voice.say(
                "the script was ended: its process crashed, most likely for want of memory (--memory-limit)\(status < 0 ? "; signal \(-status)" : "")"
            )
            return [.scriptFailed]
        }
        if let failure = end.failure { run.voice.say(failure) }
        return end.failure == nil && end.kind == nil ? [] : [ExitCode(errorKind: end.kind)]
    }
}

extension RestrictedRun {
    /// Runs the script as the command line says.
    ///
    /// - Parameter lock: takes the lock of the script.
    /// - Throws: ``UsageError``, `RunLock.Held`.
    static func run(_ run: ScriptRun, lock: (ScriptContext) throws -> RunLock?) throws -> ExitCode {
        let restricted = try RestrictedRun(run)
        if run.invocation.options.isDryRun { return try restricted.run(isPlanning: true) }
        let held = try lock(restricted.context)
        defer { held?.release() }
        return restricted.context.end(try restricted.run(isPlanning: false))
    }
}

extension ChangeChain {
    /// The chain of a restricted script: what such a script allows itself counts for nothing, so everything that is built
    /// in, and that the user did not give another value, is a ceiling.
    fileprivate convenience init(_ context: ScriptContext, restrictedPlanning isPlanning: Bool) {
        let options = context.invocation.options
        let given = context.config.ceilings(under: options.limits)
        let builtIn = (GuardRefusal.restricted, Self.builtIn(without: given.map(\.limits)))
        self.init(
            context.connection, context.process,
            settings: Settings(
                ceilings: given + [builtIn], accepted: options.limits.accepted,
                isPlanning: isPlanning, account: context.config.account, place: .commandLine),
            clock: context.clock, logger: context.logger)
    }

    private static func builtIn(without given: [GuardLimits]) -> GuardLimits {
        var limits = GuardRules.builtInLimits
        for limit in given.flatMap(\.numbers.keys) { limits.numbers[limit] = nil }
        for permission in given.flatMap(\.permissions.keys) { limits.permissions[permission] = nil }
        return limits
    }
}
