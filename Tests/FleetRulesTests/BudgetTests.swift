import FleetRules
import Testing

@Suite struct BudgetTests {
    @Test(
        "the strictest of the limits holds, as a rate",
        arguments: [
            (Budget(perDay: 24), 100.0, 1.0), (Budget(perMonth: 730.5), nil, 1), (Budget(runway: .seconds(36_000)), 20, 2),
            (Budget(perDay: 24, perMonth: 7_305, runway: .seconds(3_600)), 0.5, 0.5), (Budget(runway: .seconds(3_600)), -3, 0)
        ] as [(Budget, Double?, Double)])
    func bounds(budget: Budget, credit: Double?, rate: Double) throws {
        let bound = try #require(budget.bound(credit: credit))
        #expect(abs(bound.rate - rate) < 1e-9)
    }

    @Test("an unknown credit is no empty one: a runway alone says nothing then")
    func unknownCredit() {
        #expect(Budget(runway: .seconds(3_600)).bound(credit: nil) == nil)
        #expect(Budget(perDay: 24, runway: .seconds(3_600)).bound(credit: nil)?.rate == 1)
    }

    private let candidates = [
        Budget.Candidate(id: 1, rank: 1, saving: 9), .init(id: 2, rank: 0, saving: 1), .init(id: 3, rank: 0, saving: 2),
        .init(id: 4, rank: 0, saving: 0), .init(id: 5, rank: 0, saving: -1)
    ]

    @Test(
        "what is declared first goes first, the dearest of a place before others, and no more than is needed",
        arguments: [
            (20, []), (12, []), (11.5, [3]), (10, [3]), (9, [3, 2]), (8, [3, 2, 1]), (0, [3, 2, 1])
        ] as [(Double, [Int])])
    func order(bound: Double, stopped: [Int]) {
        #expect(Budget.stops(from: 12, to: bound, candidates).map(\.id) == stopped)
    }
}
