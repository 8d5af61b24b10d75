import FleetClock
import Synchronization

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Where other threads leave word for the thread of a state, which may sleep here.
///
/// A condition variable rather than an actor: the thread of a state blocks on purpose, and must not borrow one of
/// Swift's own threads for it.
///
/// Sendable although unchecked: everything it holds is reached only with the mutex held.
final class LuaMailbox: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var finished: [UInt64] = []
    /// The owner sleeps here, and the clock does not count it as being at work.
    private var isIdle = false
    /// What has ended waits until everybody else is done too.
    private var isDeliveryDue = false
    private let clock: any FleetClock
    /// Whether it is worth taking the mutex.
    private let hasWord = Atomic(false)

    /// On a clock other than the machine's, word of what ended is handed over when nobody else is at work, all of it
    /// together and in order: the same script then does the same every time.
    init(_ clock: any FleetClock) {
        self.clock = clock
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(condition, nil)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    /// Tells that the work with this identifier has ended.
    func post(_ id: UInt64) {
        let (isFirst, isPatient) = locked { () -> (Bool, Bool) in
            finished.append(id)
            if clock.isSystem {
                signal()
                return (false, false)
            }
            defer { isDeliveryDue = true }
            return (!isDeliveryDue, isIdle)
        }
        guard isFirst else { return }
        // An instant that has passed: it rings as soon as nobody is at work.
        _ = clock.alarm(atUptime: .zero) { [self] in deliver(onlyIfIdle: false) }
        if isPatient { deliverAfterMoment() }
    }

    /// Makes the sleeper look around.
    func wake() {
        locked { signal() }
    }

    /// Whether something has ended of which the owner, being at work, has not heard.
    var isHoldingBack: Bool { locked { isDeliveryDue } }

    /// What has ended since the last time; waits for the next message when `blocking` and there is none.
    func take(blocking: Bool) -> [UInt64] {
        if !blocking, !hasWord.load(ordering: .acquiring) { return [] }
        if blocking { becomeIdle() }
        return locked {
            while blocking && !hasWord.load(ordering: .relaxed) {
                pthread_cond_wait(condition, mutex)
            }
            hasWord.store(false, ordering: .relaxed)
            if finished.isEmpty || isDeliveryDue { return [] }
            defer { finished.removeAll(keepingCapacity: true) }
            return clock.isSystem ? finished : finished.sorted()
        }
    }

    /// Until the next word the owner is not at work. Whoever brings the word says that it is again, so that no clock can
    /// move in between.
    private func becomeIdle() {
        let (isSilent, isDue) = locked { () -> (Bool, Bool) in
            isIdle = !hasWord.load(ordering: .relaxed)
            return (isIdle, isDeliveryDue)
        }
        guard isSilent else { return }
        clock.endWork(.thread)
        if isDue { deliverAfterMoment() }
    }

    private func deliver(onlyIfIdle: Bool) {
        locked {
            guard isDeliveryDue, isIdle || !onlyIfIdle else { return }
            isDeliveryDue = false
            signal()
        }
    }

    /// For an operation that waits, without sleeping on the clock, for what comes of the word of another. Patient: one
    /// that computes, or whose processor is busy with something else, shall not be taken for such a one.
    private func deliverAfterMoment() {
        Task {
            for _ in 0..<100_000 {
                await Task.yield()
                if !isHoldingBack { return }
            }
            deliver(onlyIfIdle: true)
        }
    }

    private func signal() {
        hasWord.store(true, ordering: .releasing)
        if isIdle {
            isIdle = false
            clock.beginWork(.thread)
        }
        pthread_cond_signal(condition)
    }

    private func locked<Result>(_ body: () -> Result) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body()
    }
}
