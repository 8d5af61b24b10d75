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
    /// What makes time pass.
    public enum Mode: Sendable {
        /// Time stands still until ``VirtualClock/advance(by:)`` or ``VirtualClock/run(for:)``.
        case manual
        /// Time passes by itself, as fast as everybody is done.
        case jumping
    }

    struct State {
        var uptime: Duration = .zero
        /// How far the wall clock was set, all in all.
        var wallShift: Duration = .zero
        /// Where time stops; nil when it does not.
        var limit: Duration?
        var nextID: UInt64 = 0
        var sleepers = SleeperQueue()
        var cancelledEarly: Set<UInt64> = []
        var watchers: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
        var threadsAtWork = 0
        var operationsAtWork = 0
        /// What is at work, and asleep, of each operation.
        var shares: [ObjectIdentifier: Share] = [:]
        /// Somebody wakes sleepers already, and will look again.
        var isMoving = false
        /// A look after a moment is under way already.
        var isLookDue = false

        /// Whether nobody is at work who could still want to sleep.
        var isQuiet: Bool { threadsAtWork == 0 && operationsAtWork <= sleepers.strangers }
    }

    private let start: Date
    public let mayBeSet: Bool
    let state: Mutex<State>

    /// - Parameters:
    ///   - start: the date shown at the beginning.
    ///   - mode: when time passes.
    ///   - mayBeSet: whether ``setWallClock(by:)`` is used: who depends on the wall clock then looks for it from time to time.
    public init(start: Date = Date(timeIntervalSince1970: 1_795_000_000), mode: Mode = .manual, mayBeSet: Bool = false) {
        self.start = start
        self.mayBeSet = mayBeSet
        state = Mutex(State(limit: mode == .manual ? .zero : nil))
    }

    public var now: Date { start.addingTimeInterval(state.withLock { $0.uptime + $0.wallShift }.seconds) }

    /// Sets the wall clock forward, or back by a negative length, as somebody may do on a real machine; the uptime goes on.
    public func setWallClock(by length: Duration) { state.withLock { $0.wallShift += length } }

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
        count(work, 1)
    }

    public func endWork(_ work: FleetWork) {
        count(work, -1)
        move()
    }

    private func count(_ work: FleetWork, _ difference: Int) {
        let operation = FleetOperation.current
        state.withLock { state in
            switch work {
            case .thread: state.threadsAtWork += difference
            case .operation: state.change(operation) { $0.works += difference }
            }
        }
    }
}

extension VirtualClock.State {
    /// One operation: how much of it has begun and not ended, and how many of its parts sleep. However many parts sleep,
    /// they do not outweigh the work of others.
    struct Share {
        /// Held, so that no other can get its identity.
        let operation: FleetOperation
        var works = 0
        var sleeping = 0

        var atWork: Int { max(0, works - sleeping) }
    }

    /// Changes what is known of an operation, and the sum; what belongs to none is counted one by one.
    mutating func change(_ operation: FleetOperation?, _ body: (inout Share) -> Void) {
        guard let operation else {
            var alone = Share(operation: .none)
            body(&alone)
            operationsAtWork += alone.works - alone.sleeping
            return
        }
        var share = shares[ObjectIdentifier(operation)] ?? Share(operation: operation)
        operationsAtWork -= share.atWork
        body(&share)
        operationsAtWork += share.atWork
        shares[ObjectIdentifier(operation)] = share.works == 0 && share.sleeping == 0 ? nil : share
    }

    mutating func makeID() -> UInt64 {
        nextID += 1
        return nextID
    }
}
