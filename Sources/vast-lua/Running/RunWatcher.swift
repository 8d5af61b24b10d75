import CSignals
import FleetClock
import Glibc
import LuaEngine
import Synchronization

/// The thread that waits for signals and for the time limit, and does what ``RunWatch`` decides.
final class RunWatcher: Sendable {
    private struct State {
        var watch: RunWatch
        var interrupter: LuaInterrupter?
    }

    private let state: Mutex<State>
    private let clock: any FleetClock
    private let voice: StandardError

    /// - Parameters:
    ///   - clock: the machine's own; a script in a loop has no other.
    ///   - voice: where the line about a forced end goes.
    init(_ watch: RunWatch, clock: any FleetClock, voice: StandardError) {
        state = Mutex(State(watch: watch))
        self.clock = clock
        self.voice = voice
    }

    /// What ended the run from outside; nil when nothing did.
    var cause: ExitCode? { state.withLock { $0.watch.cause } }

    /// Says which script runs; signals before that end the process.
    func attach(_ interrupter: LuaInterrupter) {
        state.withLock { $0.interrupter = interrupter }
    }

    /// Runs `body` as the part in which a signal ends the script, not the process.
    func whileRunning<Result>(_ body: () throws -> Result) rethrows -> Result {
        state.withLock { $0.watch.stage = .running }
        defer { state.withLock { $0.watch.stage = .idle } }
        return try body()
    }

    /// Installs the handlers and starts the thread, which lives as long as the process.
    func start() {
        guard vast_signals_install() == 0 else { return }
        let retained = Unmanaged.passRetained(self)
        var thread = pthread_t()
        let status = pthread_create(
            &thread, nil,
            { context in
                Unmanaged<RunWatcher>.fromOpaque(context.unsafelyUnwrapped).takeRetainedValue().watch()
                return nil
            }, retained.toOpaque())
        if status == 0 { pthread_detach(thread) } else { retained.release() }
    }

    private func watch() {
        while true {
            let number = vast_signals_wait(millisecondsLeft())
            if number < 0 { return }
            perform(decide(number))
        }
    }

    private func decide(_ number: Int32) -> (RunWatch.Action, LuaInterrupter?) {
        let now = clock.uptime
        return state.withLock { state in
            let action: RunWatch.Action =
                switch number {
                case 0: (state.watch.deadline ?? .zero) <= now ? state.watch.deadlineReached(now: now) : .nothing
                case SIGPIPE: vast_output_is_abandoned() != 0 ? state.watch.outputAbandoned(now: now) : .nothing
                default: state.watch.signal(number, now: now)
                }
            return (action, state.interrupter)
        }
    }

    private func perform(_ decision: (action: RunWatch.Action, interrupter: LuaInterrupter?)) {
        switch decision.action {
        case .nothing: return
        case .end(let code, let reason): end(code, reason)
        case .interrupt(let reason):
            guard let interrupter = decision.interrupter else { end(cause ?? .scriptFailed, reason.name) }
            interrupter.interrupt(reason) { [self] in
                end(cause ?? .interrupted, "\(reason.name); the script did not answer and was ended")
            }
        }
    }

    private func end(_ code: ExitCode, _ reason: String) -> Never {
        voice.say(reason)
        vast_end_now(code.rawValue)
    }

    /// Until the deadline, rounded up, at most a day at a time; -1 without one.
    private func millisecondsLeft() -> Int32 {
        guard let deadline = state.withLock({ $0.watch.deadline }) else { return -1 }
        let left = (deadline - clock.uptime).seconds * 1_000
        return Int32(max(0, min(left.rounded(.up), 86_400_000)))
    }
}
