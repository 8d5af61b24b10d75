/// That a request takes longer than a few seconds: what is waited for, and how long at most.
public struct WaitNotice: Sendable, CustomStringConvertible {
    /// What the request is for, where that has to be known, such as a start that may bill until it is withdrawn.
    public var purpose: String?
    /// The request, such as `GET /api/v1/instances/`.
    public var request: String
    /// What has come of it so far, such as `status 429, too many requests`; nil: nothing yet.
    public var problem: String?
    /// How often it was sent.
    public var attempts: Int
    /// How long until it is sent again; nil: the answer to the last sending is waited for.
    public var nextTry: Duration?
    /// How long it is waited for at most from now on.
    public var atMost: Duration

    /// A notice as it is told.
    public init(
        purpose: String? = nil, request: String, problem: String? = nil, attempts: Int, nextTry: Duration? = nil, atMost: Duration
    ) {
        (self.purpose, self.request, self.problem) = (purpose, request, problem)
        (self.attempts, self.nextTry, self.atMost) = (attempts, nextTry, atMost)
    }

    /// One line for a person.
    public var description: String {
        let happened = problem.map { "\(request): \($0)" } ?? "no answer to \(request) yet"
        var next = nextTry.map { "next try in \(Self.shown($0))" }
        if next == nil, problem != nil { next = "try \(attempts) is under way" }
        return (["\(purpose ?? "waiting for the service"): \(happened)", next] + ["for \(Self.shown(atMost)) more at most"])
            .compactMap(\.self).joined(separator: "; ")
    }

    /// Whole seconds, or minutes when there are many, rounded up.
    private static func shown(_ length: Duration) -> String {
        let (whole, rest) = length.components
        let seconds = max(0, whole + (rest > 0 ? 1 : 0))
        return seconds <= 120 ? "\(seconds) s" : "\((seconds + 59) / 60) min"
    }
}
