public import FleetClock
import Synchronization

/// A Lua state on a thread of its own, for programs that are asynchronous themselves.
public actor LuaService {
    private let thread: LuaThread
    private let owned: OwnedHost
    private let connection = Mutex<LuaInterrupter?>(nil)

    /// The thread of the state: whatever is isolated to this actor runs there.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// Interrupts what runs; nil once closed.
    public nonisolated var interrupter: LuaInterrupter? { connection.withLock { $0 } }

    private init(thread: LuaThread) {
        self.thread = thread
        owned = OwnedHost(thread)
    }

    /// Makes a state on a new thread.
    ///
    /// - Parameter setUp: runs on that thread, and registers what scripts shall see.
    /// - Throws: what `setUp` throws; `LuaError` of kind `memory`.
    public static func open(
        clock: any FleetClock, options: LuaHost.Options = LuaHost.Options(),
        setUp: @Sendable (LuaHost) throws -> Void = { _ in }
    ) async throws -> LuaService {
        let service = LuaService(thread: LuaThread())
        try await service.start(clock, options, setUp)
        return service
    }

    private func start(
        _ clock: any FleetClock, _ options: LuaHost.Options, _ setUp: @Sendable (LuaHost) throws -> Void
    ) throws {
        let host = try LuaHost(clock: clock, options: options)
        try setUp(host)
        owned.host = host
        connection.withLock { $0 = host.interrupter }
    }

    /// Runs `body` on the thread of the state, which may block there as long as it likes.
    ///
    /// - Throws: what `body` throws; `LuaError` of kind `invalidState` once closed.
    public func perform<Result: Sendable>(_ body: @Sendable (LuaHost) throws -> Result) throws -> Result {
        guard let host = owned.host else { throw LuaError.closed }
        return try body(host)
    }

    /// Runs the last finalisers and frees the state.
    public func close() {
        connection.withLock { $0 = nil }
        owned.host?.close()
        owned.host = nil
    }
}

/// The state of a service; dropped on its own thread, wherever the service is.
///
/// Sendable although unchecked: `host` is touched on that thread only, and by `deinit`, when nobody else can.
private final class OwnedHost: @unchecked Sendable {
    private let thread: LuaThread
    var host: LuaHost?

    init(_ thread: LuaThread) {
        self.thread = thread
    }

    deinit {
        guard let host else { return }
        let last = LastReference(host: Unmanaged.passRetained(host))
        thread.async { last.host.release() }
    }

    /// Sendable although unchecked: the one reference moves to the thread of the state.
    private struct LastReference: @unchecked Sendable {
        let host: Unmanaged<LuaHost>
    }
}
