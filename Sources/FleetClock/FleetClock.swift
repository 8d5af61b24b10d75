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

    /// Whether ``now`` may jump against ``uptime``, since somebody sets it.
    var mayBeSet: Bool { get }

    /// Whether this is the machine's own time. Where it is not, `os.time` and its like must ask this clock.
    var isSystem: Bool { get }

    /// Calls `body` once, as soon as ``uptime`` has reached `deadline`, on any thread, perhaps before this returns.
    func alarm(atUptime deadline: Duration, _ body: @escaping @Sendable () -> Void) -> FleetAlarm

    /// Somebody is at work from now on: a virtual clock stands still until ``endWork(_:)``. Other clocks do not care.
    func beginWork(_ work: FleetWork)

    /// See ``beginWork(_:)``.
    func endWork(_ work: FleetWork)
}

extension FleetClock {
    public var isSystem: Bool { false }

    public var mayBeSet: Bool { isSystem }

    public func alarm(atUptime deadline: Duration, _ body: @escaping @Sendable () -> Void) -> FleetAlarm {
        let task = Task {
            guard (try? await sleep(untilUptime: deadline)) != nil else { return }
            body()
        }
        return FleetAlarm { task.cancel() }
    }

    public func beginWork(_ work: FleetWork) {}

    public func endWork(_ work: FleetWork) {}

    /// Does `body` as work: a virtual clock stands still while it runs, and goes on while it sleeps on the clock.
    public func working<Result>(
        isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> Result
    ) async rethrows -> Result {
        if FleetWork.current != nil { return try await body() }
        return try await FleetWork.$current.withValue(.operation) {
            try await FleetOperation.$current.withValue(FleetOperation()) {
                beginWork(.operation)
                defer { endWork(.operation) }
                return try await body()
            }
        }
    }

    /// Work is about to split off a part, such as a task of a group: the part counts as at work too.
    package func beginPart() {
        if FleetWork.current == .operation { beginWork(.operation) }
    }

    /// A part has ended, or somebody waits for one to end and takes over its place: not counted from now on.
    package func endPart() {
        if FleetWork.current == .operation { endWork(.operation) }
    }

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
