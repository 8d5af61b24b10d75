/// What there is when a simulation begins.
package struct Fleet: Sendable {
    /// Something that is planned from the beginning.
    package struct Plan: Sendable {
        /// Seconds after the beginning.
        package var after: Double
        /// The id of the instance that it happens to.
        package var instance: Int64
        /// What happens.
        package var event: WorldEvent

        /// - Parameter after: seconds after the beginning.
        package init(after: Double, instance: Int64, event: WorldEvent) {
            self.after = after
            self.instance = instance
            self.event = event
        }
    }

    /// The account that pays.
    package var account: Account
    /// The instances that there are at the beginning.
    package var instances: [SimulatedInstance]
    /// Machines by id; one that is not named has just the GPUs of the instances on it.
    package var machines: [Int64: Machine]
    /// What is planned to happen, in any order.
    package var events: [Plan]

    /// - Parameter machines: by id; one that is not named has just the GPUs of the instances on it.
    package init(
        instances: [SimulatedInstance] = [], machines: [Int64: Machine] = [:], account: Account = Account(), events: [Plan] = []
    ) {
        self.instances = instances
        self.machines = machines
        self.account = account
        self.events = events
    }
}
