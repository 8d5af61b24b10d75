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
    private var woken = false
    /// Whether it is worth taking the mutex.
    private let hasWord = Atomic(false)

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

    /// Tells that the work with this identifier has ended.
    func post(_ id: UInt64) {
        pthread_mutex_lock(mutex)
        finished.append(id)
        hasWord.store(true, ordering: .releasing)
        pthread_cond_signal(condition)
        pthread_mutex_unlock(mutex)
    }

    /// Makes the sleeper look around.
    func wake() {
        pthread_mutex_lock(mutex)
        woken = true
        pthread_cond_signal(condition)
        pthread_mutex_unlock(mutex)
    }

    /// What has ended since the last time; waits for the next message when `blocking` and there is none.
    func take(blocking: Bool) -> [UInt64] {
        if !blocking, !hasWord.load(ordering: .acquiring) { return [] }
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        hasWord.store(false, ordering: .relaxed)
        while blocking && finished.isEmpty && !woken {
            pthread_cond_wait(condition, mutex)
        }
        woken = false
        hasWord.store(false, ordering: .relaxed)
        if finished.isEmpty { return [] }
        defer { finished.removeAll(keepingCapacity: true) }
        return finished
    }
}
