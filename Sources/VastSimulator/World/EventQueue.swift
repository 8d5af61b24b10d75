#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Something that happens to an instance by itself or from outside, as opposed to a request of its owner.
package enum WorldEvent: Sendable, Equatable {
    /// The contract is stopped; the container is about to end.
    case contractStopped
    /// The container has ended and the GPUs are free.
    case containerStopped
    /// The container begins to load.
    case loading
    /// The container begins to load after priority has returned, and runs after so many seconds.
    case loadsAgain(seconds: Double)
    /// The container runs.
    case running
    /// A queued start is carried out.
    case queuedStartFires
    /// A queued start is forgotten.
    case queuedStartReverts
    /// Somebody bids more; an interruptible instance is stopped without any request.
    case outbid
    /// The bid wins again.
    case bidWins
    /// The price to beat becomes so many dollars an hour, for the whole instance.
    case floor(Double)
    /// The row's `min_bid` shows the own bid of that number.
    case echoes(Double, number: UInt64)
    /// A bid that does not win stops its instance, unless priority has changed since that turn.
    case losesPriority(turn: UInt64)
    /// A bid that wins again starts its instance, unless priority has changed since that turn.
    case regainsPriority(turn: UInt64)
    /// The container of an instance that lost priority has ended.
    case parkedContainerEnds(loss: UInt64)
    /// The machine is lost; the word is `offline` or `unknown`.
    case hostLost(String)
    /// The machine is back.
    case hostBack
    /// The container ends by itself while the contract goes on, and is billed.
    case containerEnds
    /// The image cannot be started.
    case bootFails
    /// The status flickers to `loading` while the workload serves.
    case flickers
    /// The instance is frozen.
    case freezes
    /// The instance is thawed.
    case thaws
    /// The contract has come to its end.
    case contractEnds
    /// The rental ends, and another one of the same kind begins with the next free id, for as many days.
    case turnsOver(days: Double)
    /// The row leaves the list.
    case deleted
    /// Another renter takes so many of the machine's GPUs.
    case gpusTaken(Int)
    /// Another renter gives so many GPUs back.
    case gpusFreed(Int)
}

/// Events in the order of their time; those of one time in the order in which they were planned.
struct EventQueue: Sendable {
    struct Entry: Sendable {
        let at: Date
        let instance: Int64
        /// The course of the instance that this belongs to; nil when it happens whatever was done since.
        let course: UInt64?
        let event: WorldEvent
    }

    private var entries: [Entry] = []

    /// The earliest time at which something happens.
    var next: Date? { entries.last?.at }

    /// Adds one after all those of the same time.
    mutating func add(_ entry: Entry) {
        // Kept latest first, so that taking the earliest is cheap.
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].at > entry.at { low = middle + 1 } else { high = middle }
        }
        entries.insert(entry, at: low)
    }

    /// Takes the earliest one out if its time is not after `limit`.
    mutating func take(until limit: Date) -> Entry? {
        guard let last = entries.last, last.at <= limit else { return nil }
        return entries.removeLast()
    }
}
