#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension World {
    /// Lets one event happen, unless the instance has taken another course since it was planned.
    mutating func happen(_ entry: EventQueue.Entry) {
        guard let instance = instances[entry.instance] else { return }
        if let course = entry.course, course != instance.course { return }
        switch entry.event {
        case .contractStopped, .containerStopped: settleStop(instance, entry.event)
        case .loading: load(instance)
        case .loadsAgain(let seconds): load(instance, seconds...seconds)
        case .running: run(instance)
        case .queuedStartFires: fireQueuedStart(instance)
        case .queuedStartReverts: revertQueuedStart(instance)
        case .outbid, .bidWins, .floor, .echoes, .losesPriority, .regainsPriority, .parkedContainerEnds:
            happen(entry.event, toBidOf: instance)
        case .hostLost(let word): loseHost(instance, word)
        case .hostBack: restore(instance)
        case .containerEnds: endContainer(instance)
        case .bootFails: failBoot(instance)
        case .flickers: flicker(instance)
        case .freezes: freeze(instance)
        case .thaws: restore(instance)
        case .contractEnds: endContract(instance)
        case .deleted: _ = remove(instance.id, billingTail: false)
        case .turnsOver(let days): turnOver(instance, days)
        case .gpusTaken(let count): changeMachine(instance.machine) { $0.takenByOthers += count }
        case .gpusFreed(let count): freeGPUs(count, on: instance.machine)
        }
    }

    /// The successor is a rental on the same machine with the same label, and begins at once.
    private mutating func turnOver(_ instance: SimulatedInstance, _ days: Double) {
        guard remove(instance.id, billingTail: false) else { return }
        var row = instance.row
        row["id"] = .integer(.free(above: max(ids.last ?? 0, instance.id)) { instances[$0] != nil })
        row["start_date"] = .double(now.timeIntervalSince1970)
        let status = Status(actual: "loading", intended: "running", current: "running", next: "running")
        guard let successor = SimulatedInstance(row: row, status: status, workload: instance.workload, created: now, seed: seed) else {
            return
        }
        add(successor)
        events.add(
            .init(at: now.addingTimeInterval(days * 86_400), instance: successor.id, course: nil, event: .turnsOver(days: days)))
    }

    /// What a row of the beginning is already on its way to.
    mutating func planFirstEvents(of instance: SimulatedInstance) {
        let status = instance.status
        guard status.intended == "running", status.current == "running" else {
            if status.intended == "stopped", status.actual == "running" {
                plan(.contractStopped, instance.id, after: timing.contractStop)
            }
            return
        }
        switch status.actual {
        case nil: plan(.loading, instance.id, after: timing.provisioning)
        case "created": plan(.loading, instance.id, after: timing.startPending)
        case "loading": plan(.running, instance.id, after: timing.loading)
        case "rebooting": plan(.running, instance.id, after: timing.reboot)
        case "recycling": plan(.loading, instance.id, after: timing.recycle)
        default: break
        }
    }

    /// Stops all, as the service does when the credit has reached zero.
    mutating func stopEverything() {
        for id in ids {
            guard let instance = instances[id], instance.status.current == "running" || instance.isQueued else { continue }
            settle(id, intended: "stopped")
        }
    }

    /// The picture after a stop that nobody asked for.
    private mutating func settle(_ id: Int64, intended: String) {
        let word = behaviour.stoppedStatus.rawValue
        change(id) {
            $0.course += 1
            $0.isQueued = false
            $0.isStarting = false
            $0.market?.leave()
            $0.status.actual = word
            $0.status.intended = intended
            $0.status.current = "stopped"
            $0.status.next = "stopped"
        }
    }

    private mutating func settleStop(_ instance: SimulatedInstance, _ event: WorldEvent) {
        guard event == .containerStopped else {
            change(instance.id) { $0.status.current = "stopped" }
            return plan(.containerStopped, instance.id, after: timing.containerStop)
        }
        settle(instance.id, intended: "stopped")
    }

    private mutating func load(_ instance: SimulatedInstance, _ length: ClosedRange<Double>? = nil) {
        change(instance.id) { $0.status.actual = "loading" }
        plan(.running, instance.id, after: length ?? timing.loading)
    }

    private mutating func run(_ instance: SimulatedInstance) {
        let image = instance.row.text("image_uuid") ?? "image"
        change(instance.id) {
            $0.isStarting = false
            $0.hasBooted = true
            $0.status.actual = "running"
            $0.status.message = "success, running \(image)/ssh"
        }
    }

    private mutating func fireQueuedStart(_ instance: SimulatedInstance) {
        guard instance.isQueued else { return }
        guard instance.bidWins else {
            change(instance.id) { $0.market?.isDue = true }
            return
        }
        clearRoom(for: instance)
        boot(instance.id)
    }

    /// Other renters leave as many GPUs as the instance needs.
    mutating func clearRoom(for instance: SimulatedInstance) {
        changeMachine(instance.machine) { $0.takenByOthers -= max(0, instance.gpus - $0.free) }
    }

    private mutating func revertQueuedStart(_ instance: SimulatedInstance) {
        guard instance.isQueued else { return }
        settle(instance.id, intended: "stopped")
        // The start is forgotten, but it was not the owner who stopped it before.
        if instance.market?.isParked == true { change(instance.id) { $0.market?.isParked = true } }
    }

    private mutating func freeGPUs(_ count: Int, on id: Int64) {
        changeMachine(id) { $0.takenByOthers -= count }
        for waiting in ids {
            guard let instance = instances[waiting], instance.machine == id, instance.bidWins, hasRoom(for: instance)
            else { continue }
            if instance.isQueued { boot(waiting) } else { returnIfDue(instance) }
        }
    }

    private mutating func endContainer(_ instance: SimulatedInstance) {
        guard instance.status.actual == "running", instance.status.intended == "running" else { return }
        change(instance.id) { $0.status.actual = "exited" }
    }

    private mutating func failBoot(_ instance: SimulatedInstance) {
        settle(instance.id, intended: "stopped")
        change(instance.id) {
            $0.status.actual = "created"
            $0.status.message = "OCI runtime create failed: unable to start container process: exec: \"bash\": not found"
        }
    }

    private mutating func flicker(_ instance: SimulatedInstance) {
        guard instance.status.actual == "running", instance.status.intended == "running" else { return }
        change(instance.id) { $0.status.actual = "loading" }
        plan(.running, instance.id, after: timing.flicker)
    }

    private mutating func endContract(_ instance: SimulatedInstance) {
        change(instance.id) { $0.hasEnded = true }
        if instance.status.current == "running" { settle(instance.id, intended: "stopped") }
        let due = now.addingTimeInterval(draw(timing.deletion, instance.id))
        events.add(.init(at: due, instance: instance.id, course: nil, event: .deleted))
    }

    private mutating func loseHost(_ instance: SimulatedInstance, _ word: String) {
        guard instance.interrupted == nil else { return }
        change(instance.id) {
            $0.course += 1
            $0.interrupted = $0.status
            $0.status.actual = word
        }
        plan(.hostBack, instance.id, after: timing.outage)
    }

    private mutating func freeze(_ instance: SimulatedInstance) {
        guard instance.status.actual == "running" else { return }
        change(instance.id) {
            $0.course += 1
            $0.interrupted = $0.status
            $0.status.actual = "frozen"
            $0.status.intended = "frozen"
        }
    }

    /// Back to what it was, or to where its owner has sent it in the meantime.
    private mutating func restore(_ instance: SimulatedInstance) {
        guard let before = instance.interrupted else { return }
        let wasFrozen = instance.status.actual == "frozen"
        change(instance.id) {
            $0.course += 1
            $0.interrupted = nil
            $0.status.actual = $0.status.current == "running" ? before.actual : "exited"
            if wasFrozen, $0.status.intended == "frozen" { $0.status.intended = before.intended }
        }
        guard let restored = instances[instance.id] else { return }
        if restored.isStarting { return plan(.loading, instance.id, after: timing.startPending) }
        planFirstEvents(of: restored)
    }
}
