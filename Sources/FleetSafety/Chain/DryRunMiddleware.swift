#if canImport(FoundationEssentials)
package import FleetStore
internal import FoundationEssentials
#else
internal import Foundation
#endif
package import FleetClock
internal import Synchronization
package import VastAPI
package import VastJSON

/// The link of a dry run: reads are real, changes are written into a plan, and what is read afterwards looks as if they
/// had worked.
package final class DryRunMiddleware: FleetService {
    private struct State {
        /// What was read last, before any change of this run.
        var rows: [InstanceID: Instance] = [:]
        var overlay = PlanOverlay()
        var actions: [PlanAction] = []
        /// When the fleet was first read, in Unix seconds.
        var observed: Double?
        var rateBefore: USDPerHour?
        var fleetSize: Int?
        /// Whether starts that were left queued have been told of.
        var hasToldOfQueued = false
    }

    private let next: any FleetService
    private let clock: any FleetClock
    private let starts: @Sendable (InstanceFacts) -> (tried: Int, refused: Int)?
    private let leftQueued: (@Sendable (FleetSnapshot) -> Void)?
    private let state = Mutex(State())

    /// - Parameters:
    ///   - leftQueued: tells of starts that earlier runs have left queued, by the first reading, which is of the whole fleet
    ///     then; nil: there are none.
    ///   - starts: how starts on an instance's machine have fared; nil from it: not known.
    package init(
        _ next: any FleetService, clock: any FleetClock, leftQueued: (@Sendable (FleetSnapshot) -> Void)? = nil,
        starts: @escaping @Sendable (InstanceFacts) -> (tried: Int, refused: Int)? = { _ in nil }
    ) {
        self.next = next
        self.clock = clock
        self.leftQueued = leftQueued
        self.starts = starts
    }

    /// What would be changed, in the order in which it was asked for.
    package var actions: [PlanAction] { state.withLock { $0.actions } }

    /// When the fleet was first read, in Unix seconds; nil when it never was.
    package var observed: Double? { state.withLock { $0.observed } }

    /// What the fleet costs, as it was when it was first read whole; nil when it never was.
    package var rateBefore: USDPerHour? { state.withLock { $0.rateBefore } }

    /// How many instances there were then.
    package var fleetSize: Int? { state.withLock { $0.fleetSize } }

    // MARK: readings

    package func list(_ query: ListQuery) async throws -> FleetSnapshot {
        if query != .all { try await look() }
        let snapshot = try await next.list(query)
        if query == .all { tellOfQueued(snapshot) }
        return state.withLock { state in
            for instance in snapshot.instances { state.rows[instance.id] = instance }
            let time = snapshot.observedAt.timeIntervalSince1970
            state.observed = min(state.observed ?? time, time)
            if snapshot.isAuthoritative, state.fleetSize == nil {
                state.fleetSize = snapshot.instances.count
                state.rateBefore = snapshot.instances.compactMap(\.rate).reduce(.zero, +)
            }
            return state.overlay.shown(snapshot)
        }
    }

    package func show(_ id: InstanceID) async throws -> Instance? {
        try await look()
        let instance = try await next.show(id)
        return state.withLock { state in
            if let instance {
                state.rows[id] = instance
                state.observed = min(state.observed ?? .infinity, instance.observedAt.timeIntervalSince1970)
            }
            return instance.flatMap { state.overlay.shown($0) }
        }
    }

    package func user() async throws -> User { try await next.user() }

    /// Reads the whole fleet once, before anything else, when earlier runs have left starts queued.
    private func look() async throws {
        guard leftQueued != nil, !state.withLock({ $0.hasToldOfQueued }) else { return }
        tellOfQueued(try await next.list(.all))
    }

    private func tellOfQueued(_ snapshot: FleetSnapshot) {
        let isFirst = state.withLock { state in
            defer { state.hasToldOfQueued = true }
            return !state.hasToldOfQueued
        }
        if isFirst { leftQueued?(snapshot) }
    }

    // MARK: changes

    package func change(_ order: ChangeOrder) async -> ChangeOutcomes {
        var outcomes = ChangeOutcomes(order.ids)
        state.withLock { state in for id in order.ids { outcomes.set(id, plan(order, id, &state)) } }
        return outcomes
    }

    /// Reads go through; what a write does is not known, so it cannot be planned.
    package func request(_ order: RequestOrder) async throws -> JSON? {
        guard order.note != nil else { return try await next.request(order) }
        throw VastError(
            .conflict, "vast-lua does not know what the request does, so it cannot be planned",
            request: "\(order.method.rawValue) \(order.path)")
    }

    private func plan(_ order: ChangeOrder, _ id: InstanceID, _ state: inout State) -> ChangeOutcomes.Outcome {
        guard var row = state.rows[id].flatMap({ state.overlay.shown($0) }) else {
            return .notSent(VastError(.notFound, "there is no instance \(id)", instance: id))
        }
        // That a bid was lost is known further up in the chain.
        if order.note?.before[id]?.state == .outbid { row.hints.isOutbid = true }
        state.actions.append(action(order, row))
        state.overlay.apply(order.verb, to: row, order.payload)
        return .accepted
    }

    private func action(_ order: ChangeOrder, _ row: Instance) -> PlanAction {
        let facts = InstanceFacts(row)
        let names = order.decision.seen[row.id, default: []].sorted()
        let (rules, payload) = (order.verb.rules, order.payload)
        let circumstances = ChangeRisk.Circumstances(now: clock.unixTime, starts: starts(facts))
        var action = PlanAction(
            order.verb, before: facts, payload: payload,
            seen: JSONObject(names.map { ($0, PlanFields.value($0, of: row) ?? .null) }),
            reason: order.decision.reasons[row.id], line: order.decision.line, rateAfter: rules.rateAfter(row, payload),
            risks: rules.risks(facts, payload, circumstances).map(\.text))
        action.unavailable = order.unavailable
        return action
    }
}
