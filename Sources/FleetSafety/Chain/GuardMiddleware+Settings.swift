package import FleetRules
package import FleetStore
package import VastAPI

extension GuardMiddleware {
    /// What the guard of one run or command judges by, besides the script's own limits.
    package struct Settings: Sendable {
        /// What holds over the script's own limits, with names for people.
        package var ceilings: [(name: String, limits: GuardLimits)] = []
        /// Where limits come from that stand in place of a script's own, with names for people.
        package var origins: [GuardLimit: String] = [:]
        /// What happens to a call that a limit stands against.
        package var mode = Mode.refuse
        /// How a refusal says what would allow it.
        package var place = GuardRefusal.Place.script
        /// Stops every change of every script; nil: there is no such file.
        package var freeze: FreezeFile?
        /// Whether the last reading of the fleet is believed; shared by everybody who reads for this run.
        package var sanity = SanityTracker()
        /// The changes of other runs of the account since an instant (Unix seconds).
        package var others: @Sendable (Double) async throws -> OtherRuns = { _ in OtherRuns() }

        /// When an instance was first seen on, of the last time that earlier readings had it on, in Unix seconds; nil: never.
        package var lastOn: @Sendable (InstanceID) async -> Double? = { _ in nil }
        /// What an instance was when it was read last by an earlier run, and since when, in Unix seconds; nil: it never was.
        package var lastState: @Sendable (InstanceID) async -> (state: InstanceState, began: Double)? = { _ in nil }

        /// No ceiling, no freeze file and no knowledge of other runs.
        package init() {}
    }
}
