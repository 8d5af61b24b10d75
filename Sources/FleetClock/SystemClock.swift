#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif
#if canImport(Glibc)
import Glibc
#endif

/// The machine's own clocks: `CLOCK_REALTIME` for ``now``, `CLOCK_BOOTTIME` for ``uptime``.
public struct SystemClock: FleetClock {
    /// The system's timers count nanoseconds in 64 bits; a longer sleep takes several.
    private static let longestSleep = Duration.seconds(86_400 * 365)

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
        // A sleep may end early by a hair, and does not count suspension everywhere: look again until it is due.
        while true {
            try Task.checkCancellation()
            let left = deadline - uptime
            if left <= .zero { return }
            try await Task.sleep(for: min(left, Self.longestSleep), tolerance: .zero, clock: .continuous)
        }
    }
}
