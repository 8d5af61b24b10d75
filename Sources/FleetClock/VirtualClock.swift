#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif
import Synchronization

/// A clock that moves only when it is told to, or (``Mode/jumping``) by itself whenever everybody sleeps. Tests and
/// backtests run on it.
///
/// Time moves from deadline to deadline, and at one instant from sleeper to sleeper in the order of their coming; after
/// each the clock waits until whoever was woken sleeps again or has ended. It knows that exactly of those who tell it of
/// their work: Lua states and what they wait for, and whatever runs in ``FleetClock/working(isolation:_:)``. Other Swift
/// tasks are given a moment.
public final class VirtualClock: FleetClock {
    public enum Mode: Sendable {
        /// Time stands still until ``VirtualClock/advance(by:)`` or ``VirtualClock/run(for:)``.
        case manual
        /// Time passes by itself, as fast as everybody is done.
        case jumping
    }

    struct State {
        var uptime: Duration = .zero
        /// Where time stops; nil when it does not.
        var limit: Duration?
        var nextID: UInt64 = 0
        var sleepers = SleeperQueue()
        var cancelledEarly: Set<UInt64> = []
        var watchers: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
        var threadsAtWork = 0
        var operationsAtWork = 0
        /// How many parts of each operation sleep, where any does.
        var sleepingParts: [ObjectIdentifier: Int] = [:]
        /// Somebody wakes sleepers already, and will look again.
        var isMoving = false
        /// A look after a moment is under way already.
        var isLookDue = false

        /// Whether nobody is at work who could still want to sleep.
        var isQuiet: Bool { threadsAtWork == 0 && operationsAtWork <= sleepers.strangers }
    }

    private let start: Date
    let state: Mutex<State>

    /// - Parameters:
    ///   - start: the date shown at the beginning.
    ///   - mode: when time passes.
    public init(start: Date = Date(timeIntervalSince1970: 1_795_000_000), mode: Mode = .manual) {
        self.start = start
        state = Mutex(State(limit: mode == .manual ? .zero : nil))
    }

    public var now: Date { start.addingTimeInterval(uptime.seconds) }

    public var uptime: Duration { state.withLock { $0.uptime } }

    /// How many sleeps are under way.
    public var sleeperCount: Int { state.withLock { $0.sleepers.count } }

    /// Returns as soon as `count` or more sleeps are under way.
    public func untilSleepers(_ count: Int) async {
        await withCheckedContinuation { continuation in
            let reached = state.withLock { state -> Bool in
                if state.sleepers.count >= count { return true }
                state.watchers.append((count, continuation))
                return false
            }
            if reached { continuation.resume() }
        }
    }

    // MARK: work

    public func beginWork(_ work: FleetWork) {
        state.withLock { $0.count(work, 1) }
    }

    public func endWork(_ work: FleetWork) {
        state.withLock { $0.count(work, -1) }
        move()
    }
}

extension VirtualClock.State {
    mutating func count(_ work: FleetWork, _ difference: Int) {
        switch work {
        case .thread: threadsAtWork += difference
        case .operation: operationsAtWork += difference
        }
    }

    /// An operation counts as asleep from the first of its parts on that sleeps.
    mutating func partSleeps(of operation: FleetOperation?) {
        let others = operation.flatMap { sleepingParts[ObjectIdentifier($0)] } ?? 0
        if let operation { sleepingParts[ObjectIdentifier(operation)] = others + 1 }
        if others == 0 { operationsAtWork -= 1 }
    }

    /// And as at work when none sleeps any more.
    mutating func partWakes(of operation: FleetOperation?) {
        let sleeping = operation.flatMap { sleepingParts[ObjectIdentifier($0)] } ?? 1
        if let operation { sleepingParts[ObjectIdentifier(operation)] = sleeping > 1 ? sleeping - 1 : nil }
        if sleeping == 1 { operationsAtWork += 1 }
    }

    mutating func makeID() -> UInt64 {
        nextID += 1
        return nextID
    }
}
