/// What a virtual clock waits for before it lets time pass.
public enum FleetWork: Sendable {
    /// A thread that computes, such as that of a Lua state: time stands still, whoever sleeps.
    case thread
    /// Asynchronous work. While it sleeps on the clock it does not count; nor while it waits for the answer of somebody
    /// else who sleeps on the same clock, such as a simulated service. Work that splits up counts as one, and as asleep as
    /// soon as one of its parts sleeps.
    case operation

    /// What the Swift task that runs now is part of; nil for one that no clock knows of. Such a one may sleep too: it is
    /// taken for somebody whose answer an operation waits for.
    @TaskLocal public static var current: FleetWork?

    /// Who comes first among operations that sleep until the same instant: the lower number. Without it chance would
    /// decide, as operations that begin together come to their sleeps in any order.
    @TaskLocal public static var order: UInt64 = 0
}

/// One piece of asynchronous work, so that of one with many parts more cannot sleep than is at work. What begins and ends
/// while it is the current one is counted as its.
package final class FleetOperation: Sendable {
    /// The one that the Swift task that runs now is part of.
    @TaskLocal package static var current: FleetOperation?

    /// Stands for none.
    static let none = FleetOperation()

    /// An operation of which nothing is at work yet.
    package init() {}
}

/// A call that will come once a clock has reached an instant.
public struct FleetAlarm: Sendable {
    private let onCancel: @Sendable () -> Void

    /// - Parameter onCancel: makes sure that the call does not come, unless it is under way already.
    public init(onCancel: @escaping @Sendable () -> Void) {
        self.onCancel = onCancel
    }

    /// Makes sure that the call does not come, unless it is under way already; may be called more than once.
    public func cancel() { onCancel() }
}
