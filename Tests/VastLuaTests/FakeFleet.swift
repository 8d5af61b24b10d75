import FleetClock
import FleetSafety
import Synchronization
import VastAPI
import VastJSON
import VastLua

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A fleet in memory that does at once what it is told, and notes every order. That it behaves as the simulated service does is
/// checked by ``FleetContractTests``.
final class FakeFleet: FleetChain {
    struct State {
        var rows: [InstanceID: JSONObject] = [:]
        var orders: [ChangeOrder] = []
        var readings = 0
        /// The rows that name no instance.
        var unreadable: [String] = []
        var requests: [String] = []
        /// Errors for ids, by verb.
        var failures: [Change.Verb: [InstanceID: VastError]] = [:]
        /// Errors of the next readings, the first for the next one; nil: none.
        var readingFailures: [VastError?] = []
        /// What was destroyed through it: to destroy it again is nothing to do.
        var destroyed: Set<InstanceID> = []
        /// Changes that are accepted and never happen.
        var ignores: Set<InstanceID> = []
        /// Runs after a change was carried out and before its answer.
        var beforeAnswer: (@Sendable () throws -> Void)?
        /// What happens to the rows before each reading: time passing, other people.
        var beforeReading: (@Sendable (Int, inout [InstanceID: JSONObject]) -> Void)?
        /// The same before an instance is read alone.
        var beforeShow: (@Sendable (Int, inout [InstanceID: JSONObject]) -> Void)?
        var shows = 0
    }

    let clock: VirtualClock
    let ledger = ChangeLedger()
    let state: Mutex<State>

    init(clock: VirtualClock, rows: [JSONObject]) {
        self.clock = clock
        state = Mutex(State())
        state.withLock { state in
            for row in rows {
                if case .integer(let id)? = row["id"] { state.rows[InstanceID(id)] = row }
            }
        }
    }

    /// A row as the service sends it, with `fields` in place of the usual ones.
    static func row(_ id: Int64, _ fields: JSONObject = [:]) -> JSONObject {
        var row: JSONObject = [
            "id": .integer(id), "label": nil, "actual_status": "running", "intended_status": "running",
            "cur_state": "running", "next_state": "running", "is_bid": false, "gpu_name": "RTX 4090", "num_gpus": 1,
            "gpu_util": 0.5, "gpu_temp": 35.0, "cpu_util": 0.05, "start_date": 1_700_000_000.5, "dph_total": 1.25,
            "storage_total_cost": 0.25, "instance": ["totalHour": 1.25], "search": ["totalHour": 1.25],
            "jupyter_token": "marked-token", "onstart": "export KEY=marked-onstart", "extra_env": [["K", "marked-env"]],
            "disk_usage": -1, "brand_new_field": 7
        ]
        for (name, value) in fields { row[name] = value }
        return row
    }

    static let off: JSONObject = [
        "actual_status": "exited", "intended_status": "stopped", "cur_state": "stopped", "next_state": "stopped",
        "gpu_util": nil, "instance": ["totalHour": 0.25]
    ]
    static let on: JSONObject = [
        "actual_status": "running", "intended_status": "running", "cur_state": "running", "next_state": "running",
        "instance": ["totalHour": 1.25]
    ]

    var orders: [ChangeOrder] { state.withLock { $0.orders } }
    var readings: Int { state.withLock { $0.readings } }

    func list(_ query: ListQuery) async throws -> FleetSnapshot {
        let now = clock.now
        let rows = try state.withLock { state -> [JSONObject] in
            state.readings += 1
            state.beforeReading?(state.readings, &state.rows)
            if !state.readingFailures.isEmpty, let failure = state.readingFailures.removeFirst() { throw failure }
            return state.rows.sorted { $0.key < $1.key }.map(\.value)
        }
        let (wanted, names) = (Self.ids(query), Self.names(query))
        let instances = try rows.filter { names?.contains($0["gpu_name"] ?? .null) ?? true }.compactMap { try Self.instance($0, now) }
            .filter { wanted?.contains($0.id) ?? true }
        let isFiltered = wanted != nil || names != nil
        let unreadable = isFiltered ? [] : state.withLock { $0.unreadable }
        var snapshot = FleetSnapshot(instances: instances, observedAt: now, isComplete: unreadable.isEmpty, isFiltered: isFiltered)
        snapshot.unreadable = unreadable
        ledger.note(snapshot)
        return snapshot
    }

    private static func ids(_ query: ListQuery) -> Set<InstanceID>? {
        guard case .array(let ids)? = query.filters["id"]?["in"] else { return nil }
        return Set(ids.compactMap { if case .integer(let id) = $0 { InstanceID(id) } else { nil } })
    }

    private static func names(_ query: ListQuery) -> [JSONValue]? {
        guard case .array(let names)? = query.filters["gpu_name"]?["in"] else { return nil }
        return names
    }

    private static func instance(_ row: JSONObject, _ now: Date) throws -> Instance? {
        Instance(row: try JSONDocument(parsing: try JSONValue.object(row).serialized()).root, observedAt: now)
    }

    func show(_ id: InstanceID) async throws -> Instance? {
        let row = state.withLock { state in
            state.shows += 1
            state.beforeShow?(state.shows, &state.rows)
            return state.rows[id]
        }
        return try row.flatMap { try Self.instance($0, clock.now) }
    }

    func change(_ order: ChangeOrder) async -> ChangeOutcomes {
        var outcomes = ChangeOutcomes(order.ids)
        state.withLock { state in
            let rest = order.ids.filter { id in
                let row = state.rows[id].flatMap { try? Self.instance($0, clock.now) }
                let isSatisfied =
                    row.map { order.verb.rules.isSatisfied(InstanceFacts($0), order.payload) }
                    ?? (order.verb.rules.endsRental && state.destroyed.contains(id))
                guard isSatisfied else { return true }
                outcomes.set(id, .satisfied)
                return false
            }
            guard !rest.isEmpty else { return }
            state.orders.append(order.only(rest))
            for id in rest {
                if let failure = state.failures[order.verb]?[id] {
                    outcomes.set(id, failure.effect == .unknown ? .unknown(failure) : .refused(failure))
                } else if state.rows[id] == nil {
                    outcomes.set(id, .refused(VastError(.notFound, "instance \(id) not found", instance: id)))
                } else {
                    if !state.ignores.contains(id) { Self.apply(order, id, &state.rows) }
                    if order.verb.rules.endsRental { state.destroyed.insert(id) }
                    outcomes.set(id, .accepted)
                }
            }
            do { try state.beforeAnswer?() } catch {
                outcomes = ChangeOutcomes(order.ids)
                let error = error as? VastError ?? VastError(.cancelled, "cancelled", effect: .unknown)
                for id in order.ids { outcomes.set(id, .init(error)) }
                if error.endsList { outcomes.end(by: error) }
            }
        }
        let facts = state.withLock { state in
            order.ids.compactMap { id in state.rows[id].flatMap { try? Self.instance($0, clock.now) } }.map(InstanceFacts.init)
        }
        ledger.record(order, outcomes, facts: Dictionary(facts.map { ($0.id, $0) }) { first, _ in first }, at: clock.unixTime)
        return outcomes
    }

    private static func apply(_ order: ChangeOrder, _ id: InstanceID, _ rows: inout [InstanceID: JSONObject]) {
        switch order.verb {
        case .stop: for (name, value) in off { rows[id]?[name] = value }
        case .start: for (name, value) in on { rows[id]?[name] = value }
        case .label: rows[id]?["label"] = order.payload?.label.map { $0.isEmpty ? .null : .string($0) }
        case .destroy: rows[id] = nil
        default: break
        }
    }

    func user() async throws -> User {
        guard let user = User(json: try JSONDocument(parsing: #"{"id":7,"email":"ops@lab.ai","credit":812.5}"#).root) else {
            throw VastError(.server, "no user")
        }
        return user
    }

    func request(_ order: RequestOrder) async throws -> JSON? {
        state.withLock { $0.requests.append("\(order.method.rawValue) \(order.path)") }
        return try JSONDocument(parsing: #"{"success":true,"list":[1,null],"empty":[],"none":null}"#).root
    }
}
