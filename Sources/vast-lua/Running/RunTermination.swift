import Glibc
import LuaEngine

/// Decides what a signal or a deadline means for a run, from where the run stands. A value without threads or clocks.
struct RunTermination {
    /// How far the run has come.
    enum Stage {
        /// Nothing of the script runs: before it, at a prompt, and when everything is done.
        case idle
        /// The script runs, or what it has changed is being confirmed.
        case running
        /// The main chunk is done, and the script stays alive for its jobs.
        case serving
    }

    enum Action: Equatable {
        case nothing
        /// The script is to be ended; what it changed will still be confirmed.
        case interrupt(LuaInterrupt)
        /// Nothing new is to begin, and what runs may finish what it is doing.
        case windDown
        /// The script is to be run again in a fresh state.
        case reload
        /// There is more time, since a start has still to be taken back.
        case wait(Duration)
        /// The process is to be ended here and now.
        case end(ExitCode, String)
    }

    /// How many writes to an abandoned standard output a script may try before it is ended as `lua` would be at the first:
    /// a job that changes a fleet shall not be cut short by a pager, nor print for nobody for ever.
    static let patienceWithAbandonedOutput = 1_000
    /// Which part of the grace what runs may use to finish; the rest is for putting things in order.
    private static let windingDown = 0.6
    /// How long after the signal the end is put off at most while a start is being withdrawn.
    private static let longestGrace = Duration.seconds(90)

    var stage = Stage.idle
    /// Whether another state of the script is about to take the place of the one that runs.
    var isReloading = false
    /// What ended the run from outside, as the exit code for it.
    private(set) var cause: ExitCode?
    /// The same for a person.
    private(set) var reason = ""
    private(set) var deadline: Duration?
    /// When the signal or the limit came that ends the run.
    private var began: Duration?
    private var isExtended = false
    /// Until when everything is over after a signal, on the machine's uptime.
    private(set) var end: Duration?
    /// What ends the script when it has not ended in its part of the grace.
    private var interruptAtDeadline: LuaInterrupt?
    private var lostWrites = 0
    private var lastSignal: (number: Int32, time: Duration)?
    /// The same signal so soon again is one that was sent to the process and to its group, as `timeout` does.
    private static let echo = Duration.milliseconds(50)
    private let grace: Duration
    private let isInteractive: Bool

    /// - Parameters:
    ///   - timeLimit: when the script is to be ended, on the machine's uptime.
    ///   - grace: how long the end may take after a signal, from the signal to the last line.
    ///   - isInteractive: whether an interrupt ends only what runs, not the process.
    init(timeLimit: Duration? = nil, grace: Duration = .seconds(10), isInteractive: Bool = false) {
        deadline = timeLimit
        self.grace = grace
        self.isInteractive = isInteractive
    }

    /// SIGINT and SIGTERM: the first ends the script, one more the process. SIGQUIT ends the process at once.
    mutating func signal(_ number: Int32, now: Duration) -> Action {
        if number == SIGQUIT { return .end(ExitCode(rawValue: 128 + SIGQUIT), "quit; ended at once") }
        let isEcho = !isInteractive && lastSignal.map { $0.number == number && now - $0.time < Self.echo } ?? false
        if isEcho { return .nothing }
        lastSignal = (number, now)
        let code = ExitCode(rawValue: 128 + number)
        let word = number == SIGINT ? "interrupted" : "terminated"
        guard stage != .idle, cause == nil else { return .end(code, cause == nil ? word : "\(word) again; ended at once") }
        if isInteractive, number == SIGINT { return .interrupt(LuaInterrupt(word)) }
        return stage == .serving ? windDown(code, LuaInterrupt(word), now) : interrupt(code, LuaInterrupt(word), now)
    }

    /// SIGHUP: a script that stays alive is run again, unless its terminal is gone.
    mutating func hangUp(isTerminalGone: Bool, now: Duration) -> Action {
        if stage == .serving || isReloading, cause == nil, !isTerminalGone { return .reload }
        let code = ExitCode.hungUp
        guard stage != .idle, cause == nil else { return .end(code, cause == nil ? "hung up" : "hung up; ended at once") }
        return stage == .serving ? windDown(code, LuaInterrupt("hung up"), now) : interrupt(code, LuaInterrupt("hung up"), now)
    }

    /// SIGPIPE while nobody reads standard output any more.
    mutating func outputAbandoned(now: Duration) -> Action {
        lostWrites += 1
        guard lostWrites >= Self.patienceWithAbandonedOutput, stage == .running, cause == nil else { return .nothing }
        return interrupt(.abandonedOutput, LuaInterrupt("nobody reads standard output any more"), now)
    }

    /// The deadline has come: the time limit at first, later the end of all patience.
    ///
    /// - Parameter isWithdrawing: whether a start is on its way that would be left queued; that puts the end off, once.
    mutating func deadlineReached(now: Duration, isWithdrawing: Bool = false) -> Action {
        deadline = nil
        if let reason = interruptAtDeadline {
            interruptAtDeadline = nil
            deadline = end
            return .interrupt(reason)
        }
        if cause != nil, isWithdrawing, !isExtended, let began, began + Self.longestGrace > now {
            isExtended = true
            (deadline, end) = (began + Self.longestGrace, began + Self.longestGrace)
            return .wait(began + Self.longestGrace - now)
        }
        if let cause { return .end(cause, "putting things in order took too long; ended") }
        guard stage != .idle else { return .end(.timeLimit, "time limit reached") }
        return interrupt(.timeLimit, .timeLimit, now)
    }

    private mutating func interrupt(_ code: ExitCode, _ reason: LuaInterrupt, _ now: Duration) -> Action {
        (cause, self.reason, began) = (code, reason.name, now)
        end = now + grace
        deadline = end
        return .interrupt(reason)
    }

    private mutating func windDown(_ code: ExitCode, _ reason: LuaInterrupt, _ now: Duration) -> Action {
        (cause, self.reason, began) = (code, reason.name, now)
        end = now + grace
        deadline = now + grace * Self.windingDown
        interruptAtDeadline = reason
        return .windDown
    }
}
