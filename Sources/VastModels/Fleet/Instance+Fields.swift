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
    /// What the container does: `running`, `loading`, `exited`, …; nil while it is being provisioned. As the other words of
    /// its status, in small letters.
    public var actualStatus: String? { statusWord("actual_status") }
    /// What the user asked for.
    public var intendedStatus: String? { statusWord("intended_status") }
    /// The state of the contract, that is of the hardware.
    public var curState: String? { statusWord("cur_state") }
    /// The state that the contract is on its way to (Vast API contract, section 4).
    public var nextState: String? { statusWord("next_state") }
    /// The daemon's text, which may be stale.
    public var statusMessage: String? { text("status_msg") }
    /// Whether it is an interruptible rental.
    public var isInterruptible: Bool? { raw("is_bid")?.bool }

    /// The service's name of the model, such as `RTX 4090`.
    public var gpuName: String? { text("gpu_name") }
    /// Nil as well when it is no count that a machine could have: such counts are added up.
    public var gpuCount: Int? { integer("num_gpus").flatMap { Self.isPossible(Double($0), "num_gpus") ? $0 : nil } }
    /// Percent, 0 to 100; delayed and sometimes wrong. Nil when it is below zero or above, which says nothing.
    public var gpuUtilization: Double? { measured("gpu_util") }
    /// Degrees Celsius.
    public var gpuTemperature: Double? { measured("gpu_temp") }
    /// Documented as a fraction, which nobody has verified: it may be a percentage (Vast API contract, section 4).
    public var cpuUtilization: Double? { number("cpu_util") }
    /// Gigabytes, nil when not measured.
    public var diskUsage: Double? { measured("disk_usage") }
    /// Gigabytes, nil when not measured.
    public var diskSpace: Double? { measured("disk_space") }
    /// A fraction, nil when not measured.
    public var diskUtilization: Double? { measured("disk_util") }

    /// The machine that it is on; several instances may be on one.
    public var machineID: Int? { integer("machine_id") }
    /// Where the machine stands, in the service's words, such as `Poland, PL`.
    public var geolocation: String? { text("geolocation") }
    /// When the rental began; nil when the number can be no such time: milliseconds, or a day and more in the future.
    public var startDate: Date? {
        time("start_date", from: 1e9).flatMap { $0 > observedAt.addingTimeInterval(86_400) ? nil : $0 }
    }
    /// When the contract ends; nil when the number can be no such time, as zero and milliseconds can not.
    public var endDate: Date? { time("end_date", from: .leastNonzeroMagnitude) }

    /// Unix seconds of the years from 2001 to 2286 have ten digits.
    private func time(_ name: String, from first: Double) -> Date? {
        number(name).flatMap { (first..<1e10).contains($0) ? Date(timeIntervalSince1970: $0) : nil }
    }

    /// The fields in which `-1` means "not measured".
    public static let measuredFields: Set<String> = ["disk_usage", "disk_space", "disk_util", "gpu_util"]

    /// Between which ends the numbers of some fields lie: beyond them is what nobody has and nothing measures.
    private static let possible: [String: ClosedRange<Double>] = [
        "gpu_util": 0...101, "gpu_temp": -100...1_000, "num_gpus": 0...1_000_000, "end_date": .leastNonzeroMagnitude...1e10
    ]

    /// Whether a number can be the value of a field: what can be none is not known.
    package static func isPossible(_ number: Double, _ name: String) -> Bool {
        (number >= 0 || !measuredFields.contains(name)) && possible[name]?.contains(number) ?? true
    }

    private func statusWord(_ name: String) -> String? {
        raw(name).flatMap { $0.isNull ? nil : StatusWords.word($0) }
    }

    func text(_ name: String) -> String? { raw(name)?.string }
    func number(_ name: String) -> Double? { raw(name)?.double }
    func integer(_ name: String) -> Int? { raw(name)?.integral.flatMap(Int.init(exactly:)) }

    private func measured(_ name: String) -> Double? {
        number(name).flatMap { Self.isPossible($0, name) ? $0 : nil }
    }
}
