#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// A clock that runs a number of times as fast as the one it is made from, so that a demonstration of an hour
/// takes seconds.
public struct ScaledClock: FleetClock {
    private let base: any FleetClock
    private let factor: Double
    private let startDate: Date
    private let startUptime: Duration

    /// - Parameters:
    ///   - base: the clock that this one is derived from; both agree at the moment of creation.
    ///   - factor: how many seconds pass here in one second there; above zero.
    ///   - start: the date that this clock shows at its creation; the base's when nil.
    public init(_ base: any FleetClock, factor: Double, start: Date? = nil) {
        precondition(factor > 0, "a clock cannot stand still or run backwards")
        self.base = base
        self.factor = factor
        self.startDate = start ?? base.now
        self.startUptime = base.uptime
    }

    private var elapsed: Duration { (base.uptime - startUptime) * factor }

    public var now: Date { startDate.addingTimeInterval(elapsed.seconds) }

    public var uptime: Duration { startUptime + elapsed }

    public func sleep(untilUptime deadline: Duration) async throws {
        try await base.sleep(untilUptime: inBase(deadline))
    }

    public func alarm(atUptime deadline: Duration, _ body: @escaping @Sendable () -> Void) -> FleetAlarm {
        base.alarm(atUptime: inBase(deadline), body)
    }

    public func beginWork(_ work: FleetWork) { base.beginWork(work) }

    public func endWork(_ work: FleetWork) { base.endWork(work) }

    private func inBase(_ instant: Duration) -> Duration { startUptime + (instant - startUptime) / factor }
}
