package import VastJSON

/// How one exchange goes wrong on its way.
package enum ExchangeFault: Sendable, Equatable {
    /// No connection: the request was not sent, and the client knows that.
    case refused
    /// The request is lost on its way; the client sees a broken connection.
    case lostRequest
    /// The service has done what was asked; its answer is lost.
    case lostAnswer
    /// The connection is reset; `applied`: after the service has done what was asked.
    case reset(applied: Bool)
    /// No answer in time; `applied` as above.
    case timeOut(applied: Bool)
    /// An answer of somebody in between; `applied` as above.
    case status(
        Int, body: JSONValue = ["error": "server_error", "msg": "an error of the plan"], headers: [String: String] = [:],
        applied: Bool = false)
    /// Too many requests, with seconds to wait; nothing was done.
    case tooMany(retryAfter: Int?)
    /// From this exchange on the key is not known any more; nothing is done.
    case unauthorizedFromHere
    /// The true answer, of which this part (0 to 1) comes with a proper end.
    case truncated(Double)
    /// The true answer takes so much longer.
    case slow(Duration)

    /// What the trace calls it.
    var name: String {
        switch self {
        case .refused: "refused"
        case .lostRequest: "lost request"
        case .lostAnswer: "lost answer"
        case .reset(let applied): "reset\(applied ? ", applied" : "")"
        case .timeOut(let applied): "time-out\(applied ? ", applied" : "")"
        case .status(let status, _, _, let applied): "status \(status)\(applied ? ", applied" : "")"
        case .tooMany(let seconds): "too many, \(seconds.map { "\($0) s" } ?? "no hint")"
        case .unauthorizedFromHere: "unauthorized"
        case .truncated(let part): "truncated to \(part)"
        case .slow(let length): "slow by \(length)"
        }
    }

    /// Whether the service acts on the request.
    var isApplied: Bool {
        switch self {
        case .refused, .lostRequest, .tooMany, .unauthorizedFromHere: false
        case .lostAnswer, .truncated, .slow: true
        case .reset(let applied), .timeOut(let applied), .status(_, _, _, let applied): applied
        }
    }
}

/// When, within an exchange, something else happens.
package enum ExchangeMoment: Sendable, Hashable {
    /// Before anything of it is sent.
    case before
    /// The service has acted, and its answer is on its way.
    case answering
    /// Its answer, or its failure, is there, and the client does not know it yet.
    case after
}
