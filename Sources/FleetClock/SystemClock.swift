#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif
internal import Synchronization

#if canImport(Glibc)
import Glibc
#endif

/// The machine's own clocks: `CLOCK_REALTIME` for ``now``, `CLOCK_BOOTTIME` for ``uptime``.
public struct SystemClock: FleetClock {
    /// All system clocks are the same one.
    public init() {}

    public var now: Date { Date() }

    public var isSystem: Bool { true }

    public var uptime: Duration {
        var time = timespec()
        #if canImport(Glibc)
        clock_gettime(CLOCK_BOOTTIME, &time)
        #else
        clock_gettime(CLOCK_MONOTONIC, &time)
        #endif
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }

    public func sleep(untilUptime deadline: Duration) async throws {
        try Task.checkCancellation()
        guard deadline > uptime else { return }
        let sleep = SystemSleep()
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { sleep.begin(until: deadline, $0) }
        } onCancel: {
            sleep.cancel()
        }
    }

    public func alarm(atUptime deadline: Duration, _ body: @escaping @Sendable () -> Void) -> FleetAlarm {
        let id = AlarmThread.shared.add(deadline, body)
        return FleetAlarm { AlarmThread.shared.cancel(id) }
    }
}

/// One sleep on the machine's clock.
private final class SystemSleep: Sendable {
    private enum State {
        case new
        case sleeping(CheckedContinuation<Void, any Error>, alarm: UInt64)
        case over
    }

    private let state = Mutex(State.new)

    func begin(until deadline: Duration, _ continuation: CheckedContinuation<Void, any Error>) {
        let isCancelled = state.withLock { state in
            if case .over = state { return true }
            // The alarm rings on another thread, which waits here until its number is known.
            state = .sleeping(continuation, alarm: AlarmThread.shared.add(deadline) { self.end() })
            return false
        }
        if isCancelled { continuation.resume(throwing: CancellationError()) }
    }

    private func end() { take()?.continuation.resume() }

    func cancel() {
        guard let (continuation, alarm) = take() else { return }
        AlarmThread.shared.cancel(alarm)
        continuation.resume(throwing: CancellationError())
    }

    /// Whoever comes first resumes the sleeper.
    private func take() -> (continuation: CheckedContinuation<Void, any Error>, alarm: UInt64)? {
        state.withLock { state in
            defer { state = .over }
            if case .sleeping(let continuation, let alarm) = state { return (continuation, alarm) }
            return nil
        }
    }
}
