#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif
import Synchronization

/// A clock that moves only when it is told to, or (``Mode/jumping``) straight to the next deadline whenever somebody
/// sleeps. Tests and backtests run on it.
public final class VirtualClock: FleetClock {
    public enum Mode: Sendable {
        /// Time stands still until ``VirtualClock/advance(by:)``.
        case manual
        /// A sleep moves the clock to the earliest deadline that anybody waits for.
        case jumping
    }

    private struct Sleeper {
        let deadline: Duration
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var uptime: Duration = .zero
        var nextID: UInt64 = 0
        var sleepers: [UInt64: Sleeper] = [:]
        var cancelledEarly: Set<UInt64> = []
        var watchers: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let start: Date
    private let mode: Mode
    private let state = Mutex(State())

    /// - Parameters:
    ///   - start: the date shown at the beginning.
    ///   - mode: what a sleep does to the clock.
    public init(start: Date = Date(timeIntervalSince1970: 1_795_000_000), mode: Mode = .manual) {
        self.start = start
        self.mode = mode
    }

    public var now: Date { start.addingTimeInterval(uptime.seconds) }

    public var uptime: Duration { state.withLock { $0.uptime } }

    /// How many sleeps are under way.
    public var sleeperCount: Int { state.withLock { $0.sleepers.count } }

    public func sleep(untilUptime deadline: Duration) async throws {
        try Task.checkCancellation()
        let id = state.withLock { state -> UInt64 in
            state.nextID += 1
            return state.nextID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                add(Sleeper(deadline: deadline, continuation: continuation), id: id)
            }
        } onCancel: {
            cancel(id)
        }
    }

    /// Moves the clock and wakes, in the order of their deadlines, all whose time has come.
    public func advance(by length: Duration) {
        wake(after: { $0.uptime += length })
    }

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

    private func add(_ sleeper: Sleeper, id: UInt64) {
        enum Outcome { case sleeping([CheckedContinuation<Void, Never>]), due, cancelled }
        let outcome = state.withLock { state -> Outcome in
            if state.cancelledEarly.remove(id) != nil { return .cancelled }
            if sleeper.deadline <= state.uptime { return .due }
            state.sleepers[id] = sleeper
            let count = state.sleepers.count
            let reached = state.watchers.filter { $0.count <= count }.map(\.continuation)
            state.watchers.removeAll { $0.count <= count }
            return .sleeping(reached)
        }
        switch outcome {
        case .sleeping(let watchers):
            for watcher in watchers { watcher.resume() }
            if mode == .jumping {
                Task {
                    await Task.yield()
                    jumpToEarliestDeadline()
                }
            }
        case .due: sleeper.continuation.resume()
        case .cancelled: sleeper.continuation.resume(throwing: CancellationError())
        }
    }

    private func cancel(_ id: UInt64) {
        let sleeper = state.withLock { state -> Sleeper? in
            if let sleeper = state.sleepers.removeValue(forKey: id) { return sleeper }
            state.cancelledEarly.insert(id)
            return nil
        }
        sleeper?.continuation.resume(throwing: CancellationError())
    }

    private func jumpToEarliestDeadline() {
        wake(after: { state in
            guard let earliest = state.sleepers.values.map(\.deadline).min() else { return }
            state.uptime = max(state.uptime, earliest)
        })
    }

    private func wake(after change: (inout State) -> Void) {
        let due = state.withLock { state -> [Sleeper] in
            change(&state)
            let ids = state.sleepers.filter { $0.value.deadline <= state.uptime }
                .sorted { ($0.value.deadline, $0.key) < ($1.value.deadline, $1.key) }.map(\.key)
            return ids.compactMap { state.sleepers.removeValue(forKey: $0) }
        }
        for sleeper in due { sleeper.continuation.resume() }
    }
}
