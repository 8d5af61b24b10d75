package import FleetRules
internal import VastJSON
package import VastModels

extension RecordedReading {
    /// What samples of one moment say of their instances. They have no labels, and nobody knows whether they are all.
    ///
    /// - Parameter samples: each instance once.
    package init(time: Double, samples: [(id: InstanceID, sample: Sample)]) {
        self.init(
            time: time, isComplete: false,
            rows: samples.sorted { $0.id < $1.id }.map { Self.row($0.id, $0.sample) })
    }

    private static func row(_ id: InstanceID, _ sample: Sample) -> JSONObject {
        var row: JSONObject = ["id": .integer(id.rawValue)]
        for (name, value) in sample.state.statusFields { row[name] = value }
        let measured = [
            ("gpu_util", sample.gpuUtilization), ("gpu_temp", sample.gpuTemperature), ("cpu_util", sample.cpuUtilization),
            ("mem_usage", sample.memoryUsage), ("disk_usage", sample.diskUsage), ("inet_up", sample.networkUp),
            ("inet_down", sample.networkDown)
        ]
        for (name, value) in measured { row[name] = value.map { .double($0) } }
        row["num_gpus"] = sample.gpuCount.map { .integer($0) }
        guard let rate = sample.rate else { return row }
        row["instance"] = .object(["totalHour": .double(rate)])
        if sample.state.isOn, sample.state != .starting { row["dph_total"] = .double(rate) }
        if sample.state == .stopped { row["storage_total_cost"] = .double(rate) }
        return row
    }
}
