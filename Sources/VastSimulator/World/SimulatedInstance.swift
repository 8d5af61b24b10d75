#if canImport(FoundationEssentials)
package import FoundationEssentials
#else
package import Foundation
#endif
import FleetClock
import VastJSON

/// One rented instance in the simulated world.
package struct SimulatedInstance: Sendable {
    /// The contract id.
    package let id: Int64
    /// Members that do not change.
    var row: RowTemplate
    /// The user's text; nil when there is none.
    package internal(set) var label: String?
    /// What it does now.
    package internal(set) var status: Status
    /// What it reports of itself.
    package internal(set) var workload: Workload
    /// The machine that it is on.
    package let machine: Int64
    /// How many GPUs of that machine it needs.
    package let gpus: Int
    /// Whether it is an interruptible rental.
    package let isBid: Bool
    /// Its bid and the price to beat; nil for what is rented on demand.
    package internal(set) var market: Market?
    /// The contract's end; nil when it has none.
    package internal(set) var endDate: Date?
    /// Dollars an hour for the GPUs while they are billed.
    package internal(set) var gpuRate: Double
    /// Dollars an hour for the disk.
    package let diskRate: Double
    /// Allocated gigabytes.
    let diskSpace: Double
    private let diskBase: Double
    private let created: Date

    /// Whether a start or a reboot is under way, so that `exited` does not mean that the container has ended.
    var isStarting = false
    /// Whether a refused start waits for the GPUs.
    package internal(set) var isQueued = false
    /// Whether the container has run at least once.
    var hasBooted: Bool
    /// Whether the contract has ended, after which it cannot be started.
    package internal(set) var hasEnded = false
    /// Whether it holds its GPUs now.
    var holdsGPUs = false
    /// What it was before its host was lost or frozen.
    var interrupted: Status?
    /// Counts the changes of course; an event that was planned before the latest one is void.
    var course: UInt64 = 0
    /// When the world last changed this instance.
    var revision: UInt64 = 0

    /// - Parameters:
    ///   - row: all members of its row, in the API's own form.
    ///   - status: its status now.
    ///   - created: when the simulation of it begins.
    ///   - seed: from what the floor is drawn if none is given.
    ///   - floor: the price to beat of an interruptible rental, dollars an hour for the whole instance.
    /// - Returns: nil when the row has no id.
    init?(row: RowTemplate, status: Status, workload: Workload, created: Date, seed: UInt64 = 1, floor: Double? = nil) {
        guard let id = row["id"]?.wholeNumber else { return nil }
        self.id = id
        self.row = row
        self.status = status
        self.workload = workload
        self.created = created
        label = row.text("label")
        machine = row["machine_id"]?.wholeNumber ?? id
        gpus = Int(min(max(0, row["num_gpus"]?.wholeNumber ?? 1), Self.mostGPUs))
        isBid = row["is_bid"]?.truth ?? false
        endDate = row.number("end_date").map { Date(clampingUnixSeconds: $0) }
        gpuRate = Self.bounded(row.number("dph_base") ?? row.number("dph_total"))
        diskRate = Self.bounded(row.number("storage_total_cost"))
        diskSpace = Self.bounded(row.number("disk_space"))
        diskBase = row.number("disk_usage").map(Self.bounded) ?? -1
        if let actual = status.actual, ["offline", "unknown", "frozen"].contains(actual) {
            interrupted = status
            interrupted?.actual = status.current == "running" ? "running" : "exited"
            if status.intended == "frozen" { interrupted?.intended = "running" }
        }
        if isBid {
            let share = Noise(seed: seed, instance: id).value(in: 0.5...0.85, 0, 60)
            market = Market(bid: gpuRate, floor: floor ?? gpuRate * share)
            market?.isParked = status.intended == "running" && status.current == "stopped"
        }
        hasBooted = status.actual != nil && status.actual != "loading" && status.actual != "created"
    }

    /// More than any machine has; sums of such numbers are exact.
    private static let mostGPUs: Int64 = 1_000_000

    /// A number of a saved row as the world can reckon with it; zero for none.
    private static func bounded(_ number: Double?) -> Double { number.map { min(max($0, -1e12), 1e12) } ?? 0 }

    /// The bid of an interruptible rental, dollars an hour for the whole instance.
    package var bid: Double? { market?.bid }

    /// Whether its bid is high enough to run; what is rented on demand has no bid to lose.
    package var bidWins: Bool { market?.wins ?? true }

    /// Whether the contract runs and nobody has asked for its end.
    var isOn: Bool { status.current == "running" && status.intended != "stopped" }

    /// Whether the GPUs are billed now (API contract, status model).
    package var billsGPU: Bool {
        switch status.actual {
        case "running", "frozen": true
        case "exited": status.current == "running" && !isStarting
        default: false
        }
    }

    /// Whether the disk is billed now: always, but for a machine that is lost.
    package var billsDisk: Bool { status.actual != "offline" && status.actual != "unknown" }

    /// Dollars an hour now.
    package var rate: Double { (billsGPU ? gpuRate : 0) + (billsDisk ? diskRate : 0) }

    /// Gigabytes used: it fills slowly while something works, up to nine tenths of the disk.
    func diskUsed(at now: Date) -> Double {
        let start = diskBase >= 0 ? diskBase : diskSpace * 0.1
        guard workload.kind == .training else { return start.rounded(digits: 2) }
        let grown = start + max(0, now.timeIntervalSince(created)) / 3600 * 0.05
        return min(grown, max(start, diskSpace * 0.9)).rounded(digits: 2)
    }
}
