internal import HeapModule

/// Something that happens once the clock has reached an instant.
public final class LuaTimer {
    /// Nil once it is cancelled or has happened, so that it keeps nothing alive.
    private(set) var action: (() -> Void)?
    private let cancellations: LuaTimerCancellations
    /// Whether it will not happen any more.
    public private(set) var isCancelled = false

    init(_ cancellations: LuaTimerCancellations, _ action: @escaping () -> Void) {
        self.cancellations = cancellations
        self.action = action
    }

    /// The action will not be done, and what it holds is let go at once; does nothing when it was done or cancelled
    /// before.
    public func cancel() {
        guard !isCancelled else { return }
        isCancelled = true
        if action != nil { cancellations.count += 1 }
        action = nil
    }

    /// Hands the action over to be done.
    func takeAction() -> (() -> Void)? {
        defer { action = nil }
        return action
    }
}

/// How many timers were cancelled before they were due.
final class LuaTimerCancellations {
    var count = 0
}

/// Timers in the order of their deadlines; those of one instant in the order of their creation.
struct LuaTimerHeap {
    enum Target {
        /// Ends the wait `id` of the task.
        case task(LuaTask, id: UInt64)
        case timer(LuaTimer)
        /// Ends a wait that blocks the thread.
        case blocked(id: UInt64)
    }

    private struct Entry: Comparable {
        let deadline: Duration
        let sequence: UInt64
        let target: Target

        /// Whether nobody is interested any more.
        var isStale: Bool {
            switch target {
            case .task(let task, let id): task.waitID != id
            case .timer(let timer): timer.isCancelled
            case .blocked: false
            }
        }

        static func < (left: Entry, right: Entry) -> Bool { (left.deadline, left.sequence) < (right.deadline, right.sequence) }
        static func == (left: Entry, right: Entry) -> Bool { left.sequence == right.sequence }
    }

    /// Tells when it is worth looking for entries that nobody is interested in.
    let cancellations = LuaTimerCancellations()
    private var entries = Heap<Entry>()
    private var sequence: UInt64 = 0

    /// The earliest deadline, stale entries left out.
    mutating func nextDeadline() -> Duration? {
        while let first = entries.min, first.isStale { entries.removeMin() }
        return entries.min?.deadline
    }

    mutating func insert(_ target: Target, at deadline: Duration) {
        if cancellations.count > 64, cancellations.count * 2 > entries.count { removeStale() }
        sequence += 1
        entries.insert(Entry(deadline: deadline, sequence: sequence, target: target))
    }

    /// Takes out the earliest that is due.
    mutating func popDue(at now: Duration) -> Target? {
        guard let deadline = nextDeadline(), deadline <= now else { return nil }
        return entries.removeMin().target
    }

    mutating func removeAll() { entries = Heap() }

    private mutating func removeStale() {
        cancellations.count = 0
        entries.removeAll { $0.isStale }
    }
}
