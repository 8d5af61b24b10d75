#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A thread of its own that runs the jobs of one actor.
///
/// Swift's own threads must never block; the thread of a Lua state does so on purpose, and needs a large stack.
public final class LuaThread: SerialExecutor {
    private let queue = LuaJobQueue()

    /// - Parameter stackSize: in bytes; Lua's limit of nested C calls is made for 8 MB and less.
    public init(stackSize: Int = 16 << 20) {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        pthread_attr_setstacksize(&attributes, stackSize)
        pthread_attr_setdetachstate(&attributes, CInt(PTHREAD_CREATE_DETACHED))
        var thread = pthread_t()
        let retained = Unmanaged.passRetained(queue)
        let status = pthread_create(
            &thread, &attributes,
            { context in
                Unmanaged<LuaJobQueue>.fromOpaque(context.unsafelyUnwrapped).takeRetainedValue().run()
                return nil
            }, retained.toOpaque())
        pthread_attr_destroy(&attributes)
        precondition(status == 0, "no thread for Lua can be made: \(String(cString: strerror(status)))")
    }

    deinit {
        queue.stop()
    }

    /// Runs the job on this thread, after what was asked for before.
    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let executor = asUnownedSerialExecutor()
        queue.add { job.runSynchronously(on: executor) }
    }

    /// Stops the program when it is called on another thread.
    public func checkIsolated() {
        precondition(queue.isCurrent, "not on the thread of this Lua state")
    }

    /// Runs `body` there, after what was asked for before.
    func async(_ body: @escaping @Sendable () -> Void) {
        queue.add(body)
    }
}

/// The jobs that wait for a ``LuaThread``.
///
/// Sendable although unchecked: what it holds is reached only with the mutex held; `thread` is set before the first job.
private final class LuaJobQueue: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var jobs: [@Sendable () -> Void] = []
    private var isStopped = false
    private var thread: pthread_t?

    init() {
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(condition, nil)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    var isCurrent: Bool {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return thread.map { pthread_equal($0, pthread_self()) != 0 } ?? false
    }

    func add(_ job: @escaping @Sendable () -> Void) {
        pthread_mutex_lock(mutex)
        jobs.append(job)
        pthread_cond_signal(condition)
        pthread_mutex_unlock(mutex)
    }

    /// Ends the thread once nothing is left to do.
    func stop() {
        pthread_mutex_lock(mutex)
        isStopped = true
        pthread_cond_signal(condition)
        pthread_mutex_unlock(mutex)
    }

    func run() {
        pthread_mutex_lock(mutex)
        thread = pthread_self()
        pthread_mutex_unlock(mutex)
        while let jobs = next() {
            for job in jobs { job() }
        }
    }

    private func next() -> [@Sendable () -> Void]? {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while jobs.isEmpty {
            if isStopped { return nil }
            pthread_cond_wait(condition, mutex)
        }
        defer { jobs = [] }
        return jobs
    }
}
