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
    /// A binary heap; entries of those who were cancelled stay until they come to the top, or are too many.
    private var heap: [Entry] = []
    private(set) var strangers = 0

    var count: Int { sleepers.count }

    mutating func insert(_ sleeper: Sleeper, id: UInt64) {
        if heap.count > 64, heap.count > 2 * sleepers.count { rebuild() }
        sleepers[id] = sleeper
        if sleeper.kind == .stranger { strangers += 1 }
        heap.append(Entry(deadline: sleeper.deadline, order: sleeper.order, id: id))
        var child = heap.count - 1
        while child > 0, heap[child] < heap[(child - 1) / 2] {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    mutating func remove(_ id: UInt64) -> Sleeper? {
        guard let sleeper = sleepers.removeValue(forKey: id) else { return nil }
        if sleeper.kind == .stranger { strangers -= 1 }
        return sleeper
    }

    /// The earliest deadline.
    mutating func nextDeadline() -> Duration? {
        while let first = heap.first, sleepers[first.id] == nil { removeFirst() }
        return heap.first?.deadline
    }

    /// Takes out the first whose deadline is not after `limit`.
    mutating func takeFirst(until limit: Duration) -> Sleeper? {
        guard let deadline = nextDeadline(), deadline <= limit else { return nil }
        return remove(removeFirst().id)
    }

    private mutating func rebuild() {
        // A sorted array is a heap.
        heap = heap.filter { sleepers[$0.id] != nil }.sorted()
    }

    @discardableResult
    private mutating func removeFirst() -> Entry {
        let first = heap[0]
        let last = heap.removeLast()
        guard !heap.isEmpty else { return first }
        heap[0] = last
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && heap[child] < heap[least] {
                least = child
            }
            if least == parent { return first }
            heap.swapAt(parent, least)
            parent = least
        }
    }
}
