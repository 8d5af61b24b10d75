#if canImport(FoundationEssentials)
package import FoundationEssentials
#else
package import Foundation
#endif
import FleetClock

/// Instances, machines and money on virtual time: a value that changes only through ``advance(to:)`` and through the
/// requests of its owner. The same seed, fleet and requests at the same times always give the same world.
package struct World: Sendable {
    /// The virtual time up to which everything has happened.
    package private(set) var now: Date
    /// All instances by id.
    package private(set) var instances: [Int64: SimulatedInstance] = [:]
    /// The ids in ascending order.
    package private(set) var ids: [Int64] = []
    /// The machines by id.
    package private(set) var machines: [Int64: Machine] = [:]
    /// Who pays, and what is left.
    package private(set) var account: Account
    /// Grows with every change of an instance or of the list of them.
    package private(set) var revision: UInt64 = 0
    /// Dollars an hour that are billed now.
    package private(set) var rate = 0.0
    /// How often the instances report.
    package let metricsInterval: Duration

    let seed: UInt64
    let timing: Timing
    var behaviour: Behaviour
    var events = EventQueue()
    /// Rates of destroyed instances that are billed for some minutes more, and until when.
    private var tails: [(rate: Double, until: Date)] = []
    private var draws: UInt64 = 0

    /// - Parameters:
    ///   - fleet: what there is at the beginning.
    ///   - now: the virtual time of the beginning.
    package init(_ fleet: Fleet, now: Date, options: SimulatorOptions = SimulatorOptions()) {
        self.now = now
        seed = options.seed
        timing = options.timing
        behaviour = options.behaviour
        metricsInterval = options.metricsInterval
        account = fleet.account
        machines = fleet.machines
        for instance in fleet.instances { add(instance) }
        for plan in fleet.events {
            events.add(.init(at: now.addingTimeInterval(plan.after), instance: plan.instance, course: nil, event: plan.event))
        }
    }

    /// The number of the reporting interval.
    var step: Int64 { Int64(clampingNumber: (now.timeIntervalSince1970 / metricsInterval.seconds).rounded(.down)) }

    /// Lets everything happen that is due until `limit`; an earlier time than now changes nothing.
    package mutating func advance(to limit: Date) {
        while true {
            let due = min(events.next ?? .distantFuture, tails.map(\.until).min() ?? .distantFuture, limit)
            if let broke = moneyEnds(before: due) {
                pass(to: broke)
                stopEverything()
                continue
            }
            pass(to: due)
            tails.removeAll { $0.until <= now }
            guard let entry = events.take(until: now) else {
                if due >= limit { return }
                continue
            }
            happen(entry)
        }
    }

    /// Changes one instance and keeps the sums; false when there is none of that id.
    @discardableResult
    mutating func change(_ id: Int64, _ body: (inout SimulatedInstance) -> Void) -> Bool {
        guard let position = instances.index(forKey: id) else { return false }
        let before = instances.values[position].rate
        revision += 1
        body(&instances.values[position])
        instances.values[position].revision = revision
        rate += instances.values[position].rate - before
        balanceGPUs(at: position)
        return true
    }

    /// Adds a new row; ignored when there is one of that id.
    mutating func add(_ instance: SimulatedInstance) {
        guard instances[instance.id] == nil else { return }
        revision += 1
        var instance = instance
        instance.revision = revision
        let place = (ids.last ?? .min) < instance.id ? ids.endIndex : ids.firstIndex { $0 > instance.id } ?? ids.endIndex
        ids.insert(instance.id, at: place)
        instances[instance.id] = instance
        rate += instance.rate
        if machines[instance.machine] == nil { machines[instance.machine] = Machine(gpus: instance.gpus) }
        if let position = instances.index(forKey: instance.id) { balanceGPUs(at: position) }
        if let end = instance.endDate, end > now {
            events.add(.init(at: end, instance: instance.id, course: nil, event: .contractEnds))
        }
        planFirstEvents(of: instance)
        checkFirstBid(of: instance.id)
    }

    /// Takes a row out of the list; false when there is none of that id.
    mutating func remove(_ id: Int64, billingTail: Bool) -> Bool {
        change(id) { $0.status.current = "unloaded" }
        guard let instance = instances.removeValue(forKey: id) else { return false }
        ids.removeAll { $0 == id }
        rate -= instance.rate
        if billingTail { tails.append((instance.rate, now.addingTimeInterval(draw(timing.billingTail, id)))) }
        revision += 1
        return true
    }

    /// Changes what others do with a machine's GPUs.
    package mutating func changeMachine(_ id: Int64, _ body: (inout Machine) -> Void) {
        guard var machine = machines[id] else { return }
        body(&machine)
        machine.takenByOthers = min(max(0, machine.takenByOthers), machine.gpus - machine.held)
        machines[id] = machine
    }

    /// Sets the credit; for tests and fleets that are about to run out of it.
    package mutating func setCredit(_ credit: Double) { account.credit = credit }

    /// A length from a range, in seconds; every draw is another one.
    mutating func draw(_ range: ClosedRange<Double>, _ id: Int64) -> Double {
        draws += 1
        return Noise(seed: seed, instance: id).value(in: range, Int64(bitPattern: draws), 99)
    }

    private var burning: Double { rate + tails.reduce(0) { $0 + $1.rate } }

    private mutating func pass(to date: Date) {
        let hours = max(0, date.timeIntervalSince(now)) / 3600
        account.credit -= burning * hours
        account.spent += burning * hours
        now = max(now, date)
    }

    /// When the credit reaches zero, if that is before `date` and something with a GPU is on.
    private func moneyEnds(before date: Date) -> Date? {
        guard account.credit > 0 || !behaviour.startsWithoutCredit, burning > 0,
            date > now, instances.values.contains(where: { $0.status.intended == "running" && $0.status.current == "running" })
        else { return nil }
        let end = now.addingTimeInterval(max(0, account.credit) / burning * 3600)
        return end < date ? end : nil
    }

    private mutating func balanceGPUs(at position: Dictionary<Int64, SimulatedInstance>.Index) {
        let instance = instances.values[position]
        let status = instance.status
        let keeps = status.current != "unloaded" && (status.current == "running" || status.actual == "running")
        guard keeps != instance.holdsGPUs else { return }
        instances.values[position].holdsGPUs = keeps
        machines[instance.machine]?.held += keeps ? instance.gpus : -instance.gpus
        growMachineIfNeeded(instance.machine)
        if !keeps, let delay = machines[instance.machine]?.takenAfter {
            let due = now.addingTimeInterval(delay.seconds)
            events.add(.init(at: due, instance: instance.id, course: nil, event: .gpusTaken(instance.gpus)))
        }
    }

    /// A saved fleet does not say how large its machines are: they are at least as large as what runs on them.
    private mutating func growMachineIfNeeded(_ id: Int64) {
        guard var machine = machines[id] else { return }
        machine.gpus = max(machine.gpus, machine.held + machine.takenByOthers)
        machines[id] = machine
    }
}
