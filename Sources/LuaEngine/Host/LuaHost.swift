internal import CLuaBridge
public import FleetClock

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A Lua 5.4 state with its tasks, confined to the thread that made it.
///
/// Only ``interrupter`` may be used from other threads. A command-line program uses a host directly on its main thread;
/// ``LuaService`` gives one a thread of its own.
public final class LuaHost {
    /// How a state is set up.
    public struct Options: Sendable {
        /// The most that Lua may hold, in bytes.
        public var memoryLimit: Int
        /// Whether `LUA_PATH` and `LUA_CPATH` are ignored, as by `lua -E`.
        public var ignoresEnvironment: Bool
        /// Whether `warn` starts switched on, as by `lua -W`.
        public var showsWarnings: Bool

        /// - Parameters:
        ///   - memoryLimit: the most that Lua may hold, in bytes.
        ///   - ignoresEnvironment: whether `LUA_PATH` and `LUA_CPATH` are ignored, as by `lua -E`.
        ///   - showsWarnings: whether `warn` starts switched on, as by `lua -W`.
        public init(memoryLimit: Int = .max, ignoresEnvironment: Bool = false, showsWarnings: Bool = false) {
            self.memoryLimit = memoryLimit
            self.ignoresEnvironment = ignoresEnvironment
            self.showsWarnings = showsWarnings
        }
    }

    let handle: OpaquePointer
    let owner = pthread_self()
    let releases = LuaReleases()
    let mailbox: LuaMailbox
    var identities: [UnsafeRawPointer: LuaTypeIdentity] = [:]
    private var boxes: [LuaBindingBox] = []
    /// How many functions have been given one of the bridge's own, which is faster to call and never given back.
    private var slotCount = 0
    private(set) var isClosed = false
    let scheduler = LuaScheduler()
    /// The clock's uptime when the state was made.
    let startUptime: Duration
    /// How many values ``withBuilt(_:_:)`` has just pushed.
    var builtCount: Int32 = 0

    /// Where times come from.
    public let clock: any FleetClock
    /// Reaches a script that runs, from any thread.
    public let interrupter: LuaInterrupter
    /// Turns what bindings throw into a value of Lua. `LuaError` is not asked for.
    public var describeError: (any Error) -> LuaThrown = { .message("\($0)") }
    /// Takes what `warn` says while warnings are on, as a whole line: `Lua warning: …`. Without it standard error does.
    package var onWarning: ((String) -> Void)?
    /// What the functions of the state work with: it lives until ``close()``.
    package var subject: AnyObject?

    /// Makes a state with all standard libraries.
    ///
    /// - Throws: `LuaError` of kind `memory` when the limit is too small even for that.
    public init(clock: any FleetClock, options: Options = Options()) throws {
        self.clock = clock
        startUptime = clock.uptime
        mailbox = LuaMailbox(clock)
        let callbacks = vl_callbacks(
            binding: { LuaHost.dispatch($0.unsafelyUnwrapped, $1.unsafelyUnwrapped) },
            resume: { LuaHost.resume($0.unsafelyUnwrapped) },
            block: { LuaHost.block($0.unsafelyUnwrapped) },
            time: { LuaHost.time($0.unsafelyUnwrapped) },
            release: { Unmanaged<AnyObject>.fromOpaque($0.unsafelyUnwrapped).release() },
            warning: { LuaHost.warn($0.unsafelyUnwrapped, $1.unsafelyUnwrapped, $2) })
        guard let handle = vl_host_create(nil, callbacks, options.memoryLimit) else { throw LuaError.memory }
        self.handle = handle
        interrupter = LuaInterrupter(handle, mailbox)
        vl_host_set_context(handle, Unmanaged.passUnretained(self).toOpaque())
        vl_host_warnings(handle, options.showsWarnings)
        var message = [CChar](repeating: 0, count: 256)
        guard vl_host_open(handle, options.ignoresEnvironment, &message, message.count) == LUA_OK else {
            close()
            throw LuaError.memory
        }
        try followClock()
    }

    deinit {
        close()
        vl_host_free(handle)
    }

    /// Runs the remaining finalisers and frees everything; the host is of no use afterwards.
    public func close() {
        guard !isClosed else { return }
        isClosed = true
        dropTasks(LuaError.closed)
        interrupter.disconnect()
        vl_host_close(handle)
        freeReleasedHandles()
        _ = releases.take()
        boxes.removeAll()
        subject = nil
    }

    /// - Throws: `LuaError` of kind `invalidState` after ``close()``.
    func checkUsable() throws {
        precondition(pthread_equal(owner, pthread_self()) != 0, "a LuaHost belongs to the thread that made it")
        if isClosed { throw LuaError.closed }
    }

    static func from(_ handle: OpaquePointer) -> LuaHost {
        Unmanaged<LuaHost>.fromOpaque(vl_host_context(handle)).takeUnretainedValue()
    }

    /// The declared name of a function of Swift; nil for every other value.
    public func bindingName(of view: LuaView) -> String? {
        guard view.kind == .function, let pointer = vl_box_of(view.state, view.index) else { return nil }
        return Unmanaged<LuaBindingBox>.fromOpaque(pointer).takeUnretainedValue().name
    }

    func keep(_ box: LuaBindingBox) -> UnsafeMutableRawPointer {
        boxes.append(box)
        return Unmanaged.passUnretained(box).toOpaque()
    }

    /// Whether the next function is one of the first, which live as long as the state.
    func takesSlot() -> Bool {
        guard slotCount < VL_SLOTS else { return false }
        slotCount += 1
        return true
    }

    func reference(slot: Int32, kind: LuaKind) -> LuaReference {
        releases.created()
        return LuaReference(slot: slot, kind: kind, releases: releases)
    }

    // MARK: safe points

    /// Gives back what Swift and Lua no longer hold of each other. Only where no value is half-way between them.
    func drain() {
        for slot in releases.take() { vl_unref(handle, slot) }
        freeReleasedHandles()
    }

    private func freeReleasedHandles() {
        var next = vl_take_released(handle)
        while let current = next {
            next = current.pointee.next
            if let object = current.pointee.object { Unmanaged<AnyObject>.fromOpaque(object).release() }
            vl_handle_free(handle, current)
        }
    }
}
