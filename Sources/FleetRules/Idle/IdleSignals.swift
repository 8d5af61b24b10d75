/// What beside the GPU has to be quiet for an instance to count as idle; nil: not asked for. Every sample of the window
/// has to satisfy each that is asked for, and one that is not known makes the answer unknown.
package struct IdleSignals: Sendable, Equatable {
    /// In percent; values up to 1 are read as fractions, since the service does not say which it gives.
    package var cpuBelow: Double?
    /// In Mbit/s as the service reports it, the larger of up and down.
    package var networkBelow: Double?
    /// How much the disk in use may differ over the window, in GB.
    package var diskGrowthBelow: Double?
    /// In degrees Celsius.
    package var temperatureBelow: Double?

    /// Asks for nothing but the GPU.
    package init() {}

    private struct Gauge {
        let name: String
        let unit: String
        let limit: Double
        let value: (Sample) -> Double?
    }

    private var gauges: [Gauge] {
        [
            cpuBelow.map { Gauge(name: "CPU", unit: "%", limit: $0) { $0.cpuUtilization.map { $0 <= 1 ? $0 * 100 : $0 } } },
            networkBelow.map {
                Gauge(name: "network", unit: " Mbit/s", limit: $0) { sample in
                    sample.networkUp.flatMap { up in sample.networkDown.map { Swift.max(up, $0) } }
                }
            },
            temperatureBelow.map { Gauge(name: "GPU", unit: " C", limit: $0) { $0.gpuTemperature } }
        ].compactMap(\.self)
    }

    /// What shows work among the samples of the window.
    func busy(_ samples: some BidirectionalCollection<Sample>) -> (text: String, time: Double)? {
        for gauge in gauges {
            guard let sample = samples.last(where: { (gauge.value($0) ?? -.infinity) >= gauge.limit }) else { continue }
            return ("\(gauge.name) at \(Self.shown(gauge.value(sample)))\(gauge.unit)", sample.time)
        }
        guard let limit = diskGrowthBelow, let last = samples.last else { return nil }
        let used = samples.compactMap(\.diskUsage)
        guard let most = used.max(), let least = used.min(), most - least >= limit else { return nil }
        return ("the disk changed by \(Self.shown(most - least)) GB", last.time)
    }

    /// What is not known that was asked for.
    func unknown(_ samples: some BidirectionalCollection<Sample>) -> (text: String, time: Double)? {
        for gauge in gauges {
            let silent = samples.last { sample in gauge.value(sample).map { !$0.isFinite || $0 < 0 } ?? true }
            if let silent { return ("\(gauge.name) unknown", silent.time) }
        }
        guard diskGrowthBelow != nil, let silent = samples.last(where: { $0.diskUsage == nil }) else { return nil }
        return ("disk usage unknown", silent.time)
    }

    private static func shown(_ value: Double?) -> String {
        guard let value, value.isFinite, abs(value) < 1e9 else { return "?" }
        return "\((value * 10).rounded() / 10)"
    }
}
