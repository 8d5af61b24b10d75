import FleetClock
import VastModels

/// How much a fleet may cost, and what is stopped first when it costs more.
package struct Budget: Sendable, Equatable {
    /// Something that may be stopped.
    package struct Candidate<ID: Sendable & Comparable>: Sendable {
        /// Breaks the tie between candidates of one rank and one saving.
        package var id: ID
        /// Its place in the declared order; lower ones go first.
        package var rank: Int
        /// What stopping it takes off the bill, in $/h.
        package var saving: Double

        /// - Parameters:
        ///   - rank: its place in the declared order; lower ones go first.
        ///   - saving: what stopping it takes off the bill, in $/h.
        package init(id: ID, rank: Int, saving: Double) {
            (self.id, self.rank, self.saving) = (id, rank, saving)
        }
    }

    /// A limit as the rate that it allows.
    package struct Bound: Sendable, Equatable {
        /// $/h.
        package var rate: Double
        /// What it comes from, for people.
        package var why: String

        /// - Parameter rate: in $/h.
        package init(rate: Double, why: String) { (self.rate, self.why) = (rate, why) }
    }

    /// Hours in a mean month.
    private static let month = 365.25 / 12 * 24

    /// In $, if the fleet goes on as it is for a day.
    package var perDay: Double?
    /// In $, if it goes on as it is for a month.
    package var perMonth: Double?
    /// How long the credit must last at least.
    package var runway: Duration?

    /// - Parameters:
    ///   - perDay: in $; nil: no such limit.
    ///   - perMonth: in $ of a mean month; nil: no such limit.
    ///   - runway: how long the credit must last; nil: no such limit.
    package init(perDay: Double? = nil, perMonth: Double? = nil, runway: Duration? = nil) {
        (self.perDay, self.perMonth, self.runway) = (perDay, perMonth, runway)
    }

    /// The strictest limit; nil when there is none, such as a runway without a known credit.
    ///
    /// - Parameter credit: in $.
    package func bound(credit: Double?) -> Bound? {
        var bounds: [Bound] = []
        if let perDay { bounds.append(Bound(rate: perDay / 24, why: "per_day = \(perDay)")) }
        if let perMonth { bounds.append(Bound(rate: perMonth / Self.month, why: "per_month = \(perMonth)")) }
        if let runway, let credit, runway > .zero {
            bounds.append(
                Bound(
                    rate: max(0, credit) / (runway.seconds / 3_600),
                    why: "runway = \(DurationFormat.format(runway)) of a credit of \(Dollars.text(credit))"))
        }
        return bounds.min { $0.rate < $1.rate }
    }

    /// What to stop so that the bill comes down to the bound, in the declared order and the dearest of a place first.
    ///
    /// - Parameters:
    ///   - rate: the bill now, in $/h.
    ///   - candidates: those without a saving are left alone.
    /// - Returns: nothing when the bill is within the bound; all that may be stopped when that is not enough.
    package static func stops<ID>(from rate: Double, to bound: Double, _ candidates: [Candidate<ID>]) -> [Candidate<ID>] {
        var (left, chosen) = (rate, [Candidate<ID>]())
        // A millionth of a dollar is rounding.
        for candidate in candidates.sorted(by: { ($0.rank, -$0.saving, $0.id) < ($1.rank, -$1.saving, $1.id) })
        where left > bound + 1e-6 && candidate.saving > 0 {
            chosen.append(candidate)
            left -= candidate.saving
        }
        return chosen
    }
}
