package import FleetRules
internal import SQLite
internal import VastModels

/// How a ``Sample`` is kept: whole numbers, so that a row takes 40 bytes.
enum SampleCode {
    /// What a unit of a column is worth in the unit of the sample.
    private enum Step {
        static let percent = 0.01
        static let degree = 0.1
        static let load = 0.001
        static let gigabyte = 0.01
        static let megabit = 0.1
        static let dollar = 0.0001
    }

    /// The columns after `at` and `series`, in the order of ``values(of:)``.
    static let columns = "state, gpu_util, gpu_temp, cpu_util, mem, disk, net_up, net_down, rate, gpus"

    static func values(of sample: Sample) -> StatementArguments {
        [
            number(of: sample.state), whole(sample.gpuUtilization, Step.percent), whole(sample.gpuTemperature, Step.degree),
            whole(sample.cpuUtilization, Step.load), whole(sample.memoryUsage, Step.gigabyte),
            whole(sample.diskUsage, Step.gigabyte), whole(sample.networkUp, Step.megabit),
            whole(sample.networkDown, Step.megabit), whole(sample.rate, Step.dollar), sample.gpuCount
        ]
    }

    /// The sample of a row.
    ///
    /// - Parameter first: the index of the column `state`; the others follow.
    static func sample(_ row: Statement, at time: Int64, from first: Int32) -> Sample {
        func value(_ offset: Int32, _ step: Double) -> Double? {
            row.integer(first + offset).map { (Double($0) * step * 1e6).rounded() / 1e6 }
        }
        return Sample(
            time: Double(time), state: state(of: row.integer(first) ?? 0), gpuUtilization: value(1, Step.percent),
            gpuTemperature: value(2, Step.degree), cpuUtilization: value(3, Step.load), memoryUsage: value(4, Step.gigabyte),
            diskUsage: value(5, Step.gigabyte), networkUp: value(6, Step.megabit), networkDown: value(7, Step.megabit),
            rate: value(8, Step.dollar), gpuCount: row.integer(first + 9))
    }

    /// What lies beyond every measure is unknown. What is more than nothing never becomes nothing.
    private static func whole(_ value: Double?, _ step: Double) -> Int64? {
        guard let value, value.isFinite, abs(value) < 1e12 else { return nil }
        let rounded = Int64((value / step).rounded())
        return rounded == 0 && value != 0 ? (value > 0 ? 1 : -1) : rounded
    }

    /// The numbers are on disk: they never change.
    private static let states: [InstanceState] = [
        .unknown, .running, .starting, .dead, .stopping, .stopped, .queued, .outbid, .frozen, .offline, .failed
    ]

    static func number(of state: InstanceState) -> Int64 { Int64(states.firstIndex(of: state) ?? 0) }

    static func state(of number: Int64) -> InstanceState {
        states.indices.contains(Int(truncatingIfNeeded: number)) ? states[Int(number)] : .unknown
    }
}
