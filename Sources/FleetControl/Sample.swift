package import VastAPI

/// What one reading of the fleet said about one instance.
package struct Sample: Sendable, Equatable {
    /// When it was read, in Unix seconds.
    package var time: Double
    /// The one-word state.
    package var state: InstanceState
    /// GPU utilisation in percent; nil when the service did not say.
    package var gpuUtilization: Double?
    /// GPU temperature in degrees Celsius.
    package var gpuTemperature: Double?
    /// CPU utilisation as the service gives it; whether that is a fraction or a percentage is not documented.
    package var cpuUtilization: Double?
    /// Memory in use, in the service's unit.
    package var memoryUsage: Double?
    /// Disk in use, in GB.
    package var diskUsage: Double?
    /// What is billed at the time, in $/h.
    package var rate: Double?
    /// How many GPUs the instance had.
    package var gpuCount: Int64?

    package init(
        time: Double, state: InstanceState, gpuUtilization: Double? = nil, gpuTemperature: Double? = nil,
        cpuUtilization: Double? = nil, memoryUsage: Double? = nil, diskUsage: Double? = nil, rate: Double? = nil,
        gpuCount: Int64? = nil
    ) {
        self.time = time
        self.state = state
        self.gpuUtilization = gpuUtilization
        self.gpuTemperature = gpuTemperature
        self.cpuUtilization = cpuUtilization
        self.memoryUsage = memoryUsage
        self.diskUsage = diskUsage
        self.rate = rate
        self.gpuCount = gpuCount
    }
}
