import FleetClock
import Logging
import LuaEngine
import Synchronization
import VastLua

/// Runs the script again in a fresh state on SIGHUP. When its main chunk has returned, the new state takes the place of
/// the old one, of which nothing is left then; when it fails or takes too long, the old one stays.
final class ScriptReload: Sendable {
    /// How long the main chunk of the new state may take.
    private static let patience = Duration.seconds(30)

    private struct State {
        var successor: Successor?
        var isUnderWay = false
        /// Another SIGHUP came meanwhile.
        var isWanted = false
        /// The strongest exit code of the states that have ended.
        var code = ExitCode.done
    }

    /// A state that waits for the one before it to end.
    private struct Successor {
        let predecessorEnded = Outcome<[String: JobMark]?>()
    }

    /// The exit code of the whole run, once its last state has ended.
    private let end = Outcome<ExitCode>()

    private let context: ScriptContext
    private let machineClock: any FleetClock
    private let state = Mutex(State())
    /// How to end the state that runs.
    private let current: Mutex<RunControl>

    /// - Parameter first: the state that runs now.
    init(_ context: ScriptContext, machineClock: any FleetClock, first: RunControl) {
        self.context = context
        self.machineClock = machineClock
        current = Mutex(first)
    }

    /// Begins to run the script again; from any thread.
    func begin() {
        guard case .file = context.invocation.source else {
            return context.logger.warning("SIGHUP: only a script in a file can be run again")
        }
        let isFree = state.withLock { state in
            if state.isUnderWay { state.isWanted = true }
            defer { state.isUnderWay = true }
            return !state.isUnderWay
        }
        guard isFree else { return }
        context.watcher.setReloading(true)
        context.logger.notice("SIGHUP: running the script again")
        context.notifier.send(.reloading)
        if !startThread({ [self] in run() }) { keepOld("there is no room for another thread") }
    }

    /// Whether another state waits for the one that runs to end.
    private var hasSuccessor: Bool { state.withLock { $0.successor != nil } }

    /// A state has ended: the next one goes on, or the run is over.
    ///
    /// - Parameters:
    ///   - code: that of the ended state.
    ///   - marks: what its jobs hand over; nil when the run was ended from outside.
    private func finish(_ code: ExitCode, marks: [String: JobMark]?) {
        let (successor, code) = state.withLock { state in
            state.code = .strongest(of: [state.code, code])
            defer { state.successor = nil }
            return (state.successor, state.code)
        }
        if let successor { successor.predecessorEnded.set(marks) } else { end.set(code) }
    }

    /// Waits for the end of the last state: the strongest exit code of all.
    func wait() -> ExitCode { end.wait() }

    // MARK: the new state, on its own thread

    private func run() {
        do {
            let script = try ScriptState(context, jobMode: .staged)
            context.watcher.stage(script.host.interrupter)
            defer { context.watcher.stage(nil) }
            if let failure = runMainChunk(script) {
                let text = script.runtime.errors.describe(failure)
                script.host.close()
                return keepOld(text)
            }
            takeOver(script)
        } catch {
            keepOld("\(error)")
        }
    }

    private func runMainChunk(_ script: ScriptState) -> LuaError? {
        let interrupter = script.host.interrupter
        let limit = Task { [machineClock] in
            try await machineClock.sleep(for: Self.patience)
            interrupter.interrupt(LuaInterrupt("its main chunk has not returned in 30 s"))
        }
        defer { limit.cancel() }
        return script.runMainChunk(isSuccessor: true)
    }

    private func keepOld(_ reason: String) {
        context.logger.error("the script could not be run again, and goes on as it was: \(reason)")
        context.notifier.send(.ready)
        ended()
    }

    private func ended() {
        let isWanted = state.withLock { state in
            state.isUnderWay = false
            defer { state.isWanted = false }
            return state.isWanted
        }
        context.watcher.setReloading(false)
        if isWanted { begin() }
    }

    private func takeOver(_ script: ScriptState) {
        let successor = Successor()
        state.withLock { $0.successor = successor }
        current.withLock { $0 }.end()
        guard let marks = successor.predecessorEnded.wait() else {
            script.host.close()
            return finish(.done, marks: nil)
        }
        context.watcher.attach(script.reach)
        current.withLock { $0 = script.control }
        script.runtime.serving.goLive(carrying: marks)
        context.logger.notice("the script runs anew")
        // Before the reload is over: a SIGHUP in between would find nothing that runs, and end the process.
        context.watcher.setServing(script.staysAlive)
        ended()
        finish(script, script.runJobs())
    }

    /// The jobs of a state have ended.
    func finish(_ script: ScriptState, _ failure: LuaError?) {
        let isHandedOver = hasSuccessor
        if !isHandedOver { context.notifier.send(.stopping) }
        let marks = context.watcher.cause == nil ? script.runtime.serving.jobMarks : nil
        finish(script.finish(failure, isHandedOver: isHandedOver), marks: marks)
    }
}
