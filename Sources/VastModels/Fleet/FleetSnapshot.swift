#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// The instances of an account as they were at one moment, without duplicates, sorted by id.
public struct FleetSnapshot: Sendable {
    /// Sorted by id, each once.
    public let instances: [Instance]
    /// When reading began.
    public let observedAt: Date
    /// How many instances the service says there are.
    public let total: Int?
    /// How many instances carry each label; unlabelled ones are under the empty string.
    public let labelCounts: [String: Int]
    /// Whether every row that matches was read, so that absence means something.
    public let isComplete: Bool
    /// Whether the service was asked for a part only.
    public let isFiltered: Bool
    /// Whether rows are shown as if changes had been made that are only planned.
    package var isPlanned = false
    /// The instances of which the service sent rows that contradict each other; see ``Instance/believed(or:)``.
    package var contradicted: [InstanceID] = []
    /// The rows that name no instance of their own, each in few words: they have no usable id, or one that came before in a list
    /// that counts both. There are so many instances more, and the reading is not complete.
    package var unreadable: [String] = []

    /// - Parameters:
    ///   - instances: sorted by id, each once: ``subscript(_:)`` relies on it.
    ///   - observedAt: when reading began.
    ///   - total: how many instances the service says there are; nil when it does not.
    public init(
        instances: [Instance], observedAt: Date, total: Int? = nil, labelCounts: [String: Int] = [:],
        isComplete: Bool, isFiltered: Bool
    ) {
        self.instances = instances
        self.observedAt = observedAt
        self.total = total
        self.labelCounts = labelCounts
        self.isComplete = isComplete
        self.isFiltered = isFiltered
    }

    /// The reading of one instance by itself, which tells nothing of others.
    package static func one(_ instance: Instance) -> FleetSnapshot {
        FleetSnapshot(instances: [instance], observedAt: instance.observedAt, isComplete: false, isFiltered: true)
    }

    /// The same reading with other rows.
    package func with(_ instances: [Instance]) -> FleetSnapshot {
        var copy = FleetSnapshot(
            instances: instances, observedAt: observedAt, total: total, labelCounts: labelCounts, isComplete: isComplete,
            isFiltered: isFiltered)
        copy.isPlanned = isPlanned
        (copy.contradicted, copy.unreadable) = (contradicted, unreadable)
        return copy
    }

    /// Whether this tells who is gone and how large the fleet is.
    public var isAuthoritative: Bool { isComplete && !isFiltered }

    /// Whether every row was read, and some of them name no instance of their own: what is done about the others does not depend on them,
    /// as long as nothing is counted.
    package var lacksOnlyUnreadable: Bool {
        !isFiltered && !unreadable.isEmpty && (total.map { $0 == instances.count + unreadable.count } ?? true)
    }

    /// The instance of that id, nil when it is not in the snapshot.
    public subscript(id: InstanceID) -> Instance? {
        var low = 0
        var high = instances.count
        while low < high {
            let middle = (low + high) / 2
            if instances[middle].id < id { low = middle + 1 } else { high = middle }
        }
        return low < instances.count && instances[low].id == id ? instances[low] : nil
    }
}
