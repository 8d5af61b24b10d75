package import VastModels

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

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
    /// Network speeds as the service gives them, in Mbit/s; it documents them as the line's measured speed, so they are
    /// no proof of traffic.
    package var networkUp: Double?
    /// The other direction, in Mbit/s as well.
    package var networkDown: Double?
    /// What is billed at the time, in $/h.
    package var rate: Double?
    /// How many GPUs the instance had.
    package var gpuCount: Int64?

    /// What is nil was not said by the service, which is not the same as zero.
    ///
    /// - Parameter time: when it was read, in Unix seconds.
    package init(
        time: Double, state: InstanceState, gpuUtilization: Double? = nil, gpuTemperature: Double? = nil,
        cpuUtilization: Double? = nil, memoryUsage: Double? = nil, diskUsage: Double? = nil,
        networkUp: Double? = nil, networkDown: Double? = nil, rate: Double? = nil, gpuCount: Int64? = nil
    ) {
        self.time = time
        self.state = state
        self.gpuUtilization = gpuUtilization
        self.gpuTemperature = gpuTemperature
        self.cpuUtilization = cpuUtilization
        self.memoryUsage = memoryUsage
        self.diskUsage = diskUsage
        self.networkUp = networkUp
        self.networkDown = networkDown
        self.rate = rate
        self.gpuCount = gpuCount
    }
}

extension Sample {
    /// What a row says. The unit of each field is that of the row (Vast API contract, section 4).
    package init(_ instance: Instance) {
        self.init(
            time: instance.observedAt.timeIntervalSince1970, state: instance.state,
            gpuUtilization: instance.gpuUtilization, gpuTemperature: instance.gpuTemperature,
            cpuUtilization: instance.cpuUtilization, memoryUsage: instance.raw("mem_usage")?.double,
            diskUsage: instance.diskUsage, networkUp: instance.raw("inet_up")?.double,
            networkDown: instance.raw("inet_down")?.double, rate: instance.rate?.rawValue,
            gpuCount: instance.gpuCount.map(Int64.init))
    }
}
