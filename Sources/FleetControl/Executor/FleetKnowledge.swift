#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif
internal import Synchronization
package import VastAPI

/// What the readings that went through a chain have shown of the fleet, with the chain's own changes: what the guard
/// judges by and what the journal keeps as "before".
package final class FleetKnowledge: Sendable {
    /// How old the facts of an instance may be when it is acted on, in seconds.
    static let freshness = 60.0
    /// How old a reading of the whole fleet may be that a part of the fleet is counted by, in seconds.
    static let wholeFreshness = 600.0

    /// In the form in which the guard wants it, so that a judgement copies nothing.
    private struct State {
        var facts: [InstanceID: InstanceFacts] = [:]
        /// When they were read, in Unix seconds.
        var times: [InstanceID: Double] = [:]
        var on: Set<InstanceID> = []
        /// When the fleet was last read whole.
        var wholeAt: Double?

        mutating func set(_ facts: InstanceFacts, at time: Double) {
            times[facts.id] = time
            put(facts)
        }

        mutating func put(_ facts: InstanceFacts) {
            self.facts[facts.id] = facts
            if facts.isOn { on.insert(facts.id) } else { on.remove(facts.id) }
        }

        mutating func update(_ id: InstanceID, _ change: (inout InstanceFacts) -> Void) {
            guard var known = facts[id] else { return }
            change(&known)
            put(known)
        }

        mutating func remove(_ id: InstanceID) {
            facts[id] = nil
            times[id] = nil
            on.remove(id)
        }
    }

    private let state = Mutex(State())

    package init() {}

    /// Takes a reading.
    func note(_ snapshot: FleetSnapshot) {
        let time = snapshot.observedAt.timeIntervalSince1970
        state.withLock { state in
            if snapshot.isAuthoritative { state = State(wholeAt: time) }
            for instance in snapshot.instances { state.set(InstanceFacts(instance), at: time) }
        }
    }

    /// Takes the reading of one instance.
    func note(_ instance: Instance) {
        let facts = InstanceFacts(instance)
        state.withLock { $0.set(facts, at: instance.observedAt.timeIntervalSince1970) }
    }

    /// The service has no such instances: nothing else will ever be known of them.
    func noteAbsent(_ ids: some Sequence<InstanceID>, at time: Double) {
        state.withLock { state in
            for id in ids { state.set(InstanceFacts(id: id), at: time) }
        }
    }

    /// Takes a change that the service has accepted.
    func note(_ verb: Change.Verb, _ id: InstanceID, label: String?) {
        state.withLock { state in
            switch verb {
            case .stop: state.update(id) { $0.become(.stopped, intended: "stopped") }
            case .start: state.update(id) { $0.become(.starting, intended: "running") }
            case .label: state.update(id) { $0.label = label ?? "" }
            case .destroy: state.remove(id)
            case .reboot, .recycle, .other: break
            }
        }
    }

    /// Those of `ids` of which nothing is known that is fresh enough to act on.
    func unknown(_ ids: [InstanceID], at now: Double) -> [InstanceID] {
        state.withLock { state in
            ids.filter { id in state.times[id].map { now - $0 > Self.freshness } ?? true }
        }
    }

    /// The facts of some instances, as far as they are known.
    package func facts(of ids: [InstanceID]) -> [InstanceID: InstanceFacts] {
        state.withLock { state in
            Dictionary(uniqueKeysWithValues: ids.compactMap { id in state.facts[id].map { (id, $0) } })
        }
    }

    /// The fleet as the guard sees it; whole when it was read whole not long ago.
    func fleet(at now: Double) -> GuardFleet {
        state.withLock { state in
            let isWhole = state.wholeAt.map { now - $0 <= Self.wholeFreshness } ?? false
            return GuardFleet(facts: state.facts, on: state.on, isWhole: isWhole)
        }
    }
}

extension InstanceFacts {
    fileprivate mutating func become(_ state: InstanceState, intended: String) {
        self.state = state
        intendedStatus = intended
    }
}
