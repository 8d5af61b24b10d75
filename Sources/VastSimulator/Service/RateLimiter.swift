import FleetClock

/// Refuses requests that come too soon after another one of the same bucket: a pure value on a clock of its caller.
struct RateLimiter: Sendable {
    private struct Bucket: Hashable {
        let route: String
        let identity: String
    }

    private(set) var limits: RateLimits
    private var last: [Bucket: Duration] = [:]
    private var refusals = 0

    init(_ limits: RateLimits) { self.limits = limits }

    /// A refusal: what is to be said, and for how long it holds.
    struct Refusal: Sendable, Equatable {
        /// The documented interval, in seconds.
        let threshold: Double
        let multiplier: Double
        /// Seconds until the next request would be taken.
        let wait: Double
        let form: RateLimits.BodyForm
    }

    /// Takes one request, or says why not.
    ///
    /// - Parameters:
    ///   - identity: key and address together.
    ///   - now: time since any origin.
    mutating func take(_ route: Route, identity: String, now: Duration) -> Refusal? {
        let name = bucketName(route)
        guard limits.isEnabled, let threshold = limits.thresholds[name], threshold > 0 else { return nil }
        let bucket = Bucket(route: name, identity: identity)
        let interval = Duration(clampingSeconds: threshold * limits.multiplier)
        guard let previous = last[bucket], now < previous + interval else {
            last[bucket] = now
            return nil
        }
        let wait = (previous + interval - now).seconds
        if limits.refusalRestarts { last[bucket] = now }
        return Refusal(
            threshold: threshold, multiplier: limits.multiplier, wait: limits.refusalRestarts ? interval.seconds : wait,
            form: nextForm())
    }

    private func bucketName(_ route: Route) -> String {
        guard limits.sharesBulk else { return route.name }
        return switch route {
        case .bulk: "manage"
        case .destroyBulk: "destroy"
        default: route.name
        }
    }

    private mutating func nextForm() -> RateLimits.BodyForm {
        guard limits.bodyForm == .rotate else { return limits.bodyForm }
        let forms = RateLimits.BodyForm.allCases.filter { $0 != .rotate }
        defer { refusals += 1 }
        return forms[refusals % forms.count]
    }
}

extension RateLimiter.Refusal {
    /// The answer in the form that was chosen.
    func response(header: RateLimits.RetryAfterHeader) -> SimulatedResponse {
        let product = multiplier == 1 ? "\(threshold)" : "\(threshold)*\(multiplier)"
        let message = "API requests too frequent endpoint threshold=\(product)"
        var response: SimulatedResponse
        switch form {
        case .text: response = .text("API requests too frequent", status: 429)
        case .threshold, .rotate:
            response = .text("API requests too frequent: endpoint threshold=\(threshold)*\(multiplier)", status: 429)
        case .detail: response = .json(["detail": .string(message)], status: 429)
        case .error:
            response = .failure(429, "rate_limit_exceeded", message)
        case .retryAfter:
            response = .json(
                [
                    "success": false, "error": "rate_limit_exceeded", "msg": .string(message),
                    "retry_after": .double(wait.rounded(digits: 3))
                ], status: 429)
        }
        switch header {
        case .none: break
        case .whole: response.headers.append(("Retry-After", String(Int(clampingNumber: wait.rounded(.up)))))
        case .exact: response.headers.append(("Retry-After", "\(wait.rounded(digits: 3))"))
        }
        return response
    }
}
