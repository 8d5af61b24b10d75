import Synchronization

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Rings the alarms of ``SystemClock`` on a thread of its own.
///
/// It sleeps with time-outs that are lengths, never instants: whatever somebody does to the wall clock, and however it is
/// faked, neither shortens nor prolongs them.
final class AlarmThread: Sendable {
    static let shared = AlarmThread()

    /// Time-outs do not count suspension; after it this is the longest that an alarm may be late.
    private static let longestWait = Duration.seconds(30)

    private struct State {
        var sleepers = SleeperQueue()
        var nextID: UInt64 = 0
        /// What the thread sleeps until at the most; nil: it looks at the queue before it sleeps again.
        var sleepsUntil: Duration?
        /// The pipe that wakes the thread; nil before the first alarm.
        var pipe: (reading: Int32, writing: Int32)?
    }

    private let state = Mutex(State())

    /// Calls `body` on this thread once the uptime has reached `deadline`; it must be quick.
    ///
    /// - Returns: a number for ``cancel(_:)``.
    func add(_ deadline: Duration, _ body: @escaping @Sendable () -> Void) -> UInt64 {
        let (id, isEarlier) = state.withLock { state in
            if state.pipe == nil { state.pipe = start() }
            state.nextID += 1
            let sleeper = SleeperQueue.Sleeper(deadline: deadline, kind: .alarm, order: 0, operation: nil) { isCancelled in
                if !isCancelled { body() }
            }
            state.sleepers.insert(sleeper, id: state.nextID)
            return (state.nextID, state.sleepsUntil.map { deadline < $0 } ?? false)
        }
        if isEarlier { wake() }
        return id
    }

    /// - Returns: whether it has not rung, and will not.
    @discardableResult
    func cancel(_ id: UInt64) -> Bool { state.withLock { $0.sleepers.remove(id) != nil } }

    // MARK: the thread

    private func start() -> (Int32, Int32) {
        var ends: [Int32] = [-1, -1]
        precondition(pipe(&ends) == 0, "no pipe for the clock: too many files are open")
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        #if canImport(Glibc)
        var thread = pthread_t()
        #else
        var thread: pthread_t?
        #endif
        let context = Unmanaged.passRetained(AlarmLoop(thread: self, reading: ends[0])).toOpaque()
        // No signal of the program is handled here.
        var (all, before) = (sigset_t(), sigset_t())
        sigfillset(&all)
        pthread_sigmask(SIG_SETMASK, &all, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        let status = pthread_create(
            &thread, nil,
            { context in
                #if canImport(Glibc)
                let context = context.unsafelyUnwrapped
                #endif
                Unmanaged<AlarmLoop>.fromOpaque(context).takeRetainedValue().run()
                return nil
            }, context)
        precondition(status == 0, "no thread for the clock: too many threads run")
        return (ends[0], ends[1])
    }

    private func wake() {
        guard let pipe = state.withLock({ $0.pipe }) else { return }
        var byte: UInt8 = 1
        // A pipe that is full wakes as well.
        _ = write(pipe.writing, &byte, 1)
    }

    /// Rings what is due.
    ///
    /// - Returns: how long to sleep.
    fileprivate func ring() -> Duration {
        while true {
            let now = SystemClock().uptime
            let due = state.withLock { state -> SleeperQueue.Sleeper? in
                state.sleepsUntil = nil
                return state.sleepers.takeFirst(until: now)
            }
            if let due {
                due.wake(false)
                continue
            }
            return state.withLock { state in
                let next = min(state.sleepers.nextDeadline() ?? now + Self.longestWait, now + Self.longestWait)
                state.sleepsUntil = next
                return max(.zero, next - now)
            }
        }
    }
}

/// What the thread of ``AlarmThread`` does.
private final class AlarmLoop {
    private let thread: AlarmThread
    private let reading: Int32

    init(thread: AlarmThread, reading: Int32) {
        self.thread = thread
        self.reading = reading
    }

    func run() {
        var word = pollfd(fd: reading, events: Int16(POLLIN), revents: 0)
        var buffer = [UInt8](repeating: 0, count: 64)
        while true {
            let wait = thread.ring()
            guard wait > .zero else { continue }
            guard wait >= .milliseconds(1) else {
                // An alarm that is set meanwhile may be late by this.
                var time = timespec(tv_sec: 0, tv_nsec: Int(wait.seconds * 1e9))
                nanosleep(&time, nil)
                continue
            }
            if poll(&word, 1, Int32(wait.seconds * 1_000)) > 0 { while read(reading, &buffer, buffer.count) == buffer.count {} }
        }
    }
}
