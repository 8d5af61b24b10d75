import Dispatch
import FleetClock
import FleetSafety
import Glibc
import Synchronization

/// Says what a run has changed, and closes its journal: once, whichever thread comes to it first.
///
/// On a terminal the report comes when the script ends, and is followed by one line of what confirming has changed. In a
/// pipe there is one report, after confirming. When a signal, the time limit or the grace leaves no time for that, there is
/// one all the same.
final class RunReporter: Sendable {
    private struct State {
        var isReported = false
        /// What was open in the report that was given before confirming; nil: there was none.
        var awaited: Set<String>?
        var confirmingSince: Duration?
        var confirmedIn = Duration.zero
    }

    /// How long the journal may take to be closed when there is no time.
    private static let patience = DispatchTimeInterval.seconds(2)

    private let process: ProcessState
    private let isQuiet: Bool
    private let write: @Sendable (String) -> Void
    private let voice: StandardError
    private let clock: any FleetClock
    private let began: Duration
    private let isTerminal = isatty(STDERR_FILENO) == 1
    private let state = Mutex(State())
    /// What the journal was closed with.
    private let closed = Mutex<ExitCode?>(nil)

    /// - Parameters:
    ///   - isQuiet: whether a run in which all is well says nothing.
    ///   - write: where the report goes.
    init(
        _ process: ProcessState, isQuiet: Bool, voice: StandardError, clock: any FleetClock, write: @escaping @Sendable (String) -> Void
    ) {
        (self.process, self.isQuiet, self.voice, self.clock, self.write) = (process, isQuiet, voice, clock, write)
        began = clock.uptime
    }

    private var ledger: ChangeLedger { process.books.ledger }

    /// The script has ended, and what it has changed is about to be confirmed.
    func beginConfirming() {
        let open = ledger.changes.filter(\.isUnconfirmed)
        let isFirst = state.withLock { state in
            state.confirmingSince = state.confirmingSince ?? clock.uptime
            guard isTerminal, !isQuiet, !open.isEmpty, state.awaited == nil, !state.isReported else { return false }
            state.awaited = Set(open.map(Self.key))
            return true
        }
        if isFirst, let line = report(isConfirming: true).line { tell(line) }
    }

    func endConfirming() {
        state.withLock { state in
            if let since = state.confirmingSince { state.confirmedIn = clock.uptime - since }
            state.confirmingSince = nil
        }
    }

    /// The report, or what has become of what was open in the one before. Only the first call says anything.
    func tell() {
        let (isFirst, awaited) = state.withLock { state in
            defer { state.isReported = true }
            return (!state.isReported, state.awaited)
        }
        guard isFirst, let line = report(of: awaited, isConfirming: false).line else { return }
        if !isQuiet || ledger.hasOpenChanges { tell(line) }
    }

    private func tell(_ line: String) {
        let run = process.journal?.isEmpty == false ? "; run \(process.run.id)" : ""
        write(line + run)
    }

    private func report(of awaited: Set<String>? = nil, isConfirming: Bool) -> RunReport {
        let changes = ledger.changes.filter { awaited?.contains(Self.key($0)) ?? true }
        let waited = state.withLock { state in state.confirmingSince.map { clock.uptime - $0 } ?? state.confirmedIn }
        var report = RunReport(changes: changes, bill: ledger.bill, length: clock.uptime - began, waited: waited)
        report.isConfirming = isConfirming
        return report
    }

    private static func key(_ change: ChangeRecord) -> String { "\(change.verb) \(change.id)" }

    // MARK: the end

    /// Notes in the journal how the run has ended. Only the first call does; another one waits until that is done.
    ///
    /// - Returns: the code that was noted, which the process is to end with, and what could not be noted.
    func close(_ code: ExitCode) -> (code: ExitCode, problem: String?) {
        closed.withLock { closed in
            if let closed { return (closed, nil) }
            closed = code
            return (code, process.end(code))
        }
    }

    /// There is no time for anything else: reports and closes the journal, in a moment.
    ///
    /// - Returns: the code to end with.
    func lastWords(_ code: ExitCode) -> ExitCode {
        tell()
        let done = Outcome<ExitCode>()
        let isStarted = startThread { [self] in
            let end = close(code)
            if let problem = end.problem { voice.say(problem) }
            done.set(end.code)
        }
        return isStarted ? done.wait(for: Self.patience) ?? code : code
    }

    /// Whether a start is on its way that has to be taken back when its GPU is taken.
    var isWithdrawing: Bool { ledger.isWithdrawing }
}
