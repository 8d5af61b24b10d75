internal import CLuaBridge
import Synchronization

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Interrupts what a host runs, from any thread; not from a signal handler.
///
/// The script is ended wherever it is, its `pcall`s notwithstanding, and the run throws `LuaError` of kind
/// `interrupted`. Only C code that never returns to Lua, such as one `string.find` on a hostile pattern, cannot be reached.
public final class LuaInterrupter: Sendable {
    /// The state, while it exists.
    ///
    /// Sendable although unchecked: C guards what other threads do with it, and the mutex its life.
    private struct Target: @unchecked Sendable {
        var handle: OpaquePointer?
        var reason: LuaInterrupt?
    }

    private let target: Mutex<Target>
    private let mailbox: LuaMailbox

    init(_ handle: OpaquePointer, _ mailbox: LuaMailbox) {
        target = Mutex(Target(handle: handle))
        self.mailbox = mailbox
    }

    /// Why the host is interrupted; nil when it is not.
    public var reason: LuaInterrupt? { target.withLock { $0.reason } }

    /// Interrupts the run under way, or the next one. The first reason stays until ``LuaHost/clearInterrupt()``.
    ///
    /// - Parameters:
    ///   - reason: what the run's error says.
    ///   - grace: how long the script may take to unwind; on the machine's clock, as a script in a loop has no other.
    ///   - unanswered: called on a thread of its own when it takes longer; usually it prints a line and ends the process.
    public func interrupt(
        _ reason: LuaInterrupt, grace: Duration = .seconds(2), unanswered: (@Sendable () -> Void)? = nil
    ) {
        target.withLock { target in
            if target.reason == nil { target.reason = reason }
            if let handle = target.handle { vl_interrupt(handle) }
        }
        mailbox.wake()
        LuaWatchdog(self, grace: grace, unanswered: unanswered).start()
    }

    /// From a binding, on the thread of the state.
    func interruptHere(_ reason: LuaInterrupt) {
        target.withLock { target in
            if target.reason == nil { target.reason = reason }
            if let handle = target.handle { vl_interrupt_here(handle) }
        }
    }

    func clear() {
        target.withLock { target in
            target.reason = nil
            if let handle = target.handle { vl_clear_interrupt(handle) }
        }
    }

    func disconnect() {
        target.withLock { $0.handle = nil }
    }

    /// Signals again; tells whether the run is still under way.
    func insist() -> Bool {
        let isRunning = target.withLock { target in
            guard let handle = target.handle, target.reason != nil, vl_host_entered(handle) else { return false }
            vl_interrupt(handle)
            return true
        }
        if isRunning { mailbox.wake() }
        return isRunning
    }
}

/// Repeats an interrupt until it is answered, and calls for help when it is not.
private final class LuaWatchdog {
    private static let step = Duration.milliseconds(10)
    private let interrupter: LuaInterrupter
    private let grace: Duration
    private let unanswered: (@Sendable () -> Void)?

    init(_ interrupter: LuaInterrupter, grace: Duration, unanswered: (@Sendable () -> Void)?) {
        self.interrupter = interrupter
        self.grace = grace
        self.unanswered = unanswered
    }

    /// Watches on a thread of its own, which ends by itself.
    func start() {
        let retained = Unmanaged.passRetained(self)
        var thread = pthread_t()
        let status = pthread_create(
            &thread, nil,
            { context in
                Unmanaged<LuaWatchdog>.fromOpaque(context.unsafelyUnwrapped).takeRetainedValue().watch()
                return nil
            }, retained.toOpaque())
        if status == 0 { pthread_detach(thread) } else { retained.release() }
    }

    private func watch() {
        var waited = Duration.zero
        while interrupter.insist() {
            if waited >= grace {
                unanswered?()
                return
            }
            usleep(10_000)
            waited += Self.step
        }
    }
}

extension LuaHost {
    /// Makes the state usable after an interrupt was answered. Until then nothing runs in it, and nothing can be built.
    public func clearInterrupt() {
        guard !isClosed else { return }
        interrupter.clear()
    }

    /// Lets an interrupt reach the functions of `string` that search, which otherwise go on to their end. They are ours then,
    /// with the same results; for a prompt, before anything runs.
    ///
    /// - Throws: `LuaError` of kind `memory`.
    public func installInterruptiblePatterns() throws {
        try checkUsable()
        guard vl_host_interruptible_patterns(handle) == LUA_OK else { throw LuaError.memory }
    }

    /// Makes `os.exit` end the run like an interrupt, so that the embedder can put things in order: the run throws
    /// `LuaError` of kind `interrupted` with ``LuaInterrupt/exit(_:)``, which no `pcall` catches.
    ///
    /// - Throws: `LuaError` of kind `memory`.
    public func installExit() throws {
        try setFunction("exit", in: "os") { call in
            let code: Int32
            switch call.argument(1).boolean {
            case true?: code = 0
            case false?: code = 1
            default: code = Int32(truncatingIfNeeded: try call.optionalInteger(1, "code") ?? 0)
            }
            call.host.interrupter.interruptHere(.exit(code))
            return .values
        }
    }
}
