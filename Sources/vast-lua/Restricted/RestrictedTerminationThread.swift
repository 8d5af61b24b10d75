import CSignals
import FleetClock
import Glibc
import Synchronization
import ScriptSandbox
import VastLua

/// The thread that waits for signals and for the time limit while a restricted script runs, and ends its process when
/// asking does not help.
final class RestrictedTerminationThread: Sendable {
    /// How long the script's process may take to answer an interrupt.
    private static let patience = Duration.seconds(2)

    private struct State {
        var watch: RunTermination
        /// Whether the script's process had to be killed, since it did not answer.
        var wasKilled = false
        /// When the process is killed, on the machine's uptime.
        var killAt: Duration?
        /// Ends what the parent itself does after the script's process has ended.
        var confirming: (@Sendable () -> Void)?
    }

    private let process: ChildProcess
    private let state: Mutex<State>
    private let clock: any FleetClock
    private let voice: StandardError
    private let reporter: RunReporter

    init(
        _ process: ChildProcess, timeLimit: Duration, grace: Duration, clock: any FleetClock, voice: StandardError, reporter: RunReporter
    ) {
        self.reporter = reporter
        self.process = process
        var watch = RunTermination(timeLimit: timeLimit, grace: grace)
        watch.stage = .running
        state = Mutex(State(watch: watch))
        self.clock = clock
        self.voice = voice
    }

    /// What ended the run from outside; nil when nothing did.
    var cause: ExitCode? { state.withLock { $0.watch.cause } }
    /// The same for a person.
    var reason: String {
        state.withLock { $0.watch.reason + ($0.wasKilled ? "; the script did not answer and was ended" : "") }
    }
    /// How much of the grace is left; nil while nothing has ended the run.
    var timeLeft: Duration? { state.withLock { $0.watch.end }.map { $0 - clock.uptime } }

    /// The script's process has ended, and what it has changed is being confirmed here: whatever ends the run ends that.
    func setConfirming(_ cancel: @escaping @Sendable () -> Void) {
        state.withLock { ($0.watch.stage, $0.confirming, $0.killAt) = (.running, cancel, nil) }
    }

    func setServing(_ isServing: Bool) { state.withLock { $0.watch.stage = isServing ? .serving : .running } }

    /// Installs the handlers and starts the thread, which lives as long as this process.
    ///
    /// - Parameter order: tells the script's process something; it may block for a while.
    func start(_ order: @escaping @Sendable (ChannelOrder, String?) -> Void) {
        guard vast_signals_install() == 0 else { return }
        startThread { [self] in
            while true {
                let number = vast_signals_wait(millisecondsLeft())
                if number < 0 { return }
                let now = clock.uptime
                if number == 0, killIfDue(now) { continue }
                perform(decide(number, now), order)
            }
        }
    }

    private func decide(_ number: Int32, _ now: Duration) -> RunTermination.Action {
        state.withLock { state in
            switch number {
            case 0:
                state.watch.deadline.map { $0 <= now } ?? false
                    ? state.watch.deadlineReached(now: now, isWithdrawing: reporter.isWithdrawing) : .nothing
            case SIGPIPE: vast_output_is_abandoned() != 0 ? state.watch.outputAbandoned(now: now) : .nothing
            // A reload would need another process: the run ends in order instead.
            case SIGHUP: state.watch.hangUp(isTerminalGone: true, now: now)
            default: state.watch.signal(number, now: now)
            }
        }
    }

    private func perform(_ action: RunTermination.Action, _ order: @Sendable (ChannelOrder, String?) -> Void) {
        switch action {
        case .nothing, .reload: return
        case .windDown: order(.windDown, nil)
        case .wait(let length): voice.say(RunTerminationThread.waiting(length))
        case .interrupt(let reason):
            let confirming = state.withLock { state in
                if state.confirming == nil { state.killAt = clock.uptime + Self.patience }
                return state.confirming
            }
            if let confirming { confirming() } else { order(.interrupt, reason.name) }
        case .end(let code, let reason):
            process.kill()
            voice.say(reason)
            vast_end_now(reporter.lastWords(code).rawValue)
        }
    }

    private func killIfDue(_ now: Duration) -> Bool {
        let isDue = state.withLock { state in
            guard let time = state.killAt, time <= now else { return false }
            state.killAt = nil
            state.wasKilled = true
            return true
        }
        if isDue { process.kill() }
        return isDue
    }

    private func millisecondsLeft() -> Int32 {
        let next = state.withLock { [$0.watch.deadline, $0.killAt].compactMap(\.self).min() }
        guard let next else { return -1 }
        return Int32(max(0, min(((next - clock.uptime).seconds * 1_000).rounded(.up), 86_400_000)))
    }
}
