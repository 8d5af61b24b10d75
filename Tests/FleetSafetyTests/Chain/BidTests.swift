import FleetFixtures
import FleetClock
import Testing
import VastAPI
import VastJSON

@testable import FleetRules
@testable import FleetSafety
@testable import FleetStore

/// What a bid is judged as, over random instances and prices.
@Suite struct BidTests {
    private let rules = Change.Verb.bid.rules

    /// An interruptible instance with a bid.
    private static func facts(_ dice: inout SeededGenerator) throws -> InstanceFacts {
        let bid = (Double.random(in: 0.001...3, using: &dice) * 10_000).rounded() / 10_000
        let state = [InstanceState.running, .stopped, .outbid].randomElement(using: &dice) ?? .running
        var row = try TestFleet.row(12, state, more: ["is_bid": true, "dph_base": .double(bid)])
        row.hints.isOutbid = state == .outbid
        return InstanceFacts(row)
    }

    @Test("below the present bid it interrupts, above it adds to the bill, and may start what is off")
    func effects() throws {
        var dice = SeededGenerator(seed: 14)
        var (cuts, raises, starts) = (0, 0, 0)
        for _ in 0..<2_000 {
            let facts = try Self.facts(&dice)
            let bid = try #require(facts.bid).rawValue
            let price = (bid * Double.random(in: 0.2...1.9, using: &dice) * 10_000).rounded() / 10_000
            let effect = rules.effect(.bid(price), on: facts)
            if price < bid {
                #expect(
                    effect.interrupts && effect.turnsOff && !effect.addsToBill && effect.caps == [.maxStops] && !effect.isAllowedOnProtected
                )
                cuts += 1
            } else if price == bid {
                #expect(effect.caps.isEmpty && !effect.interrupts && !effect.addsToBill)
                #expect(rules.isSatisfied(facts, .bid(price)))
            } else if facts.state == .running {
                #expect(!effect.interrupts && effect.addsToBill && effect.caps.isEmpty && effect.isAllowedOnProtected)
                #expect(abs((effect.rateAdded?.rawValue ?? -1) - (price - bid)) < 1e-9)
                raises += 1
            } else {
                #expect(effect.addsToBill && effect.caps == [.maxStarts] && effect.rateAdded?.rawValue == price)
                starts += 1
            }
            // Of an instance that nobody knows, a bid may do both.
            #expect(rules.effect(.bid(price), on: nil).interrupts && rules.effect(.bid(price), on: nil).addsToBill)
        }
        #expect(cuts > 300 && raises > 100 && starts > 100)
    }

    @Test("cuts one after the other leave as many on as stops would, and a start adds the bid to the bill")
    func cutsInALoop() async throws {
        let clock = VirtualClock(mode: .jumping)
        let rows =
            try (1...3 as ClosedRange<Int64>).map { id in
                try TestFleet.row(id, more: ["is_bid": true, "dph_base": 0.5])
            } + [TestFleet.row(4, .stopped, rateOn: 0.2, more: ["is_bid": true, "dph_base": 5])]
        let guarded = GuardMiddleware(RowService(rows, clock: clock), books: ChainBooks(), clock: clock)
        _ = try guarded.limit(GuardLimits([.keepAtLeast: 2, .maxStops: 9, .maxFraction: 1, .maxRateAdded: 1]))
        var kinds: [String] = []
        for id in 1...3 as ClosedRange<Int64> {
            let outcomes = await guarded.change(ChangeOrder(.bid, [InstanceID(id)], .bid(0.01)))
            kinds.append(outcomes.endedBy?.code ?? "made")
            clock.advance(by: .seconds(15))
        }
        #expect(kinds == ["made", "keep_at_least", "keep_at_least"])
        #expect(await guarded.change(ChangeOrder(.stop, [2])).endedBy?.code == "keep_at_least")
        #expect(await guarded.change(ChangeOrder(.start, [4])).endedBy?.code == "max_rate_added")
    }

    @Test("an action of a plan whose bid has moved since is refused, also when the script has looked at nothing")
    func moved() throws {
        let before = InstanceFacts(try TestFleet.row(12, more: ["is_bid": true, "dph_base": 0.5]))
        let plan = Plan(account: "a", script: "s", created: 1, observed: 1, actions: [PlanAction(.bid, before: before, payload: .bid(0.6))])
        for (now, matches) in [(0.5, true), (0.9, false), (0.55, false)] {
            let row = try TestFleet.row(12, more: ["is_bid": true, "dph_base": .double(now)])
            #expect((PlanCheck(plan, against: TestFleet.snapshot([row])).results.first?.outcome == .matches) == matches, "\(now)")
        }
    }

    @Test(
        "a price out of range, on demand, twice in a minute or of more than twice the bid is not sent",
        arguments: [
            (0.0009, nil, nil, "invalid_argument"), (64.1, nil, 99, "invalid_argument"), (64, nil, 64, nil), (64, nil, nil, "guard"),
            (0.81, nil, nil, "guard"), (0.81, nil, 0.8, "guard"), (0.81, nil, 0.81, nil), (0.8, nil, nil, nil), (0.5, 59, nil, "conflict"),
            (0.5, 60, nil, nil), (0.5, nil, 0.45, "guard"), (0.5, nil, 0.5, nil), (0.3, nil, 0.2, "guard"), (0.4, 1, nil, nil),
            (0.001, nil, nil, nil)
        ] as [(Double, Double?, Double?, String?)])
    func refused(price: Double, sinceLast: Double?, highest: Double?, kind: String?) throws {
        let facts = InstanceFacts(try TestFleet.row(12, more: ["is_bid": true, "dph_base": 0.4]))
        let bounds = ChangeBounds(highest: highest.map { USDPerHour($0) }, sinceLast: sinceLast)
        #expect(rules.refusal(.bid(price), bounds, on: facts)?.kind.rawValue == kind)
        #expect(rules.refusal(.bid(price), bounds, on: InstanceFacts(try TestFleet.row(12)))?.kind == .invalidArgument)
        let unknown = InstanceFacts(try TestFleet.row(12, more: ["is_bid": true]))
        #expect(rules.refusal(.bid(0.3), ChangeBounds(), on: unknown)?.kind == .conflict)
    }

    @Test("a raw request is the verb only with a price, and what the verb sends is read as the verb")
    func recognised() throws {
        var dice = SeededGenerator(seed: 3)
        for _ in 0..<500 {
            let payload = ChangePayload.bid(Double.random(in: 0.001...200, using: &dice))
            let request = try #require(rules.request(for: 40112272, payload))
            let known = try KnownRequest(request.method, path: request.path, body: request.body)
            #expect(known.change == Change(.bid, [40112272], payload: payload))
        }
        for body in [["client_id": "me"], ["client_id": "me", "price": .null], ["price": "0.3"], ["price": 0.3, "more": 1], [:]]
            as [JSONValue]
        {
            #expect(try KnownRequest(.put, path: "/api/v0/instances/bid_price/12/", body: body).change?.verb == .other)
        }
    }

    @Test("a plan keeps the price, and a price with another verb, or none, is no plan")
    func plan() throws {
        let facts = InstanceFacts(try TestFleet.row(12, more: ["is_bid": true, "dph_base": 0.4]))
        let plan = Plan(
            account: "a", script: "s", created: 1, observed: 1,
            actions: [PlanAction(.bid, before: facts, payload: .bid(0.31)), PlanAction(.label, before: facts, payload: .label("x"))])
        #expect(try Plan(decoding: try plan.encoded()) == plan)
        var wrong = plan
        wrong.actions = [PlanAction(.stop, before: facts, payload: .bid(0.31))]
        #expect(throws: PlanError.self) { try Plan(decoding: try wrong.encoded()) }
        wrong.actions = [PlanAction(.bid, before: facts)]
        #expect(throws: PlanError.self) { try Plan(decoding: try wrong.encoded()) }
    }

    @Test(
        "undo puts the bid back, unless somebody has changed it since",
        arguments: [
            (0.31, ["bid 12 $0.4/h"]), (0.4, []), (0.5, [])
        ] as [(Double, [String])])
    func undo(now: Double, steps: [String]) throws {
        let before = InstanceFacts(try TestFleet.row(12, more: ["is_bid": true, "dph_base": 0.4]))
        let row = try TestFleet.row(12, more: ["is_bid": true, "dph_base": .double(now)])
        let change = JournalChange(
            number: 1, run: "r", time: 1, call: 1, instance: 12, verb: .bid, isCompensation: false, attempts: 1, status: .confirmed,
            payload: .bid(0.31), before: before)
        let plan = UndoPlan([change], fleet: TestFleet.snapshot([row]), now: 2)
        #expect(plan.steps.map { "\($0.verb) \($0.id) \($0.payload?.shown ?? "")" } == steps)
    }
}

extension BidTests {
    @Test(
        "undo of a cut that has parked the instance says that the bid alone does not bring it back",
        arguments: [(InstanceState.outbid, true), (.stopped, true), (.running, false)])
    func undoOfParked(state: InstanceState, isOff: Bool) throws {
        let before = InstanceFacts(try TestFleet.row(12, more: ["is_bid": true, "dph_base": 0.4]))
        let row = try TestFleet.row(12, state, more: ["is_bid": true, "dph_base": 0.31])
        let change = JournalChange(
            number: 1, run: "r", time: 1, call: 1, instance: 12, verb: .bid, isCompensation: false, attempts: 1, status: .confirmed,
            payload: .bid(0.31), before: before)
        let plan = UndoPlan([change], fleet: TestFleet.snapshot([row]), now: 2)
        let risks = try #require(plan.steps.first).risks.map(\.text)
        #expect(risks == (isOff ? ["may start and bill", "off until its bid wins"] : []))
    }
}

/// A fleet of given rows that accepts everything.
private struct RowService: FleetService {
    let rows: [Instance]
    let clock: any FleetClock

    init(_ rows: [Instance], clock: any FleetClock) { (self.rows, self.clock) = (rows, clock) }

    func list(_ query: ListQuery) async throws -> FleetSnapshot {
        let fresh = rows.compactMap { Instance(row: $0.row, observedAt: clock.now) }
        return FleetSnapshot(instances: fresh, observedAt: clock.now, isComplete: true, isFiltered: query != .all)
    }

    func show(_ id: InstanceID) async throws -> Instance? { try await list(.all)[id] }
    func user() async throws -> User { throw VastError(.network, "none") }
    func request(_ order: RequestOrder) async throws -> JSON? { nil }

    func change(_ order: ChangeOrder) async -> ChangeOutcomes {
        var outcomes = ChangeOutcomes(order.ids)
        for id in order.ids { outcomes.set(id, .accepted) }
        return outcomes
    }
}
