internal import CLuaBridge

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

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
    /// The error that it ended with.
    public private(set) var failure: LuaError?
    /// Whether somebody asked it to end: what it waits for is given up, and every later wait ends at once.
    public internal(set) var isCancelled: Bool {
        get { record.pointee.is_cancelled }
        set { record.pointee.is_cancelled = newValue }
    }
    /// Called on the thread of the host as soon as it has ended; it must not run Lua, but may spawn tasks.
    public var onEnd: ((LuaTask) -> Void)?
    /// Called on the thread of the host when somebody asks it to end; it may cancel other tasks.
    public var onCancel: (() -> Void)?

    let reference: LuaReference
    let record: UnsafeMutablePointer<vl_task>
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
        record = .allocate(capacity: 1)
        record.initialize(to: vl_task())
        record.pointee.thread = thread
        record.pointee.start_arguments = startArguments
        record.pointee.object = Unmanaged.passUnretained(self).toOpaque()
    }

    deinit {
        free(UnsafeMutablePointer(mutating: record.pointee.place))
        record.deallocate()
    }

    /// Errors of a task that is a function of Swift by itself name this place.
    func setPlace(_ place: LuaPosition?) {
        free(UnsafeMutablePointer(mutating: record.pointee.place))
        record.pointee.place = place.flatMap { UnsafePointer(strdup("\($0): ")) }
    }

    static func from(_ record: UnsafeMutablePointer<vl_task>) -> LuaTask {
        Unmanaged<LuaTask>.fromOpaque(record.pointee.object).takeUnretainedValue()
    }

    var thread: OpaquePointer { record.pointee.thread }
    var resultCount: Int32 { record.pointee.result_count }
    var hasStarted: Bool { record.pointee.start_arguments == VL_STARTED }

    /// How far it has come.
    public var state: State {
        switch Int(record.pointee.phase) {
        case VL_READY: .ready
        case VL_RUNNING: .running
        case VL_WAITING: .waiting
        default: failure.map(State.failed) ?? .finished
        }
    }

    /// Whether it has returned, failed or been cancelled: it will not run again.
    public var isEnded: Bool { Int(record.pointee.phase) == VL_ENDED }
    var isRunning: Bool { Int(record.pointee.phase) == VL_RUNNING }
    var isWaiting: Bool { Int(record.pointee.phase) == VL_WAITING }

    /// It has returned, or failed with the error given.
    func noteEnd(_ error: LuaError?) {
        failure = error
        wait = nil
        waitID = 0
        record.pointee.phase = UInt8(VL_ENDED)
    }

    func takeWait() -> LuaWait? {
        defer { wait = nil }
        return wait
    }
}
