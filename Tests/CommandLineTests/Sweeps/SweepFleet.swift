import Foundation
import VastAPI
import VastSimulator

/// The instances of a sweep, by what is done with them.
enum SweepFleet {
    /// That many ids, from the first on.
    static func ids(_ first: Int64, _ count: Int) -> [InstanceID] { (0..<Int64(count)).map { InstanceID(first + $0) } }

    /// - Parameters:
    ///   - on: are on.
    ///   - off: are stopped, and their GPUs are free.
    ///   - taken: are stopped, and their GPUs are somebody else's.
    ///   - waiting: the same, and a start of them is queued already.
    ///   - outbid: interruptible ones that somebody has outbid.
    static func make(
        on: [InstanceID] = [], off: [InstanceID] = [], taken: [InstanceID] = [], waiting: [InstanceID] = [], outbid: [InstanceID] = []
    ) -> Fleet {
        let now = Date()
        var fleet = Fleet()
        func add(_ id: InstanceID, _ change: (inout InstanceSpecification) -> Void) {
            var specification = InstanceSpecification(id: id.rawValue)
            specification.machine = id.rawValue
            change(&specification)
            fleet.instances.append(specification.instance(at: now, seed: 1))
        }
        let wanted = Status(actual: "exited", intended: "running", current: "stopped", next: "running", message: "success")
        for id in on { add(id) { $0.isOn = true } }
        for id in off + taken { add(id) { $0.isOn = false } }
        for id in waiting { add(id) { $0.status = wanted } }
        for id in outbid { add(id) { ($0.status, $0.isBid) = (wanted, true) } }
        for id in taken + waiting + outbid { fleet.machines[id.rawValue] = Machine(gpus: 1, takenByOthers: 1) }
        return fleet
    }
}
