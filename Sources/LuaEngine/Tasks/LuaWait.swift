internal import CLuaBridge
import FleetClock
import Synchronization

/// A wait that a binding asks for, and how the binding goes on afterwards.
///
/// It is cooperative where Lua can yield; elsewhere it blocks the thread of the state.
public final class LuaWait {
    /// Starts work that calls the closure given when it has ended, and gives back how to cancel it.
    typealias Start = (@escaping @Sendable () -> Void) -> @Sendable () -> Void

    enum Reason {
        /// Until the clock's uptime has reached it.
        case deadline(Duration)
        /// Until the work has ended.
        case operation(Start)
        /// Until the task has ended.
        case task(LuaTask)
    }

    let reason: Reason
    /// Nil when nothing has to happen afterwards.
    let next: LuaContinuation?
    /// Set when the wait ends early.
    var failure: (any Error)?

    init(_ reason: Reason, next: LuaContinuation?) {
        self.reason = reason
        self.next = next
    }
}

/// Carries a result from a Swift task to the thread of the state.
final class LuaResultCell<Value: Sendable>: Sendable {
    private let result = Mutex<Result<Value, any Error>?>(nil)

    func set(_ value: Result<Value, any Error>) { result.withLock { $0 = value } }

    /// The result, or a cancellation when the work was given up.
    func take() -> Result<Value, any Error> { result.withLock { $0 } ?? .failure(CancellationError()) }
}

extension LuaCall {
    /// Waits for `length`, then returns nothing.
    ///
    /// Ends early with `CancellationError` when the task is cancelled. Zero lets the other tasks run once.
    public func sleep(_ length: Duration) -> LuaOutcome {
        // No clock is read for a mere yield: zero is in every clock's past.
        sleep(untilUptime: length > .zero ? host.clock.uptime + length : .zero)
    }

    /// Waits until the clock's uptime has reached `deadline`, then does `body`, or returns nothing.
    public func sleep(untilUptime deadline: Duration, then body: LuaBinding? = nil) -> LuaOutcome {
        guard let body else {
            raw.pointee.deadline = vl_instant(deadline)
            return .sleep
        }
        return .wait(LuaWait(.deadline(deadline), next: LuaContinuation(self, body)))
    }

    /// Runs `operation` on Swift's own threads, and continues with its result.
    ///
    /// The operation is cancelled when the script's task is, or the run is interrupted.
    /// - Parameters:
    ///   - operation: the work; it must not touch Lua.
    ///   - body: the rest of the binding, with the result.
    public func wait<Value: Sendable>(
        for operation: @escaping @Sendable () async throws -> Value,
        thenResult body: @escaping (borrowing LuaCall, Result<Value, any Error>) throws -> LuaOutcome
    ) -> LuaOutcome {
        let cell = LuaResultCell<Value>()
        let next = LuaContinuation(self) { call in try body(call, cell.take()) }
        let reason = LuaWait.Reason.operation { post in
            let task = Task {
                do {
                    cell.set(.success(try await operation()))
                } catch {
                    cell.set(.failure(error))
                }
                post()
            }
            return { task.cancel() }
        }
        return .wait(LuaWait(reason, next: next))
    }

    /// The same for a result that is there; an error of the operation is thrown on to the script.
    public func wait<Value: Sendable>(
        for operation: @escaping @Sendable () async throws -> Value,
        then body: @escaping (borrowing LuaCall, Value) throws -> LuaOutcome
    ) -> LuaOutcome {
        wait(for: operation, thenResult: { call, result in try body(call, try result.get()) })
    }

    /// Waits for a task to end, and continues; look at ``LuaTask/state`` or use ``returnResults(of:)``.
    ///
    /// - Throws: `LuaConflict` when that can never happen, because the task waits for this one.
    public func join(_ task: LuaTask, then body: @escaping LuaBinding) -> LuaOutcome {
        .wait(LuaWait(.task(task), next: LuaContinuation(self, body)))
    }
}

/// A wait that can never end, or an action that another one under way forbids.
public struct LuaConflict: Error, CustomStringConvertible {
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
