import FleetClock
import Foundation
import Synchronization
import Testing
import VastAPI
import VastJSON

@testable import FleetRules
@testable import FleetSafety
@testable import FleetStore

/// A fleet of running instances that accepts everything, and notes it.
private final class Stub: FleetService {
    private let sent = Mutex<[ChangeOrder]>([])
    private let readings = Mutex(0)
    private let ids: [Int64]
    private let failing: Set<InstanceID>
    private let clock: any FleetClock

    init(_ ids: ClosedRange<Int64>, failing: Set<InstanceID> = [], clock: any FleetClock) {
        self.ids = Array(ids)
        self.failing = failing
        self.clock = clock
    }

    var orders: [ChangeOrder] { sent.withLock { $0 } }
    var readingCount: Int { readings.withLock { $0 } }

    func list(_ query: ListQuery) async throws -> FleetSnapshot {
        readings.withLock { $0 += 1 }
        let rows = try ids.compactMap { id in
            let text = #"{"id": \#(id), "actual_status": "running", "intended_status": "running", "cur_state": "running", "gpu_util": 1}"#
            return Instance(row: try JSONDocument(parsing: text).root, observedAt: clock.now)
        }
        return FleetSnapshot(instances: rows, observedAt: clock.now, isComplete: true, isFiltered: query != .all)
    }

    func show(_ id: InstanceID) async throws -> Instance? { try await list(.all)[id] }
    func user() async throws -> User { throw VastError(.network, "none") }
    func request(_ order: RequestOrder) async throws -> JSON? { nil }

    func change(_ order: ChangeOrder) async -> ChangeOutcomes {
        sent.withLock { $0.append(order) }
        await Task.yield()
        var outcomes = ChangeOutcomes(order.ids)
        for id in order.ids { outcomes.set(id, failing.contains(id) ? .refused(VastError(.conflict, "no", effect: .none)) : .accepted) }
        return outcomes
    }
}

@Suite("The guard before every change")
struct GuardMiddlewareTests {
    private let clock = VirtualClock(mode: .jumping)

    @Test("calls at the same time do not share what is left of a limit")
    func together() async throws {
        let stub = Stub(1...20, clock: clock)
        let guarded = GuardMiddleware(stub, books: ChainBooks(), clock: clock)
        _ = try guarded.limit(GuardLimits([.maxStops: 5]))
        _ = try await guarded.list(.all)
        await withTaskGroup(of: Void.self) { group in
            for id in 1...20 { group.addTask { _ = await guarded.change(ChangeOrder(.stop, [InstanceID(Int64(id))])) } }
        }
        #expect(stub.orders.count == 5)
    }

    @Test("what has certainly not happened does not count")
    func failures() async throws {
        let stub = Stub(1...3, failing: [1], clock: clock)
        let guarded = GuardMiddleware(stub, books: ChainBooks(), clock: clock)
        _ = try guarded.limit(GuardLimits([.maxStops: 1]))
        _ = await guarded.change(ChangeOrder(.stop, [1]))
        #expect(await guarded.change(ChangeOrder(.stop, [2])).isDone(2))
        #expect(await guarded.change(ChangeOrder(.stop, [3])).endedBy?.code == "max_stops")
    }

    @Test(
        "a clock of the service that is minutes away stops every change, until somebody says that it is all right",
        arguments: [
            (125.0, [], "clock"), (-600.0, [], "clock"), (60.0, [], nil), (600.0, [SanityDoubt.Kind.clock], nil)
        ] as [(Double, Set<SanityDoubt.Kind>, String?)])
    func clockOffset(seconds: Double, accepted: Set<SanityDoubt.Kind>, code: String?) async throws {
        let stub = Stub(1...3, clock: clock)
        var settings = GuardMiddleware.Settings()
        settings.sanity = SanityTracker(FleetSanity(accepting: accepted), clockOffset: { .seconds(seconds) })
        let guarded = GuardMiddleware(stub, books: ChainBooks(), clock: clock, settings: settings)
        #expect(await guarded.change(ChangeOrder(.stop, [1])).endedBy?.code == code)
        #expect(stub.orders.isEmpty == (code != nil))
    }

    @Test("what other runs have done in the last hour counts, and a state that cannot be read refuses")
    func others() async throws {
        let stub = Stub(1...3, clock: clock)
        var settings = GuardMiddleware.Settings()
        settings.others = { _ in OtherRuns([GuardEntry(.stop, 9), GuardEntry(.stop, 8)]) }
        let guarded = GuardMiddleware(stub, books: ChainBooks(), clock: clock, settings: settings)
        _ = try guarded.limit(GuardLimits([.maxStops: 2]))
        #expect(await guarded.change(ChangeOrder(.stop, [1])).endedBy?.code == "max_stops")
        settings.others = { _ in throw StateError(.full, path: "/x", "full", next: "free some") }
        let unreadable = GuardMiddleware(stub, books: ChainBooks(), clock: clock, settings: settings)
        #expect(await unreadable.change(ChangeOrder(.stop, [1])).endedBy?.code == "journal")
        #expect(stub.orders.isEmpty)
    }

    @Test("facts are read once and again when they are old; an id that the whole fleet lacks is not sent")
    func freshness() async throws {
        let stub = Stub(1...3, clock: clock)
        let guarded = GuardMiddleware(stub, books: ChainBooks(), clock: clock)
        _ = await guarded.change(ChangeOrder(.label, [1], label: "a"))
        _ = await guarded.change(ChangeOrder(.label, [1], label: "b"))
        #expect(stub.readingCount == 1)
        clock.advance(by: .seconds(61))
        _ = await guarded.change(ChangeOrder(.label, [1], label: "c"))
        #expect(stub.readingCount == 2)
        let outcomes = await guarded.change(ChangeOrder(.label, [77, 2], label: "c"))
        #expect(stub.orders.last?.ids == [2] && outcomes.isDone(2))
        guard case .notSent(let error)? = outcomes[77] else { throw VastError(.conflict, "77 was sent") }
        #expect(error.kind == .notFound)
    }

    @Test("a plan writes down what would be done, and its own changes show in what is read later")
    func planned() async throws {
        let stub = Stub(1...3, clock: clock)
        let planned = DryRunMiddleware(stub, clock: clock)
        _ = try await planned.list(.all)
        var order = ChangeOrder(.stop, [1])
        order.decision = Decision(line: "a.lua:3")
        order.decision.seen = [1: ["gpu_util", "jupyter_token"]]
        order.decision.reasons = [1: "idle"]
        _ = await planned.change(order)
        _ = await planned.change(ChangeOrder(.label, [2], label: "x"))
        _ = await planned.change(ChangeOrder(.destroy, [3]))
        let seen = try await planned.list(.all)
        #expect(seen[1]?.state == .stopped)
        #expect(seen[2]?.label == "x")
        #expect(seen[3] == nil)
        #expect(planned.actions.map(\.verb) == [.stop, .label, .destroy])
        #expect(planned.actions.first?.seen["gpu_util"] == .integer(1))
        #expect(planned.actions.first?.seen["jupyter_token"] == nil)
        #expect(stub.orders.isEmpty)
        guard case .notSent(let error)? = await planned.change(ChangeOrder(.stop, [3]))[3] else {
            Issue.record("what is gone cannot be stopped")
            return
        }
        #expect(error.kind == .notFound)
    }
}
