internal import FleetClock
#if canImport(FoundationEssentials)
package import FoundationEssentials
#else
package import Foundation
#endif
package import VastSimulator

/// A fleet drawn from a seed, with what rules trip over: labels with brackets and letters of all kinds, taken GPUs,
/// interruptible rentals, and every state.
package struct RandomFleet {
    package static let firstID: Int64 = 50_000_001

    /// Labels that are all of what may follow a name.
    package static let labels: [String?] = [
        nil, nil, "", "train-a", "dev-anna", "keep-weights", "jobs [keep]", "night [off=22:00-06:00]", "x [keep-until=2026-12-24]",
        "[freeze]", "frozen [ Freeze ] too", "[", "]][[", "a [b [c] d", "größe-ß", "实验-七", "🚂 zug", "e\u{301}te\u{301}", "tab\there",
        "quote \" and \\", "new\nline", "%d %s [[%w]]", String(repeating: "long ", count: 40)
    ]

    private enum Form: CaseIterable {
        case running, idle, stopped, taken, waited, spot, outbid, loading, provisioned, dead, offline, failed
    }

    /// - Parameters:
    ///   - size: how many instances; nil: from none to 60, mostly few.
    ///   - now: the virtual time of the beginning.
    package static func fleet(seed: UInt64, size: Int? = nil, at now: Date) -> Fleet {
        var dice = SeededGenerator(seed: seed ^ 0x666C_6565)
        let count = size ?? [0, 1, 2, 3, 5, 8, 13, 24, 25, 26, 60].randomElement(using: &dice) ?? 3
        var fleet = Fleet()
        for number in 0..<Int64(count) {
            let form = Form.allCases.randomElement(using: &dice) ?? .running
            var specification = specification(number, form, &dice)
            let machine = 60_000 + number
            specification.machine = machine
            fleet.instances.append(specification.instance(at: now, seed: seed))
            var host = Machine(gpus: specification.gpus)
            if form == .taken { host.takenByOthers = specification.gpus }
            if form == .waited { host.takenAfter = .seconds(Int.random(in: 1...600, using: &dice)) }
            fleet.machines[machine] = host
        }
        fleet.events = events(fleet.instances.map(\.id), &dice)
        fleet.account.credit = Double.random(in: 50...5000, using: &dice).rounded()
        return fleet
    }

    private static func specification(_ number: Int64, _ form: Form, _ dice: inout SeededGenerator) -> InstanceSpecification {
        // Ids of several lengths, ascending.
        var made = InstanceSpecification(id: firstID + number * 3, label: labels.randomElement(using: &dice) ?? nil)
        made.gpu = ["RTX 4090", "RTX 3090", "H100 SXM", "A100 SXM4", "L40S", "RTX 5090"].randomElement(using: &dice) ?? made.gpu
        made.gpus = [1, 1, 2, 4, 8].randomElement(using: &dice) ?? 1
        made.workload = Workload(Workload.Kind.allCases.randomElement(using: &dice) ?? .training)
        if form == .idle { made.workload = Workload(.idle) }
        made.isOn = form != .stopped && form != .taken
        made.isBid = form == .spot || form == .outbid
        made.status = status(form)
        if form == .provisioned { made.age = 20 }
        return made
    }

    /// nil where running or stopped says it all.
    private static func status(_ form: Form) -> Status? {
        switch form {
        case .running, .idle, .stopped, .taken, .waited, .spot: nil
        case .outbid: Status(actual: "exited", intended: "running", current: "stopped", next: "stopped")
        case .loading: Status(actual: "loading", intended: "running", current: "running", next: "running")
        case .provisioned: Status(actual: nil, intended: "running", current: "running", next: "running")
        case .dead: Status(actual: "exited", intended: "running", current: "running", next: "running", message: "success, running")
        case .offline: Status(actual: "offline", intended: "running", current: "running", next: "running")
        case .failed:
            Status(actual: "created", intended: "stopped", current: "stopped", next: "stopped", message: "OCI runtime create failed")
        }
    }

    /// A few things that happen by themselves within an hour.
    private static func events(_ ids: [Int64], _ dice: inout SeededGenerator) -> [Fleet.Plan] {
        let kinds: [WorldEvent] = [.outbid, .bidWins, .hostLost("offline"), .hostBack, .containerEnds, .flickers, .gpusTaken(1)]
        return (0..<min(ids.count, 4)).compactMap { _ in
            guard let id = ids.randomElement(using: &dice), let event = kinds.randomElement(using: &dice) else { return nil }
            return Fleet.Plan(after: Double.random(in: 1...3600, using: &dice).rounded(), instance: id, event: event)
        }
    }
}
