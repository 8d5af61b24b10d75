import FleetSafety
import FleetStore
import Testing
import VastAPI

@testable import vast_lua

@Suite("The orders that a plan is applied by")
struct AppliedOrdersTests {
    private static func bid(_ id: InstanceID, _ price: Double, line: String = "a.lua:1") -> PlanAction {
        PlanAction(.bid, before: InstanceFacts(id: id), payload: .bid(price), line: line)
    }

    private static func act(_ verb: Change.Verb, _ id: InstanceID, line: String = "a.lua:1") -> PlanAction {
        PlanAction(verb, before: InstanceFacts(id: id), line: line)
    }

    @Test("set the last of several prices of an instance, unless something else happens to it in between")
    func prices() {
        let bids = ChangeOrder.list([Self.bid(1, 0.4), Self.bid(2, 0.4), Self.bid(1, 0.5)])
        #expect(bids.map { ($0.payload?.price?.rawValue, $0.ids) }.map { "\($0.0 ?? 0) \($0.1)" } == ["0.4 [2]", "0.5 [1]"])
        let between = ChangeOrder.list([Self.bid(1, 0.4), Self.act(.start, 1), Self.bid(1, 0.5)])
        #expect(between.map(\.verb) == [.bid, .start, .bid])
    }

    @Test("take neighbours of one line together, and keep each line with its own changes")
    func lines() {
        let orders = ChangeOrder.list([
            Self.act(.stop, 1), Self.act(.stop, 2), Self.act(.stop, 3, line: "a.lua:2"), Self.act(.stop, 1, line: "a.lua:2")
        ])
        #expect(orders.map(\.ids) == [[1, 2], [3, 1]])
        #expect(orders.map(\.decision.line) == ["a.lua:1", "a.lua:2"])
    }
}
