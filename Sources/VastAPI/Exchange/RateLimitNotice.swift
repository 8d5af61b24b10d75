#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif
internal import VastJSON

/// What a refusal because of too many requests says about the limit (Vast API contract, section 6).
struct RateLimitNotice: Equatable {
    /// The smallest interval between requests that the service names, `threshold=A*B`.
    var threshold: Duration?
    /// How long it asks to wait.
    var retryAfter: Duration?
    /// Whether it is a quota of the day, for which waiting is no use.
    var isDailyQuota = false

    // Longer intervals than this are not limits of this service but nonsense.
    private static let longest = 86_400.0

    init(threshold: Duration? = nil, retryAfter: Duration? = nil, isDailyQuota: Bool = false) {
        self.threshold = threshold
        self.retryAfter = retryAfter
        self.isDailyQuota = isDailyQuota
    }

    init(response: HTTPResponse, json: JSON?, text: String, code: String?, now: Date) {
        threshold = Self.threshold(in: text)
        retryAfter = json?["retry_after"].flatMap(Self.seconds) ?? Self.retryAfter(response.header("Retry-After"), now: now)
        isDailyQuota = code == "search_quota_exceeded"
    }

    /// The product in `threshold=2.0*1.5`, also without a factor.
    static func threshold(in text: String) -> Duration? {
        guard let range = text.firstRange(of: "threshold=") else { return nil }
        let product = text[range.upperBound...].prefix { $0.isASCII && ($0.isNumber || ".*eE+-".contains($0)) }
        let factors = product.split(separator: "*").map { part in
            Double(part.hasSuffix(".") ? part.dropLast() : part)
        }
        guard !factors.isEmpty, factors.allSatisfy({ $0 != nil }) else { return nil }
        return length(factors.reduce(1) { $0 * ($1 ?? 1) })
    }

    /// A `Retry-After` header: seconds or a date.
    static func retryAfter(_ header: String?, now: Date) -> Duration? {
        guard let header else { return nil }
        let text = header.singleLine
        if let seconds = Double(text) { return length(seconds) }
        return HTTPDate.parse(text).flatMap { length(max(0, $0.timeIntervalSince(now))) }
    }

    private static func seconds(_ json: JSON) -> Duration? {
        (json.double ?? json.string.flatMap { Double($0) }).flatMap(length)
    }

    private static func length(_ seconds: Double) -> Duration? {
        guard seconds.isFinite, seconds >= 0, seconds <= longest else { return nil }
        return .seconds(seconds)
    }
}
