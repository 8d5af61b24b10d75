#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// How a start was received.
package enum StartOutcome: Sendable, Equatable {
    /// Taken; the instance is on its way, or it was on already.
    case accepted
    /// The GPUs are somebody else's, or the bid is too low; the start is queued.
    case queued
    /// There is no credit.
    case noCredit
    /// The contract has ended.
    case ended
    /// There is no such instance.
    case missing
}

extension World {
    /// Asks for an instance to be stopped; it ends some seconds later.
    ///
    /// - Returns: false when there is no such instance.
    package mutating func stop(_ id: Int64) -> Bool {
        guard let instance = instances[id] else { return false }
        if instance.market != nil { change(id) { $0.market?.leave() } }
        if instance.interrupted != nil { return stopUnreachable(id) }
        guard instance.status.current == "running" || instance.status.actual == "running" else {
            return change(id) {
                $0.course += 1
                $0.isQueued = false
                $0.isStarting = false
                $0.status.intended = "stopped"
                $0.status.next = "stopped"
                $0.status.current = "stopped"
            }
        }
        guard instance.status.intended != "stopped" else { return true }
        change(id) {
            $0.course += 1
            $0.isQueued = false
            $0.status.intended = "stopped"
            $0.status.next = "stopped"
        }
        plan(.contractStopped, id, after: timing.contractStop)
        return true
    }

    /// Asks for an instance to be started.
    package mutating func start(_ id: Int64) -> StartOutcome {
        guard let instance = instances[id] else { return .missing }
        if instance.hasEnded { return .ended }
        if instance.status.intended == "running", instance.status.current == "running" { return .accepted }
        if account.credit <= 0, !behaviour.startsWithoutCredit { return .noCredit }
        if instance.bidWins, instance.holdsGPUs || hasRoom(for: instance) {
            boot(id)
            return .accepted
        }
        queueStart(id)
        return .queued
    }

    /// Restarts the container; the GPUs are kept.
    ///
    /// - Returns: false when there is no such instance or, if the behaviour says so, when it is not on.
    package mutating func reboot(_ id: Int64) -> Bool {
        restart(id, "rebooting", then: .running, timing.reboot)
    }

    /// Makes the container anew from its image; the GPUs are kept, its data are lost.
    ///
    /// - Returns: as ``reboot(_:)``.
    package mutating func recycle(_ id: Int64) -> Bool {
        restart(id, "recycling", then: .loading, timing.recycle)
    }

    /// Destroys an instance at once; it is billed for some minutes more.
    ///
    /// - Returns: false when there is no such instance.
    package mutating func destroy(_ id: Int64) -> Bool {
        guard instances[id] != nil else { return false }
        return remove(id, billingTail: true)
    }

    /// Sets a label; nil removes it.
    ///
    /// - Returns: false when there is no such instance.
    package mutating func setLabel(_ label: String?, of id: Int64) -> Bool { change(id) { $0.label = label } }

    /// The machine cannot be told now: the contract stops, and the container will be found stopped.
    private mutating func stopUnreachable(_ id: Int64) -> Bool {
        change(id) {
            $0.isQueued = false
            $0.isStarting = false
            $0.status.intended = "stopped"
            $0.status.current = "stopped"
            $0.status.next = "stopped"
        }
    }

    /// Puts the instance on its way to running.
    ///
    /// - Parameter range: how many seconds that takes altogether; nil for whatever a start takes.
    mutating func boot(_ id: Int64, within range: ClosedRange<Double>? = nil) {
        let reachable = instances[id]?.interrupted == nil
        change(id) {
            if reachable { $0.course += 1 }
            $0.isQueued = false
            $0.isStarting = true
            $0.status.intended = "running"
            $0.status.current = "running"
            $0.status.next = "running"
            $0.market?.leave()
            $0.market?.losses += 1
        }
        guard reachable else { return }
        guard let range else { return plan(.loading, id, after: timing.startPending) }
        let (pending, loading) = (draw(timing.startPending, id), draw(timing.loading, id))
        let whole = min(max(pending + loading, range.lowerBound), range.upperBound)
        let first = min(pending, whole)
        plan(.loadsAgain(seconds: whole - first), id, after: first...first)
    }

    func hasRoom(for instance: SimulatedInstance) -> Bool {
        (machines[instance.machine]?.free ?? 0) >= instance.gpus
    }

    /// Plans an event on the present course of an instance.
    mutating func plan(_ event: WorldEvent, _ id: Int64, after range: ClosedRange<Double>) {
        guard let instance = instances[id] else { return }
        let due = now.addingTimeInterval(draw(range, id))
        events.add(.init(at: due, instance: id, course: instance.course, event: event))
    }

    /// Lets something happen to an instance after a while, whatever is done to it until then.
    ///
    /// - Returns: false when there is no such instance.
    package mutating func schedule(_ event: WorldEvent, on id: Int64, after delay: Duration = .zero) -> Bool {
        guard instances[id] != nil else { return false }
        events.add(.init(at: now.addingTimeInterval(delay.seconds), instance: id, course: nil, event: event))
        advance(to: now)
        return true
    }

    private mutating func queueStart(_ id: Int64) {
        change(id) {
            $0.course += 1
            $0.isQueued = true
            $0.status.intended = "running"
            $0.status.next = "running"
        }
        if let instance = instances[id] { finishStop(instance) }
        let delay = behaviour.queuedStartDelay
        switch behaviour.queuedStart {
        case .fires: plan(.queuedStartFires, id, after: delay...delay)
        case .reverts: plan(.queuedStartReverts, id, after: delay...delay)
        case .waits: break
        }
    }

    private mutating func restart(
        _ id: Int64, _ word: String, then event: WorldEvent, _ length: ClosedRange<Double>
    ) -> Bool {
        guard let instance = instances[id] else { return false }
        guard instance.status.current == "running", instance.status.intended == "running" else {
            return behaviour.restartStopped == .success
        }
        change(id) {
            $0.course += 1
            $0.isStarting = true
            $0.interrupted = nil
            $0.status.actual = word
            $0.status.next = "running"
        }
        plan(event, id, after: length)
        return true
    }
}
