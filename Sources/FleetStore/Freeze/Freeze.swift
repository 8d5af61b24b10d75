package import FleetRules
internal import FleetClock
package import VastModels

/// That nothing may be changed, by whom and until when it was said.
package struct Freeze: Sendable, Equatable {
    /// When it was said, in Unix seconds.
    package var since: Double
    /// When it ends by itself, in Unix seconds; nil: when somebody thaws.
    package var until: Double?
    /// Why, in the words of whoever said it; nil when no reason was given.
    package var reason: String?
    /// Who said it, such as `ops@laptop`.
    package var by: String
    /// Why the place of the file cannot be looked at, so that nobody knows whether there is a freeze; nil when it can. No
    /// thaw helps then, and nothing can be noted there either.
    package var obstacle: StateError?
    /// The command that ends it.
    package var remedy = Self.usualRemedy

    /// The command that ends a freeze wherever the state is the usual one.
    package static let usualRemedy = "vast-lua thaw"

    /// - Parameters:
    ///   - since: when it was said, in Unix seconds.
    ///   - until: when it ends by itself, in Unix seconds; nil: when somebody thaws.
    ///   - by: who said it, such as `ops@laptop`.
    package init(since: Double, until: Double? = nil, reason: String? = nil, by: String) {
        self.since = since
        self.until = until
        self.reason = reason
        self.by = by
    }

    /// Whether it still holds; at its end no more.
    package func holds(at now: Double) -> Bool { until.map { now < $0 } ?? true }

    /// One line for people: `frozen by ops@laptop for another 7h59m: maintenance`. Without control characters, whatever the
    /// file has.
    package func text(at now: Double) -> String {
        let length = until.map { " for another \(DurationFormat.format(Duration(clampingSeconds: max(0, $0 - now))))" } ?? ""
        let why = reason.map { ": \(PrintableText.safe($0, limit: Self.longestReason))" } ?? ""
        return "frozen by \(PrintableText.safe(by, limit: 100))\(length)" + why
    }

    /// How many characters of a reason are shown.
    private static let longestReason = 1_000

    /// The error for a change that it stops; its code is `frozen`, or `journal` when it is not known whether there is one.
    package func refusal(at now: Double) -> VastError {
        if let obstacle {
            return VastError(
                .guard, "it cannot be seen whether there is a freeze: \(obstacle)", code: VastError.stateCode, cause: obstacle)
        }
        return VastError(.guard, text(at: now), code: "frozen", hint: "to allow   \(remedy)")
    }
}
