/// Everything that can be chosen about a simulated service.
package struct SimulatorOptions: Sendable {
    /// From what everything random is drawn.
    package var seed: UInt64 = 1
    /// The keys that the service knows.
    package var keys = AccessKey.set(for: "simulator")
    /// How long the transitions take.
    package var timing = Timing()
    /// What the API contract leaves open.
    package var behaviour = Behaviour()
    /// How fast one may ask; off unless switched on.
    package var rateLimits = RateLimits()
    /// What goes wrong, and when; nothing by default.
    package var faults = FaultPlan()
    /// How often the instances report their utilisation.
    package var metricsInterval: Duration = .seconds(20)
    /// The largest page of a list.
    package var pageSize = 25
    /// How many requests the log keeps; the oldest are forgotten.
    package var logCapacity = 100_000
    /// Whether `/simulator/…` answers.
    package var hasControl = true

    /// A service without faults and rate limits, whose keys are `simulator` and those made from it.
    package init() {}
}
