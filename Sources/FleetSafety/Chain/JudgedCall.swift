package import FleetRules
package import FleetStore
package import VastAPI

/// A call with everything that it was judged by, so that it can be judged again when other runs have done something since.
struct JudgedCall: Sendable {
    let judge: Guard
    let order: GuardOrder
    let fleet: GuardFleet
    /// What counted in this run, and of it in the last hour.
    var run: [GuardEntry] = []
    var hour: [GuardEntry] = []
    /// What other runs of the account had done.
    let others: OtherRuns
    let place: GuardRefusal.Place
    /// The number of the call in the ledger.
    var number = 0

    init(judge: Guard, order: GuardOrder, fleet: GuardFleet, others: OtherRuns, place: GuardRefusal.Place) {
        (self.judge, self.order, self.fleet, self.others, self.place) = (judge, order, fleet, others, place)
    }

    /// - Parameter others: what other runs have done in the last hour.
    func verdict(with others: [GuardEntry]) -> Guard.Verdict {
        // Our own calls under way are no more shown than those of others, nor what takes its time.
        let underWay = hour.filter { $0.answered == nil || $0.effect.delay > 0 }
        return judge.judge(order, fleet: fleet.less(others).less(underWay), run: run, hour: hour + others)
    }

    /// Why it may not go ahead after all; nil when it may.
    func refusal(with others: [GuardEntry]) -> VastError? {
        switch verdict(with: others) {
        case .allowed: nil
        case .refused(let refusal): refusal.error(in: place)
        case .needsFleet, .needsInstances: Self.unjudgeable(order)
        }
    }

    static func unjudgeable(_ order: GuardOrder) -> VastError {
        VastError(.guard, "\(order.verb.counted(order.count)) asked, and the whole fleet could not be read to judge that")
    }
}
