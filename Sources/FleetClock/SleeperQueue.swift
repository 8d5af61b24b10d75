internal import HeapModule

/// Those who sleep on a virtual clock, in the order of their deadlines; at one instant in that of their numbers, then of
/// their coming.
struct SleeperQueue {
    /// How somebody is woken, and what the clock counts him as.
    struct Sleeper {
        enum Kind {
            /// Part of an operation that the clock knows of.
            case operation
            /// A Swift task that the clock does not know.
            case stranger
            /// A call.
            case alarm
        }

        let deadline: Duration
        let kind: Kind
        /// Of those of one instant the lowest is first.
        let order: UInt64
        /// What an operation's sleep belongs to.
        let operation: FleetOperation?
        let wake: @Sendable (_ isCancelled: Bool) -> Void
    }

    private struct Entry: Comparable {
        let deadline: Duration
        let order: UInt64
        let id: UInt64

        static func < (left: Entry, right: Entry) -> Bool {
            (left.deadline, left.order, left.id) < (right.deadline, right.order, right.id)
        }
    }

    private var sleepers: [UInt64: Sleeper] = [:]
    /// Entries of those who were cancelled stay until they come to the top, or are too many.
    private var heap = Heap<Entry>()
    private(set) var strangers = 0

    var count: Int { sleepers.count }

    mutating func insert(_ sleeper: Sleeper, id: UInt64) {
        if heap.count > 64, heap.count > 2 * sleepers.count { heap.removeAll { [sleepers] in sleepers[$0.id] == nil } }
        sleepers[id] = sleeper
        if sleeper.kind == .stranger { strangers += 1 }
        heap.insert(Entry(deadline: sleeper.deadline, order: sleeper.order, id: id))
    }

    mutating func remove(_ id: UInt64) -> Sleeper? {
        guard let sleeper = sleepers.removeValue(forKey: id) else { return nil }
        if sleeper.kind == .stranger { strangers -= 1 }
        return sleeper
    }

    /// The earliest deadline.
    mutating func nextDeadline() -> Duration? {
        while let first = heap.min, sleepers[first.id] == nil { heap.removeMin() }
        return heap.min?.deadline
    }

    /// Takes out the first whose deadline is not after `limit`.
    mutating func takeFirst(until limit: Duration) -> Sleeper? {
        guard let deadline = nextDeadline(), deadline <= limit else { return nil }
        return remove(heap.removeMin().id)
    }
}
