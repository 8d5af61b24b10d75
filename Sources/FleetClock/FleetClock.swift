#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// Where everything in this package takes its time from.
///
/// Nothing below the executable reads a clock or sleeps by itself, so the same code runs live, in a test on
/// virtual time, and against a simulator whose clock runs fast.
public protocol FleetClock: Sendable {
    /// The wall clock. It may jump when somebody sets it; use it for dates, never for lengths.
    var now: Date { get }

    /// Time since an arbitrary origin, which never jumps and counts the time the machine was suspended.
    var uptime: Duration { get }

    /// Waits until ``uptime`` has reached `deadline`; returns at once when it already has.
    ///
    /// - Throws: `CancellationError` as soon as the current task is cancelled.
    func sleep(untilUptime deadline: Duration) async throws
}

extension FleetClock {
    /// Waits for `length`; see ``sleep(untilUptime:)``.
    public func sleep(for length: Duration) async throws {
        try await sleep(untilUptime: uptime + length)
    }

    /// The wall clock as Unix seconds.
    public var unixTime: Double { now.timeIntervalSince1970 }
}

extension Duration {
    /// The length in seconds, as a floating-point number.
    public var seconds: Double {
        let (whole, attoseconds) = components
        return Double(whole) + Double(attoseconds) * 1e-18
    }
}
