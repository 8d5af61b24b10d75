import CEditLine
import CSignals
import FleetClock
import FleetRules
import Glibc
import LuaEngine
import Synchronization
import VastLua

/// The thread that waits for signals and for the time limit, and does what ``RunTermination`` decides. Once a minute it also
/// gives freed memory back.
final class RunTerminationThread: Sendable {
    private struct State {
        var watch: RunTermination
        var script: Script?
        /// A state of the script that is about to take the place of the other.
        var staged: LuaInterrupter?
        var reload: (@Sendable () -> Void)?
        var reporter: RunReporter?
        /// Ends what a command does that has no script.
        var cancel: (@Sendable () -> Void)?
    }

    /// How to reach the script that runs.
    struct Script: Sendable {
        let interrupter: LuaInterrupter
        let control: RunControl
    }

    private let state: Mutex<State>
    private let clock: any FleetClock
    private let hadTerminal: Bool
    private let voice: StandardError

    /// - Parameters:
    ///   - clock: the machine's own; a script in a loop has no other.
    ///   - voice: where the line about a forced end goes.
    init(_ watch: RunTermination, clock: any FleetClock, voice: StandardError) {
        state = Mutex(State(watch: watch))
        self.clock = clock
        self.voice = voice
        hadTerminal = Self.hasTerminal()
    }

    /// What ended the run from outside; nil when nothing did.
    var cause: ExitCode? { state.withLock { $0.watch.cause } }

    /// How much of the grace is left on the machine's uptime; nil while nothing has ended the run.
    var timeLeft: Duration? { state.withLock { $0.watch.end }.map { $0 - clock.uptime } }

    /// Says which script runs; signals before that end the process.
    func attach(_ script: Script) {
        state.withLock { $0.script = script }
    }

    /// Says how to end what a command without a script does now.
    func attach(cancel: @escaping @Sendable () -> Void) { state.withLock { $0.cancel = cancel } }

    /// Says who reports what was changed, when there is no time left for the script's own thread to do so.
    func attach(_ reporter: RunReporter) { state.withLock { $0.reporter = reporter } }

    /// Says which state is about to take the script's place; a signal ends it too.
    func stage(_ interrupter: LuaInterrupter?) {
        state.withLock { $0.staged = interrupter }
    }

    /// Says what SIGHUP does to a script that stays alive.
    func onReload(_ action: @escaping @Sendable () -> Void) {
        state.withLock { $0.reload = action }
    }

    /// Whether another state of the script is about to take the place of the one that runs: SIGHUP asks for one more then.
    func setReloading(_ isReloading: Bool) {
        state.withLock { $0.watch.isReloading = isReloading }
    }

    /// Whether the script stays alive for its jobs now.
    func setServing(_ isServing: Bool) {
        state.withLock { $0.watch.stage = isServing ? .serving : .running }
    }

    /// Runs `body` as the part in which a signal ends the script, not the process.
    ///
    /// - Parameter staysAlive: whether the script has jobs for which it stays alive from the beginning.
    func whileRunning<Result>(staysAlive: Bool = false, _ body: () throws -> Result) rethrows -> Result {
        setServing(staysAlive)
        defer { state.withLock { $0.watch.stage = .idle } }
        return try body()
    }

    /// Whether this process had a terminal that is gone.
    private var isTerminalGone: Bool { hadTerminal && !Self.hasTerminal() }

    private static func hasTerminal() -> Bool {
        let terminal = open("/dev/tty", O_RDONLY | O_NOCTTY | O_CLOEXEC)
        if terminal >= 0 { close(terminal) }
        return terminal >= 0
    }

    /// Installs the handlers and starts the thread, which lives as long as the process.
    func start() {
        guard vast_signals_install() == 0 else { return }
        startThread { [self] in watch() }
    }

    private func watch() {
        while true {
            let number = vast_signals_wait(millisecondsLeft())
            if number < 0 { return }
            if number == 0 { vast_memory_return() }
            perform(decide(number))
        }
    }

    private func decide(_ number: Int32) -> RunTermination.Action {
        let now = clock.uptime
        return state.withLock { state in
            switch number {
            case 0:
                state.watch.deadline.map { $0 <= now } ?? false
                    ? state.watch.deadlineReached(now: now, isWithdrawing: state.reporter?.isWithdrawing ?? false) : .nothing
            case SIGPIPE: vast_output_is_abandoned() != 0 ? state.watch.outputAbandoned(now: now) : .nothing
            case SIGHUP: state.watch.hangUp(isTerminalGone: isTerminalGone, now: now)
            default: state.watch.signal(number, now: now)
            }
        }
    }

    private func perform(_ action: RunTermination.Action) {
        let (script, staged, reload, cancel) = state.withLock { ($0.script, $0.staged, $0.reload, $0.cancel) }
        switch action {
        case .nothing: return
        case .wait(let length): voice.say(Self.waiting(length))
        case .end(let code, let reason): end(code, reason)
        case .windDown:
            staged?.interrupt(LuaInterrupt("ended"))
            script?.control.end()
        case .reload: reload?()
        case .interrupt where cancel != nil: cancel?()
        case .interrupt(let reason):
            guard let script else { end(cause ?? .scriptFailed, reason.name) }
            staged?.interrupt(reason)
            script.interrupter.interrupt(reason) { [self] in
                end(cause ?? .interrupted, "\(reason.name); the script did not answer and was ended")
            }
        }
    }

    /// What is said when the end is put off.
    static func waiting(_ length: Duration) -> String {
        "a start is under way that may have to be withdrawn, or it may bill later; waiting for up to \(DurationFormat.format(length))"
    }

    private func end(_ code: ExitCode, _ reason: String) -> Never {
        voice.say(reason)
        vast_terminal_restore()
        vast_end_now((state.withLock { $0.reporter }?.lastWords(code) ?? code).rawValue)
    }

    /// Until the deadline, rounded up, at most a minute at a time.
    private func millisecondsLeft() -> Int32 {
        guard let deadline = state.withLock({ $0.watch.deadline }) else { return 60_000 }
        let left = (deadline - clock.uptime).seconds * 1_000
        return Int32(max(0, min(left.rounded(.up), 60_000)))
    }
}
