internal import CLuaBridge

/// A task of a host: a function of a script that runs side by side with the others, each until it waits.
///
/// Belongs to the thread of its host. The results stay in it as long as somebody holds it.
public final class LuaTask {
    /// How far a task has come.
    public enum State {
        /// It can go on as soon as it is its turn.
        case ready
        case running
        case waiting
        /// It has returned; see ``LuaTask/results()``.
        case finished
        case failed(LuaError)
    }

    /// Counts the tasks of a host from 1.
    public let id: UInt64
    /// Shown in messages.
    public var name: String?
    public internal(set) var state = State.ready
    /// Whether somebody asked it to end: what it waits for is given up, and every later wait ends at once.
    public internal(set) var isCancelled = false
    /// Called on the thread of the host as soon as it has ended; it must not run Lua, but may spawn tasks.
    public var onEnd: ((LuaTask) -> Void)?

    let reference: LuaReference
    let thread: OpaquePointer
    var startArguments: Int32
    var resultCount: Int32 = 0
    var wait: LuaWait?
    /// Identifies the wait under way, so that word of an earlier one is not taken for it.
    var waitID: UInt64 = 0
    var cancelOperation: (@Sendable () -> Void)?
    var joiners: [LuaTask] = []
    /// An error of another task that was raised in this one, for its traceback.
    var crossed: LuaError?

    init(id: UInt64, reference: LuaReference, thread: OpaquePointer, startArguments: Int32) {
        self.id = id
        self.reference = reference
        self.thread = thread
        self.startArguments = startArguments
    }

    public var isEnded: Bool {
        switch state {
        case .finished, .failed: true
        default: false
        }
    }

    /// The error that it ended with.
    public var failure: LuaError? {
        if case .failed(let error) = state { error } else { nil }
    }

    func takeWait() -> LuaWait? {
        defer { wait = nil }
        return wait
    }
}
