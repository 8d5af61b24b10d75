#if canImport(FoundationEssentials)
package import FoundationEssentials
#else
package import Foundation
#endif
import VastJSON

/// The few things by which a generated instance differs from others; its row is made from them.
package struct InstanceSpecification: Sendable {
    /// The contract id; no two instances of a fleet have the same.
    package var id: Int64
    /// The user's text; nil when there is none.
    package var label: String?
    /// The model of its GPUs, from which its price is made.
    package var gpu = "RTX 4090"
    /// How many GPUs it has.
    package var gpus = 1
    /// What it reports of itself.
    package var workload = Workload(.training)
    /// Whether it is on at the beginning; otherwise it is stopped.
    package var isOn = true
    /// Whether it is an interruptible rental.
    package var isBid = false
    /// The price to beat of an interruptible one, dollars an hour for the whole instance; nil: something below its bid.
    package var floor: Double?
    /// A status other than running or stopped.
    package var status: Status?
    /// The machine that it is on; nil: one that its id decides on.
    package var machine: Int64?
    /// Gigabytes.
    package var disk = 100.0
    /// Seconds since the rental began.
    package var age = 864_000.0
    /// Seconds until the contract ends.
    package var endsIn = 7_624_000.0

    /// A running instance rented on demand, which trains on one RTX 4090.
    package init(id: Int64, label: String? = nil) {
        self.id = id
        self.label = label
    }

    /// The instance with its whole row, in the order of members in which the API sends them.
    package func instance(at now: Date, seed: UInt64) -> SimulatedInstance {
        let members = row(at: now, noise: Noise(seed: seed, instance: id))
        let row = RowTemplate(shape: Self.shape, values: members.map(\.1))
        let image = Self.image
        let made = SimulatedInstance(
            row: row, status: status ?? (isOn ? .running(image) : .stopped(image)), workload: workload, created: now, seed: seed,
            floor: floor)
        guard let made else { preconditionFailure("a generated row has an id") }
        return made
    }

    static let image = "vastai/pytorch:2.5.1-cuda-12.4.1"

    /// All generated rows have the same members.
    static let shape = RowShape(
        InstanceSpecification(id: 0).row(at: Date(timeIntervalSince1970: 0), noise: Noise(seed: 0, instance: 0)).map(\.0))
}
