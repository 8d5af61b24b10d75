/// How fast one may ask (API contract, rate limits).
package struct RateLimits: Sendable, Equatable {
    /// The bodies that a refusal was seen with.
    package enum BodyForm: String, Sendable, CaseIterable {
        /// `API requests too frequent`
        case text
        /// `API requests too frequent: endpoint threshold=2.0*1.0`
        case threshold
        /// `{"detail": …}`
        case detail
        /// `{"success": false, "error": "rate_limit_exceeded", "msg": …}`
        case error
        /// `{"success": false, …, "retry_after": seconds}`
        case retryAfter = "retry_after"
        /// Each of these in turn.
        case rotate
    }
    /// What a refusal says in the header `Retry-After`.
    package enum RetryAfterHeader: String, Sendable, CaseIterable {
        case none
        /// Whole seconds, rounded up.
        case whole
        /// With three digits after the point.
        case exact
    }

    /// Whether anything is refused.
    package var isEnabled = false
    /// The least seconds between two requests, by route name; routes that are not named are unlimited.
    package var thresholds: [String: Double] = documented
    /// What multiplies every threshold, as an account's own factor does.
    package var multiplier = 1.0
    /// The body of a refusal.
    package var bodyForm = BodyForm.rotate
    /// The header of a refusal.
    package var retryAfterHeader = RetryAfterHeader.none
    /// Whether a refused request begins the interval anew.
    package var refusalRestarts = false
    /// Whether single and bulk changes share one interval.
    package var sharesBulk = true

    /// The documented thresholds, switched off.
    package init() {}

    /// The thresholds of the API's own pages, in seconds; those of bulk changes are assumed.
    package static let documented: [String: Double] = [
        "list": 1, "show": 2, "manage": 1, "bulk": 1, "start": 2, "reboot": 1, "recycle": 1, "destroy": 3,
        "destroy_bulk": 3, "execute": 1.5, "bid_price": 5.5, "prepay": 2, "create": 4.5
    ]
}
