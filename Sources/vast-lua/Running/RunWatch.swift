import Glibc
import LuaEngine

/// Decides what a signal or a deadline means for a run, from where the run stands. A value without threads or clocks.
struct RunWatch {
    /// How far the run has come.
    enum Stage {
        /// Nothing of the script runs: before it, at a prompt, and when everything is done.
        case idle
        /// The script runs, or what it has changed is being confirmed.
        case running
    }

    enum Action: Equatable {
        case nothing
        /// The script is to be ended; what it changed will still be confirmed.
        case interrupt(LuaInterrupt)
        /// The process is to be ended here and now.
        case end(ExitCode, String)
    }

    /// How many writes to an abandoned standard output a script may try before it is ended as `lua` would be at the first:
    /// a job that changes a fleet shall not be cut short by a pager, nor print for nobody for ever.
    static let patienceWithAbandonedOutput = 1_000
    /// How long putting things in order may take after an interrupt.
    static let orderlyEnd = Duration.seconds(15)
    private static let abandonedOutput = ExitCode(rawValue: 128 + SIGPIPE)

    var stage = Stage.idle
    /// What ended the run from outside, as the exit code for it.
    private(set) var cause: ExitCode?
    private(set) var deadline: Duration?
    private var lostWrites = 0
    private let isInteractive: Bool

    /// - Parameters:
    ///   - timeLimit: when the script is to be ended, on the machine's uptime.
    ///   - isInteractive: whether an interrupt ends only what runs, not the process.
    init(timeLimit: Duration? = nil, isInteractive: Bool = false) {
        deadline = timeLimit
        self.isInteractive = isInteractive
    }

    /// SIGINT and SIGTERM: the first ends the script, one more the process.
    mutating func signal(_ number: Int32, now: Duration) -> Action {
        let code = ExitCode(rawValue: 128 + number)
        let word = number == SIGINT ? "interrupted" : "terminated"
        guard stage == .running, cause == nil else { return .end(code, cause == nil ? word : "\(word) again; ended at once") }
        if isInteractive, number == SIGINT { return .interrupt(LuaInterrupt(word)) }
        return interrupt(code, LuaInterrupt(word), now)
    }

    /// SIGPIPE while nobody reads standard output any more.
    mutating func outputAbandoned(now: Duration) -> Action {
        lostWrites += 1
        guard lostWrites >= Self.patienceWithAbandonedOutput, stage == .running, cause == nil else { return .nothing }
        return interrupt(Self.abandonedOutput, LuaInterrupt("nobody reads standard output any more"), now)
    }

    /// The deadline has come: the time limit at first, later the end of all patience.
    mutating func deadlineReached(now: Duration) -> Action {
        deadline = nil
        if let cause { return .end(cause, "putting things in order took too long; ended") }
        guard stage == .running else { return .end(.timeLimit, "time limit reached") }
        return interrupt(.timeLimit, .timeLimit, now)
    }

    private mutating func interrupt(_ code: ExitCode, _ reason: LuaInterrupt, _ now: Duration) -> Action {
        cause = code
        deadline = now + Self.orderlyEnd
        return .interrupt(reason)
    }
}
