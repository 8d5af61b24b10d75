package import VastAPI

/// That nothing may be changed, by whom and until when it was said.
package struct Freeze: Sendable, Equatable {
    /// When it was said, in Unix seconds.
    package var since: Double
    /// When it ends by itself, in Unix seconds; nil: when somebody thaws.
    package var until: Double?
    package var reason: String?
    /// Who said it, such as `ops@laptop`.
    package var by: String

    package init(since: Double, until: Double? = nil, reason: String? = nil, by: String) {
        self.since = since
        self.until = until
        self.reason = reason
        self.by = by
    }

    /// Whether it still holds.
    package func holds(at now: Double) -> Bool { until.map { now < $0 } ?? true }

    /// One line for people: `frozen by ops@laptop for another 7h59m: maintenance`.
    package func text(at now: Double) -> String {
        let length = until.map { " for another \(LengthText.format(.seconds(max(0, $0 - now))))" } ?? ""
        return "frozen by \(by)\(length)" + (reason.map { ": \($0)" } ?? "")
    }

    /// The error for a change that it stops; its code is `frozen`.
    package func refusal(at now: Double) -> VastError {
        VastError(.guard, text(at: now), code: "frozen", hint: "to allow   vast-lua thaw")
    }
}
