/// The one error type of this library: what kind of failure, what to do next, and where it came from.
///
/// Compare ``kind`` and ``code``, never the text.
public struct VastError: Error, Sendable {
    /// Whether a request that failed may have changed something.
    public enum Effect: Sendable, Hashable {
        /// Nothing was changed.
        case none
        /// The answer was lost: it may have been carried out, or may still be.
        case unknown
    }

    /// What kind of failure it is; compare this and ``code``.
    public var kind: Kind
    /// What happened and what to do next, for a person.
    public var message: String
    /// The HTTP status, when there was an answer.
    public var status: Int?
    /// The service's own `error` member.
    public var code: String?
    /// The instance that it is about.
    public var instance: InstanceID?
    /// The request that failed, such as `PUT /api/v0/instances/12/`.
    public var request: String?
    /// How many times the request was sent.
    public var attempts: Int
    /// How long the service asks to wait.
    public var retryAfter: Duration?
    /// Whether something may have been changed all the same.
    public var effect: Effect
    /// For ``Kind/partial`` and for an error that ended a list: how it went for each instance.
    public var results: [InstanceID: Result<Void, VastError>]
    /// For ``Kind/partial``: what ended the list before everything was tried, in one word; see ``endWord``.
    public var endedBy: String?
    /// What would help, for a person, such as `to allow   vast.guard{max_stops=27}`; shown on lines of its own.
    public var hint: String?
    /// When the request was first sent, on the clock's uptime.
    package var firstSentAt: Duration?
    /// The error of a lower layer.
    public var cause: (any Error)?

    /// - Parameters:
    ///   - message: what happened and what to do next, for a person.
    ///   - status: the HTTP status; nil when there was no answer.
    ///   - code: the service's own `error` member.
    ///   - attempts: how often the request was sent.
    ///   - effect: whether the request may have changed something.
    ///   - cause: the error of a lower layer.
    public init(
        _ kind: Kind, _ message: String, status: Int? = nil, code: String? = nil, instance: InstanceID? = nil,
        request: String? = nil, attempts: Int = 0, retryAfter: Duration? = nil, effect: Effect = .none,
        results: [InstanceID: Result<Void, VastError>] = [:], hint: String? = nil, cause: (any Error)? = nil
    ) {
        self.kind = kind
        self.message = message
        self.status = status
        self.code = code
        self.instance = instance
        self.request = request
        self.attempts = attempts
        self.retryAfter = retryAfter
        self.effect = effect
        self.results = results
        self.hint = hint
        self.cause = cause
    }
}

extension VastError {
    /// What kind of failure it is; an open set.
    public struct Kind: RawRepresentable, Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
        /// As scripts, the journal and JSON output write it, such as `not_found`.
        public let rawValue: String

        /// Every word is a kind: scripts and later versions have more of them.
        public init(rawValue: String) { self.rawValue = rawValue }
        /// A kind as it is written in source code.
        public init(stringLiteral value: String) { rawValue = value }
        public var description: String { rawValue }

        /// The request was wrong in itself; sending it again cannot help.
        public static let invalidArgument: Kind = "invalid_argument"
        /// There is no such instance, or it belongs to somebody else.
        public static let notFound: Kind = "not_found"
        /// The key is missing, wrong or expired.
        public static let unauthorized: Kind = "unauthorized"
        /// The key is good but may not do this.
        public static let forbidden: Kind = "forbidden"
        /// The service refused because of too many requests, for longer than we were to wait.
        public static let rateLimited: Kind = "rate_limited"
        /// The GPUs are rented to somebody else.
        public static let unavailable: Kind = "unavailable"
        /// The account has no credit or no means of payment.
        public static let billing: Kind = "billing"
        /// The service refused a change, or something changed in between.
        public static let conflict: Kind = "conflict"
        /// A safety rule of ours refused.
        public static let `guard`: Kind = "guard"
        /// Some instances of a list failed; see ``VastError/results``.
        public static let partial: Kind = "partial"
        /// There was no answer in time.
        public static let timeout: Kind = "timeout"
        /// The service could not be reached, or the connection broke.
        public static let network: Kind = "network"
        /// The service failed, or answered something that cannot be understood.
        public static let server: Kind = "server"
        /// The task was cancelled.
        public static let cancelled: Kind = "cancelled"

        /// Every kind that this package raises.
        public static let all: [Kind] = [
            .invalidArgument, .notFound, .unauthorized, .forbidden, .rateLimited, .unavailable, .billing, .conflict, .guard, .partial,
            .timeout, .network, .server, .cancelled
        ]
    }

    /// Whether the service itself says that the instance does not exist any more; a 404 alone proves nothing (Vast API
    /// contract, sections 2.3 and 9).
    public var meansGone: Bool {
        kind == .notFound && (code == "no_such_instance" || code == "not_found" || status == 410)
    }

    /// Whether the same may work later, and repeating it can do no harm.
    public var isRetryable: Bool {
        effect == .none && ([.network, .timeout, .server, .rateLimited, .unavailable].contains(kind) || code == "too_soon")
    }

    /// Whether this error ends a list at once: what follows would fail the same way.
    public var endsList: Bool { [.guard, .unauthorized, .cancelled].contains(kind) }

    /// The word for what ended a list: `guard`, `unauthorized`, `cancelled`, or `state` when a change could not be written
    /// down; other kinds stand for themselves.
    public var endWord: String { code == Self.stateCode ? "state" : kind.rawValue }

    /// The `code` of an error about a state on disk that cannot be read or written.
    public static let stateCode = "journal"

    /// The message, and that nothing was sent: for a call of which nothing has left.
    public var sayingNothingWasSent: VastError {
        var copy = self
        let end = message.last.map { ".?!…".contains($0) } == true ? "" : "."
        copy.message = "\(message)\(end) Nothing was sent."
        return copy
    }

    /// The message with what would help on lines of its own.
    public var text: String { hint.map { "\(message)\n  \($0)" } ?? message }

    /// The same about an instance of the same list to which nothing was sent because of it.
    package func unsent(_ id: InstanceID) -> VastError {
        guard attempts > 0 else { return about(id) }
        var copy = self
        (copy.instance, copy.status, copy.request, copy.attempts) = (id, nil, nil, 0)
        copy.message = "not sent, since the list ended with: \(message)"
        return copy
    }

    /// The same error about one instance.
    package func about(_ id: InstanceID) -> VastError {
        guard instance == nil else { return self }
        var copy = self
        copy.instance = id
        return copy
    }
}

extension VastError: CustomStringConvertible {
    /// One line: what happened, the request, and how often it was tried.
    public var description: String {
        var details: [String] = []
        if let request { details.append(request) }
        if let status { details.append("status \(status)") }
        if let code { details.append(code) }
        if attempts > 1 { details.append("\(attempts) tries") }
        let suffix = details.isEmpty ? "" : " (\(details.joined(separator: ", ")))"
        return "\(kind): \(message)\(suffix)"
    }
}
