import FleetClock
import FleetStore
import Synchronization
import Testing
import VastAPI
import VastJSON

@testable import FleetRules
@testable import FleetSafety

/// A fleet whose rows are as the test says, and that accepts every change without a trace.
private final class Rows: FleetService {
    private let rows: Mutex<[String]>
    private let sent = Mutex<[ChangeOrder]>([])
    private let readings = Mutex(0)
    private let clock: any FleetClock
    private let unreadable: Mutex<[String]>

    init(_ rows: [String], unreadable: [String] = [], clock: any FleetClock) {
        self.rows = Mutex(rows)
        self.clock = clock
        self.unreadable = Mutex(unreadable)
    }

    var orders: [ChangeOrder] { sent.withLock { $0 } }
    var readingCount: Int { readings.withLock { $0 } }
    /// The answer to whoever reads the account's audit log; nil: the key may not.
    let auditLog = Mutex<String?>(nil)
    func become(_ rows: [String], unreadable: [String] = []) {
        self.rows.withLock { $0 = rows }
        self.unreadable.withLock { $0 = unreadable }
    }

    func list(_ query: ListQuery) async throws -> FleetSnapshot {
        readings.withLock { $0 += 1 }
        let instances = try rows.withLock { $0 }.compactMap { Instance(row: try JSONDocument(parsing: $0).root, observedAt: clock.now) }
        let unreadable = unreadable.withLock { $0 }
        var snapshot = FleetSnapshot(
            instances: instances, observedAt: clock.now, isComplete: unreadable.isEmpty, isFiltered: query != .all)
        snapshot.unreadable = unreadable
        return snapshot
    }

    func show(_ id: InstanceID) async throws -> Instance? { try await list(.all)[id] }
    func user() async throws -> User { throw VastError(.network, "none") }
    func request(_ order: RequestOrder) async throws -> JSON? {
        guard let log = auditLog.withLock({ $0 }) else { throw VastError(.forbidden, "no audit log") }
        return try JSONDocument(parsing: log).root
    }

    func change(_ order: ChangeOrder) async -> ChangeOutcomes {
        sent.withLock { $0.append(order) }
        var outcomes = ChangeOutcomes(order.ids)
        for id in order.ids { outcomes.set(id, .accepted) }
        return outcomes
    }
}

@Suite("The guard on rows as they are")
struct RowsAsTheyAreTests {
    private let clock = VirtualClock(mode: .jumping, mayBeSet: true)

    private static func row(_ id: Int, _ actual: String, _ intended: String, _ current: String, bid: Bool = false, _ more: String = "")
        -> String
    {
        #"{"id":\#(id),"is_bid":\#(bid),"actual_status":\#(actual == "null" ? actual : "\"\(actual)\""),"intended_status":"\#(intended)","cur_state":"\#(current)"\#(more)}"#
    }

    private func chain(_ rows: Rows, accepting: Set<SanityDoubt.Kind> = []) -> GuardMiddleware {
        var settings = GuardMiddleware.Settings()
        settings.sanity = SanityTracker(FleetSanity(accepting: accepting))
        return GuardMiddleware(rows, books: ChainBooks(), clock: clock, settings: settings)
    }

    @Test("an interruptible instance that was on and is being prepared without its hardware is outbid; other ones start: 400 fleets")
    func outbid() async throws {
        var generator = SeededGenerator(seed: 79)
        for _ in 0..<400 {
            let (wasOn, isBid, isOurs) = (
                Bool.random(using: &generator), Bool.random(using: &generator), Int.random(in: 0..<4, using: &generator) == 0
            )
            let actual = try #require(["null", "created", "loading", "restarting"].randomElement(using: &generator))
            let rows = Rows(
                [
                    wasOn
                        ? Self.row(1, "running", "running", "running", bid: isBid) : Self.row(1, "exited", "stopped", "stopped", bid: isBid)
                ], clock: clock)
            let chain = chain(rows)
            _ = try await chain.list(.all)
            try await clock.sleep(for: .seconds(120))
            if isOurs { #expect(await chain.change(ChangeOrder(.start, [1])).isDone(1)) }
            rows.become([Self.row(1, actual, "running", "stopped", bid: isBid)])
            let state = try await chain.list(.all)[1]?.state
            let isSent = rows.orders.contains { $0.verb == .start }
            #expect(
                state == (wasOn && isBid && !isSent ? .outbid : .starting),
                "\(actual) \(wasOn) \(isBid) \(isSent): \(String(describing: state))")
            // It stays so until its hardware is there.
            rows.become([Self.row(1, actual, "running", "running", bid: isBid)])
            #expect(try await chain.list(.all)[1]?.state == .starting)
        }
    }

    @Test("one that somebody else has stopped and started since, as the account's log tells, is starting", arguments: [true, false])
    func console(isInLog: Bool) async throws {
        let rows = Rows([Self.row(1, "running", "running", "running", bid: true)], clock: clock)
        let chain = chain(rows)
        _ = try await chain.list(.all)
        try await clock.sleep(for: .seconds(120))
        let id = isInLog ? 1 : 2
        rows.auditLog.withLock {
            $0 = #"[{"api_route":"api.instance_PUT","created_at":\#(clock.unixTime - 30),"args":{"instance_id":\#(id),"state":"stopped"}}]"#
        }
        rows.become([Self.row(1, "loading", "running", "stopped", bid: true)])
        for _ in 0..<3 {
            #expect(try await chain.list(.all)[1]?.state == (isInLog ? .starting : .outbid))
            try await clock.sleep(for: .seconds(90))
        }
    }

    @Test(
        "what an earlier run saw last counts: on or outbid then, and not switched since",
        arguments: [
            (.running, false, .outbid), (.outbid, false, .outbid), (.stopped, false, .starting), (.starting, false, .starting),
            (.running, true, .starting)
        ] as [(InstanceState, Bool, InstanceState)])
    func earlierRun(last: InstanceState, isSwitched: Bool, state: InstanceState) async throws {
        let now = clock.unixTime
        var settings = GuardMiddleware.Settings()
        settings.lastState = { _ in (last, now - 600) }
        settings.others = { _ in isSwitched ? OtherRuns([GuardEntry(.start, 1)]) : OtherRuns() }
        let rows = Rows([Self.row(1, "loading", "running", "stopped", bid: true)], clock: clock)
        let chain = GuardMiddleware(rows, books: ChainBooks(), clock: clock, settings: settings)
        #expect(try await chain.list(.all)[1]?.state == state)
        #expect(try await chain.list(.all)[1]?.state == state)
    }

    @Test("without any utilisation, only what rests on it is refused: every verb, 1 to 6 instances")
    func utilization() async throws {
        for count in 1...6 {
            for verb in [Change.Verb.stop, .label, .start] {
                for usesUtilization in [true, false] {
                    let rows = Rows(
                        (1...count).map { Self.row($0, "running", "running", "running") } + [Self.row(9, "exited", "stopped", "stopped")],
                        clock: clock)
                    let chain = chain(rows)
                    _ = try await chain.list(.all)
                    var order = verb == .label ? ChangeOrder(.label, [1], label: "x") : ChangeOrder(verb, [verb == .start ? 9 : 1])
                    order.decision.usesUtilization = usesUtilization
                    let outcomes = await chain.change(order)
                    let isRefused = count >= 3 && usesUtilization
                    #expect(outcomes.endedBy?.code == (isRefused ? "no-utilization" : nil), "\(count) \(verb)")
                    #expect(rows.orders.isEmpty == isRefused)
                }
            }
        }
    }

    @Test("rows that cannot be read refuse what counts instances until it is accepted, and nothing else: 300 calls")
    func unreadable() async throws {
        var generator = SeededGenerator(seed: 80)
        for _ in 0..<300 {
            let isAccepted = Bool.random(using: &generator)
            let unreadable = Array(repeating: "id 0", count: Int.random(in: 1...30, using: &generator))
            let on = Int.random(in: 2...14, using: &generator)
            let rows = Rows(
                (1...on).map { Self.row($0, "running", "running", "running", ",\"gpu_util\":5") }, unreadable: unreadable, clock: clock)
            let chain = chain(rows, accepting: isAccepted ? [.incomplete] : [])
            #expect(try await !chain.list(.all).isAuthoritative)
            let limits: [GuardLimit: Double] = [[:], [.keepAtLeast: 1], [.maxFraction: 0.5]].randomElement(using: &generator) ?? [:]
            _ = try chain.limit(GuardLimits(limits))
            let asked = (1...on).prefix(Int.random(in: 1...on, using: &generator)).map { InstanceID(Int64($0)) }
            let verb: Change.Verb = Bool.random(using: &generator) ? .stop : .label
            let outcomes = await chain.change(verb == .label ? ChangeOrder(.label, asked, label: "x") : ChangeOrder(verb, asked))
            // More than ten stops are judged by how many are on.
            let counts = verb == .stop && (!limits.isEmpty || asked.count > 10)
            let isTooMany =
                limits[.keepAtLeast] != nil && asked.count == on || limits[.maxFraction] != nil && asked.count > on / 2
                || limits.isEmpty && asked.count > 10
            let what = "\(verb) \(asked.count) of \(on), \(limits), accepted: \(isAccepted): \(outcomes.endedBy?.text ?? "-")"
            #expect(rows.orders.isEmpty == (counts && (!isAccepted || isTooMany)), "\(what)")
            if counts, !isAccepted {
                #expect(outcomes.endedBy?.code == "incomplete" && outcomes.endedBy?.text.contains("--accept incomplete") == true, "\(what)")
            }
        }
    }

    @Test("an id that is in no row, while some rows cannot be read, is not acted on, accepted or not", arguments: [true, false])
    func unreadableID(isAccepted: Bool) async throws {
        let rows = Rows([Self.row(1, "running", "running", "running")], unreadable: ["id \"7\""], clock: clock)
        let chain = chain(rows, accepting: isAccepted ? [.incomplete] : [])
        let outcomes = await chain.change(ChangeOrder(.stop, [7]))
        #expect(rows.orders.isEmpty && outcomes.endedBy?.kind == .guard)
    }

    @Test("what could be read a minute ago and cannot now is not counted on")
    func becomesUnreadable() async throws {
        let rows = Rows([Self.row(1, "running", "running", "running"), Self.row(2, "running", "running", "running")], clock: clock)
        let chain = chain(rows)
        _ = try chain.limit(GuardLimits([.keepAtLeast: 1]))
        _ = try await chain.list(.all)
        rows.become([Self.row(1, "running", "running", "running")], unreadable: ["id \"2\""])
        _ = try await chain.list(.all)
        #expect(await chain.change(ChangeOrder(.stop, [1])).endedBy?.code == "incomplete")
        #expect(rows.orders.isEmpty)
    }

    @Test("a fleet that has halved is doubted, though some rows cannot be read", arguments: [(4, 1, true), (4, 2, false), (2, 4, false)])
    func halvedAndUnreadable(readable: Int, unreadable: Int, isDoubted: Bool) async throws {
        let all = (1...11).map { Self.row($0, "running", "running", "running", ",\"gpu_util\":5") }
        let rows = Rows(all, clock: clock)
        let chain = chain(rows)
        _ = try await chain.list(.all)
        rows.become(Array(all.prefix(readable)), unreadable: Array(repeating: "id 0", count: unreadable))
        _ = try await chain.list(.all)
        #expect(await chain.change(ChangeOrder(.stop, [1])).endedBy?.code == (isDoubted ? "halved" : nil))
    }

    @Test("what was read before somebody set the clock back is read again before it is acted on", arguments: [-86_400.0, -3_600, -300])
    func clockSet(jump: Double) async throws {
        let rows = Rows([Self.row(1, "running", "running", "running", ",\"gpu_util\":5")], clock: clock)
        let chain = chain(rows)
        _ = try await chain.list(.all)
        clock.setWallClock(by: .seconds(jump))
        let before = rows.readingCount
        #expect(await chain.change(ChangeOrder(.stop, [1])).isDone(1) && rows.readingCount > before)
        let again = rows.readingCount
        _ = await chain.change(ChangeOrder(.label, [1], label: "x"))
        #expect(rows.readingCount == again)
    }
}
