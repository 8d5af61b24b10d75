#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif
internal import FleetClock

/// Typed reading of the fields that rules need. Units are those of the Vast API contract, section 4.
extension Instance {
    /// The user's text; empty when there is none.
    public var label: String { text("label") ?? "" }
    /// What the container does: `running`, `loading`, `exited`, …; nil while it is being provisioned.
    public var actualStatus: String? { text("actual_status") }
    /// What the user asked for.
    public var intendedStatus: String? { text("intended_status") }
    /// The state of the contract, that is of the hardware.
    public var curState: String? { text("cur_state") }
    public var nextState: String? { text("next_state") }
    /// The daemon's text, which may be stale.
    public var statusMessage: String? { text("status_msg") }
    /// Whether it is an interruptible rental.
    public var isInterruptible: Bool? { raw("is_bid")?.bool }

    public var gpuName: String? { text("gpu_name") }
    /// Nil as well when it is no count that a machine could have: such counts are added up.
    public var gpuCount: Int? { integer("num_gpus").flatMap { (0...1_000_000).contains($0) ? $0 : nil } }
    /// Percent, 0 to 100; delayed and sometimes wrong.
    public var gpuUtilization: Double? { number("gpu_util") }
    /// Degrees Celsius.
    public var gpuTemperature: Double? { number("gpu_temp") }
    public var cpuUtilization: Double? { number("cpu_util") }
    /// Gigabytes, nil when not measured.
    public var diskUsage: Double? { measured("disk_usage") }
    /// Gigabytes, nil when not measured.
    public var diskSpace: Double? { measured("disk_space") }
    /// A fraction, nil when not measured.
    public var diskUtilization: Double? { measured("disk_util") }

    public var machineID: Int? { integer("machine_id") }
    public var geolocation: String? { text("geolocation") }
    /// When the rental began; what lies outside of the years 1 to 9999 counts as the nearest date in them.
    public var startDate: Date? { number("start_date").map(Date.init(clampingUnixSeconds:)) }
    /// When the contract ends; bounded as ``startDate``.
    public var endDate: Date? { number("end_date").map(Date.init(clampingUnixSeconds:)) }

    /// The fields in which `-1` means "not measured".
    public static let measuredFields: Set<String> = ["disk_usage", "disk_space", "disk_util"]

    func text(_ name: String) -> String? { raw(name)?.string }
    func number(_ name: String) -> Double? { raw(name)?.double }
    func integer(_ name: String) -> Int? { raw(name)?.integral.flatMap(Int.init(exactly:)) }

    private func measured(_ name: String) -> Double? {
        number(name).flatMap { $0 < 0 ? nil : $0 }
    }
}
