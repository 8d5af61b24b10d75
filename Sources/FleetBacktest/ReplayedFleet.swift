#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
package import FleetClock
package import FleetRecording
package import FleetSafety
internal import Synchronization
package import VastAPI
package import VastJSON

/// A recorded fleet in the place of the service. A read shows the last recorded reading, with what the script has changed; a
/// change is made in the script's world alone, beside the record.
package final class ReplayedFleet: FleetService {
    private struct State {
        var reader: any RecordingReader
        /// The reading that comes next.
        var upcoming: RecordedReading?
        var instances: [Int64: ReplayedInstance] = [:]
        /// Bills of what is not in the record any more.
        var past: [Int64: InstanceBill] = [:]
        var labels: [Int64: String] = [:]
        var actions: [BacktestAction] = []
        var failure: RecordingError?
        var last = 0.0
    }

    private let clock: any FleetClock
    private let rhythm: RecordingRhythm
    private let options: BacktestOptions
    private let state: Mutex<State>

    /// - Parameters:
    ///   - reader: the recording from its beginning on.
    ///   - rhythm: what a first look has shown.
    ///   - clock: at the time of the recording.
    package init(
        _ reader: sending any RecordingReader, _ rhythm: RecordingRhythm, _ options: BacktestOptions, clock: any FleetClock
    ) throws(RecordingError) {
        (self.clock, self.rhythm, self.options) = (clock, rhythm, options)
        state = Mutex(State(reader: reader))
        try state.withLock { state throws(RecordingError) in state.upcoming = try state.reader.next() }
    }

    // MARK: the record

    /// Lets the record go on until `time`, in Unix seconds.
    ///
    /// - Throws: ``RecordingError`` when it cannot be read on.
    package func advance(to time: Double) throws(RecordingError) {
        let failure = state.withLock { state -> RecordingError? in
            while let reading = state.upcoming, reading.time <= time {
                take(reading, &state)
                do throws(RecordingError) {
                    state.upcoming = try state.reader.next()
                } catch {
                    (state.upcoming, state.failure) = (nil, error)
                }
            }
            for id in state.instances.keys { state.instances[id]?.advance(to: time) }
            return state.failure
        }
        if let failure { throw failure }
    }

    private func take(_ reading: RecordedReading, _ state: inout State) {
        state.last = reading.time
        var seen: Set<Int64> = []
        for row in reading.rows {
            guard let instance = Self.instance(row, at: reading.time) else { continue }
            let id = instance.id.rawValue
            seen.insert(id)
            state.labels[id] = instance.label
            if state.instances[id] != nil {
                state.instances[id]?.note(instance, at: reading.time)
            } else {
                state.instances[id] = ReplayedInstance(instance, at: reading.time, gap: rhythm.gap(of: id), options)
            }
        }
        guard reading.isComplete else { return }
        for id in state.instances.keys where !seen.contains(id) { end(id, at: reading.time, &state) }
    }

    private func end(_ id: Int64, at time: Double, _ state: inout State) {
        guard var instance = state.instances.removeValue(forKey: id) else { return }
        instance.advance(to: time)
        instance.end(at: time)
        state.past[id, default: InstanceBill()] = state.past[id, default: InstanceBill()] + instance.bill
    }

    private static func instance(_ row: JSONObject, at time: Double) -> Instance? {
        guard let text = try? JSONValue.object(row).serialized(), let document = try? JSONDocument(parsing: text) else { return nil }
        return Instance(row: document.root, observedAt: Date(timeIntervalSince1970: time))
    }

    /// What became of everything, at the end of the record.
    package func close() -> (bills: [(id: Int64, label: String, bill: InstanceBill)], actions: [BacktestAction]) {
        state.withLock { state in
            for id in state.instances.keys { end(id, at: state.last, &state) }
            let bills = state.past.sorted { $0.key < $1.key }.map { (id: $0.key, label: state.labels[$0.key] ?? "", bill: $0.value) }
            return (bills, state.actions)
        }
    }

    // MARK: the service

    /// - Throws: ``VastError`` of kind `server` when the recording cannot be read on.
    private func present() throws -> [Instance] {
        do throws(RecordingError) {
            try advance(to: clock.unixTime)
        } catch {
            throw VastError(.server, "the recording cannot be read on: \(error.description)")
        }
        return state.withLock { state in state.instances.values.compactMap(\.shown).sorted { $0.id < $1.id } }
    }

    package func list(_ query: ListQuery) async throws -> FleetSnapshot {
        let rows = try present().filter { Self.matches($0, query) }
        return FleetSnapshot(instances: rows, observedAt: clock.now, isComplete: true, isFiltered: query.isFiltered)
    }

    /// The conditions that the program sets: a column has, or has not, a value, or one of several.
    private static func matches(_ instance: Instance, _ query: ListQuery) -> Bool {
        query.filters.allSatisfy { name, condition in
            guard case .object(let condition) = condition else { return true }
            let own = instance.raw(name)?.value ?? .null
            return condition.allSatisfy { operation, value in
                switch (operation, value) {
                case ("in", .array(let values)): values.contains(own)
                case ("eq", _): own == value
                case ("neq", _): own != value
                default: true
                }
            }
        }
    }

    package func show(_ id: InstanceID) async throws -> Instance? { try present().first { $0.id == id } }

    package func change(_ order: ChangeOrder) async -> ChangeOutcomes {
        var outcomes = ChangeOutcomes(order.ids)
        let time = clock.unixTime
        // A recording that cannot be read on is told by the next look.
        try? advance(to: time)
        state.withLock { state in
            for id in order.ids {
                guard let shown = state.instances[id.rawValue]?.shown else {
                    outcomes.set(id, .notSent(VastError(.notFound, "there is no instance \(id)", instance: id)))
                    continue
                }
                state.instances[id.rawValue]?.change(order.verb, order.payload, at: time)
                state.actions.append(
                    BacktestAction(
                        time: time, id: id, name: InstanceFacts(shown).name, verb: order.verb, payload: order.payload?.text,
                        reason: order.decision.reasons[id], line: order.decision.line, seenAt: shown.observedAt.timeIntervalSince1970))
                outcomes.set(id, .accepted)
            }
        }
        return outcomes
    }

    package func user() async throws -> User { throw Self.notRecorded("the account") }

    package func request(_ order: RequestOrder) async throws -> JSON? { throw Self.notRecorded("answers of raw requests") }

    private static func notRecorded(_ what: String) -> VastError {
        VastError(.invalidArgument, "a recording does not have \(what): not in a backtest")
    }
}
