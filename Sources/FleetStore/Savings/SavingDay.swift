package import VastModels
package import VastJSON

/// What the stops of one day and one policy have saved, of those that the journal does not keep any more.
package struct SavingDay: Sendable, Equatable {
    /// When the day begins, in Unix seconds; days are those of UTC.
    package var start: Double
    /// nil: scripts did by themselves.
    package var policy: String?
    /// How many stops there were.
    package var stops = 0
    /// Of them those that were started again soon after; see ``Saving/regret``.
    package var regretted = 0
    /// Of them those of which a rate was not known.
    package var unknown = 0
    /// In dollars, of those of which it was known.
    package var amount = 0.0

    /// A day, or any span that begins at `start` (Unix seconds), without stops.
    package init(start: Double, policy: String? = nil) { (self.start, self.policy) = (start, policy) }

    /// One stop by itself.
    package init(_ saving: Saving) {
        self.init(start: saving.from, policy: saving.policy)
        stops = 1
        regretted = saving.isRegretted ? 1 : 0
        unknown = saving.amount == nil ? 1 : 0
        amount = saving.amount ?? 0
    }

    /// For `--json`.
    package var json: JSONObject {
        var object: JSONObject = [
            "day": .double(start), "stops": .integer(Int64(stops)), "regretted": .integer(Int64(regretted)),
            "unknown": .integer(Int64(unknown)), "saved": .double(amount.isFinite ? amount : 0)
        ]
        object["policy"] = policy.map { .string($0) }
        return object
    }
}
