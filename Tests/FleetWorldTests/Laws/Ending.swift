import FleetClock
import FleetStore
import FleetWorld

/// What goes wrong in a world from an exchange on, or at it.
enum Ending: CaseIterable {
    case nothing, freeze, unauthorized, journal, lostAnswer, lostRequest, refused, server, reset, truncated, tooMany, mixed, interrupt

    /// Lets it happen in a world.
    ///
    /// - Parameter first: the number of the exchange.
    func plan(_ first: Int, in world: TestWorld, _ dice: inout SeededGenerator) {
        var plan = ExchangePlan()
        let length = [1, 1, 2, 5, 30].randomElement(using: &dice) ?? 1
        let applied = Bool.random(using: &dice)
        switch self {
        case .nothing: break
        case .freeze:
            plan.at(moment(&dice), first) { [weak world] in
                guard let world else { return }
                try? world.freeze.freeze(Freeze(since: world.clock.unixTime, reason: "a law", by: "somebody"))
            }
        case .journal:
            let once = Bool.random(using: &dice)
            plan.at(moment(&dice), first) { [weak world] in world?.files.fail(.full, at: 1, of: [.write], lasting: !once) }
        case .interrupt: plan.at(moment(&dice), first) { [weak world] in world?.interrupt() }
        case .unauthorized: plan.faults[first] = .unauthorizedFromHere
        case .lostAnswer: fill(&plan, first, length, .lostAnswer)
        case .lostRequest: fill(&plan, first, length, .lostRequest)
        case .refused: fill(&plan, first, length, .refused)
        case .server: fill(&plan, first, length, .status([500, 502, 503, 504].randomElement(using: &dice) ?? 500, applied: applied))
        case .reset: fill(&plan, first, length, .reset(applied: applied))
        case .truncated: fill(&plan, first, length, .truncated(Double.random(in: 0..<1, using: &dice)))
        case .tooMany: fill(&plan, first, length, .tooMany(retryAfter: applied ? nil : 3))
        case .mixed: plan = RandomFaults.plan(seed: dice.next(), part: 0.3)
        }
        world.transport.plan = plan
    }

    private func moment(_ dice: inout SeededGenerator) -> ExchangeMoment {
        [.before, .answering, .after].randomElement(using: &dice) ?? .before
    }

    private func fill(_ plan: inout ExchangePlan, _ first: Int, _ length: Int, _ fault: ExchangeFault) {
        for number in first..<first + length { plan.faults[number] = fault }
    }
}
