/// What there is when a simulation begins.
package struct Fleet: Sendable {
    /// Something that is planned from the beginning.
    package struct Plan: Sendable {
        /// Seconds after the beginning.
        package var after: Double
        package var instance: Int64
        package var event: WorldEvent

        package init(after: Double, instance: Int64, event: WorldEvent) {
            self.after = after
            self.instance = instance
            self.event = event
        }
    }

    package var account: Account
    package var instances: [SimulatedInstance]
    /// Machines by id; one that is not named has just the GPUs of the instances on it.
    package var machines: [Int64: Machine]
    package var events: [Plan]

    package init(
        instances: [SimulatedInstance] = [], machines: [Int64: Machine] = [:], account: Account = Account(), events: [Plan] = []
    ) {
        self.instances = instances
        self.machines = machines
        self.account = account
        self.events = events
    }
}
