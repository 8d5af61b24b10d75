#if canImport(FoundationEssentials)
package import FleetRules
internal import FoundationEssentials
#else
internal import Foundation
#endif
internal import Synchronization
package import VastAPI

/// What the readings that went through a chain have shown of the fleet.
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
        /// When it was last read without a filter, whole or not.
        var countedAt: Double?

        mutating func set(_ facts: InstanceFacts, at time: Double) {
            times[facts.id] = time
            self.facts[facts.id] = facts
            if facts.isOn { on.insert(facts.id) } else { on.remove(facts.id) }
        }
    }

    private let state: Mutex<State>

    /// Knows nothing: no reading has gone through the chain yet.
    package init() { state = Mutex(State()) }

    private init(_ copy: State) { state = Mutex(copy) }

    /// What is known now, to go its own way.
    func fork() -> FleetKnowledge { FleetKnowledge(state.withLock { $0 }) }

    /// How many instances there are, as far as is known; nil before any reading.
    package var fleetSize: Int? { state.withLock { $0.facts.isEmpty ? nil : $0.facts.count } }

    /// Takes a reading.
    func note(_ snapshot: FleetSnapshot) {
        let time = snapshot.observedAt.timeIntervalSince1970
        state.withLock { state in
            if snapshot.isAuthoritative {
                state = State(wholeAt: time, countedAt: time)
            } else if !snapshot.isFiltered {
                // What an earlier reading had may be gone by now, or be what could not be read.
                (state.wholeAt, state.countedAt) = (nil, time)
            }
            for instance in snapshot.instances { state.set(InstanceFacts(instance), at: time) }
        }
    }

    /// Takes the reading of one instance.
    func note(_ instance: Instance) {
        let facts = InstanceFacts(instance)
        state.withLock { $0.set(facts, at: instance.observedAt.timeIntervalSince1970) }
    }

    /// What was read of some instances may be otherwise by now: they are read again before they are acted on.
    func doubt(_ ids: some Sequence<InstanceID>) {
        state.withLock { state in for id in ids where state.facts[id] != nil { state.times[id] = -.infinity } }
    }

    /// Those of `ids` of which nothing is known that is fresh enough to act on: neither their row, nor that a whole reading
    /// lacks them.
    func unknown(_ ids: [InstanceID], at now: Double) -> [InstanceID] {
        state.withLock { state in
            ids.filter { id in (state.times[id] ?? state.wholeAt).map { !Self.isFresh($0, at: now) } ?? true }
        }
    }

    /// A reading that seems to be of the future was made before somebody set the clock back: nobody knows how old it is.
    private static func isFresh(_ time: Double, at now: Double, within length: Double = freshness) -> Bool {
        abs(now - time) <= length
    }

    /// Those of `ids` that were not read since an instant (Unix seconds).
    func unread(_ ids: [InstanceID], since time: Double) -> [InstanceID] {
        state.withLock { state in ids.filter { !(time...(time + 2 * Self.freshness)).contains(state.times[$0] ?? -.infinity) } }
    }

    /// Those of `ids` that a fresh reading of the whole fleet lacks.
    func absent(_ ids: [InstanceID], at now: Double) -> [InstanceID] {
        state.withLock { state in
            guard let wholeAt = state.wholeAt, Self.isFresh(wholeAt, at: now) else { return [] }
            return ids.filter { state.facts[$0] == nil }
        }
    }

    /// The facts of some instances as far as they are known, and when they were read, in Unix seconds.
    func facts(of ids: [InstanceID]) -> [InstanceID: (facts: InstanceFacts, readAt: Double)] {
        state.withLock { state in
            var found: [InstanceID: (facts: InstanceFacts, readAt: Double)] = [:]
            for id in ids { if let facts = state.facts[id] { found[id] = (facts, state.times[id] ?? 0) } }
            return found
        }
    }

    /// The fleet as it was read; whole when it was read whole not long ago.
    ///
    /// - Parameter acceptsIncomplete: whether it may count what a reading has shown that was not whole: there are more then, so
    ///   that fewer may be interrupted than if all were known.
    func fleet(at now: Double, acceptsIncomplete: Bool) -> GuardFleet {
        state.withLock { state in
            let isFresh = { (time: Double?) in time.map { Self.isFresh($0, at: now, within: Self.wholeFreshness) } ?? false }
            guard state.wholeAt == nil, acceptsIncomplete, let countedAt = state.countedAt, isFresh(countedAt) else {
                return GuardFleet(facts: state.facts, on: state.on, isWhole: isFresh(state.wholeAt), readAt: state.wholeAt)
            }
            let on = state.on.filter { state.times[$0].map { $0 >= countedAt } ?? false }
            return GuardFleet(facts: state.facts, on: on, isWhole: false, isCountable: true, readAt: countedAt)
        }
    }
}
