internal import FleetClock

/// Faults of exchanges drawn from a seed.
package struct RandomFaults {
    /// - Parameters:
    ///   - part: which part of the exchanges fails.
    ///   - within: exchanges after this one do not fail.
    package static func plan(seed: UInt64, part: Double = 0.1, within last: Int = 200) -> ExchangePlan {
        var dice = SeededGenerator(seed: seed ^ 0x6661_756C_7400)
        var plan = ExchangePlan()
        for number in 1...last where Double.random(in: 0..<1, using: &dice) < part {
            plan.faults[number] = fault(&dice)
        }
        return plan
    }

    /// One fault; the loss of the key is rare, since nothing happens afterwards.
    package static func fault(_ dice: inout some RandomNumberGenerator) -> ExchangeFault {
        let applied = Bool.random(using: &dice)
        switch Int.random(in: 0..<25, using: &dice) {
        case 0...3: return .lostAnswer
        case 4...5: return .lostRequest
        case 6...8: return .refused
        case 9...11: return .reset(applied: applied)
        case 12...13: return .timeOut(applied: applied)
        case 14...17: return .status([500, 502, 503, 504].randomElement(using: &dice) ?? 500, applied: applied)
        case 18...20: return .tooMany(retryAfter: applied ? nil : Int.random(in: 1...20, using: &dice))
        case 21...22: return .truncated(Double.random(in: 0..<1, using: &dice))
        case 23: return .slow(.seconds(Int.random(in: 1...30, using: &dice)))
        default: return Int.random(in: 0..<4, using: &dice) == 0 ? .unauthorizedFromHere : .lostAnswer
        }
    }
}
