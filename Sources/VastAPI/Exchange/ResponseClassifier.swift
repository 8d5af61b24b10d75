#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif
internal import VastJSON

/// Decides what an answer means: by the service's own `error` and `msg` first, by the status after that (Vast API
/// contract, sections 1, 2.3, 3 and 6). Pure: no I/O, no clock.
struct ResponseClassifier {
    let endpoint: Endpoint
    let key: APIKey
    /// The local time, for a `Retry-After` that is a date.
    let now: Date

    enum Verdict {
        case success(JSON?)
        /// Refused because of too many requests.
        case tooFrequent(RateLimitNotice, VastError)
        /// Leads elsewhere.
        case redirect(String, status: Int)
        /// Failed; `isTransient` when the same request may well succeed later.
        case failure(VastError, isTransient: Bool)
    }

    /// One odd number or text must not make all rows unreadable.
    private static let limits: JSONDocument.Limits = {
        var limits = JSONDocument.Limits()
        limits.acceptsUnfitValues = true
        return limits
    }()

    func classify(_ response: HTTPResponse) -> Verdict {
        let parsed = Result { try JSONDocument(parsing: response.body, limits: Self.limits) }
        let json = try? parsed.get().root
        // The usual answer needs no words, and finding them takes as long as parsing a page.
        if let json, (200..<300).contains(response.status), isPlainSuccess(json) { return .success(json) }
        let words = Words(json: json, response, key: key)
        if response.status == 429 || words.isOwn && isFrequencyRefusal(words) { return tooFrequent(response, json, words) }
        if (300..<400).contains(response.status), let place = response.header("Location") {
            return .redirect(place, status: response.status)
        }
        if (200..<300).contains(response.status) { return ok(response, parsed, words) }
        return refused(response, words)
    }

    private func isPlainSuccess(_ json: JSON) -> Bool {
        json["success"]?.bool == true && (json["error"]?.isNull ?? true)
    }

    private func isFrequencyRefusal(_ words: Words) -> Bool {
        words.code == "rate_limit_exceeded" || words.code == "search_quota_exceeded"
    }

    private func tooFrequent(_ response: HTTPResponse, _ json: JSON?, _ words: Words) -> Verdict {
        let notice = RateLimitNotice(response: response, json: json, text: words.raw, code: words.code, now: now)
        var error = error(.rateLimited, words, response)
        error.message = "too many requests: \(words.text)"
        error.retryAfter = notice.retryAfter
        return .tooFrequent(notice, error)
    }

    private func ok(_ response: HTTPResponse, _ parsed: Result<JSONDocument, any Error>, _ words: Words) -> Verdict {
        switch parsed {
        case .failure(let cause):
            if endpoint.change == nil, endpoint.repetition != .read, response.body.isEmpty { return .success(nil) }
            return .failure(garbled(response, cause), isTransient: true)
        case .success(let document):
            let root = document.root
            if root["success"]?.bool == false { return refusedInside(response, words) }
            // The old list route tells of its end with status 200 too.
            if words.code != nil, root["success"] == nil { return refused(response, words) }
            if endpoint.change != nil, endpoint.change?.verb != .other, root["success"]?.bool != true {
                return .failure(
                    unexpected(response, "the answer does not say `success`: \(words.text)"), isTransient: true)
            }
            return .success(root)
        }
    }

    private func garbled(_ response: HTTPResponse, _ cause: any Error) -> VastError {
        let foreign = ForeignAnswer(response, key: key)
        // What begins as JSON is the service's, cut off or damaged.
        guard let first = response.body.first(where: { $0 > 0x20 }), first == UInt8(ascii: "{") || first == UInt8(ascii: "[") else {
            return unexpected(
                response, "the answer is \(foreign) and not the service's; is there a proxy, a firewall or a login page between?",
                cause: foreign)
        }
        let reason = (cause as? JSONError)?.description ?? "not JSON"
        return unexpected(response, "the answer cannot be understood (\(reason)): \(foreign)", cause: cause)
    }

    private func unexpected(_ response: HTTPResponse, _ message: String, cause: (any Error)? = nil) -> VastError {
        VastError(
            .server, message, status: response.status, instance: onlyInstance, request: endpoint.name,
            effect: endpoint.change == nil ? .none : .unknown, cause: cause)
    }

    // A refusal inside a 200 was read and answered by the service itself, so it is final. There is nothing to refuse in a reading.
    private func refusedInside(_ response: HTTPResponse, _ words: Words) -> Verdict {
        let usual: VastError.Kind = endpoint.change == nil && endpoint.method == .get ? .server : .conflict
        return .failure(error(kind(of: words) ?? usual, words, response), isTransient: false)
    }

    private func refused(_ response: HTTPResponse, _ words: Words) -> Verdict {
        guard words.isServices else { return refusedOnTheWay(response, words) }
        let verdict = meaning(response, words)
        // Something between here and the service may have answered after it has passed the request on.
        guard endpoint.change != nil, !words.isOwn, case .failure(var error, let isTransient) = verdict else { return verdict }
        error.effect = .unknown
        return .failure(error, isTransient: isTransient)
    }

    /// What is between may let the next request through. A page says so with any status, a plain text only with one that does not
    /// say that the request itself is wrong.
    private func refusedOnTheWay(_ response: HTTPResponse, _ words: Words) -> Verdict {
        let foreign = ForeignAnswer(response, key: key)
        let kind: VastError.Kind = [408, 425].contains(response.status) && !foreign.isPage ? .timeout : .server
        var error = lost(kind, words, response)
        error.cause = foreign
        error.message =
            response.status >= 500 && response.status != 511
            ? "the service, or something between here and it, failed: status \(response.status) with \(foreign)"
            : "something between here and the service, and not the service, has answered with status \(response.status) and \(foreign); "
                + "is there a proxy, a firewall or a login page?"
        let isFinal = !foreign.isPage && [400, 405, 413, 414, 415, 422, 501, 505].contains(response.status)
        return .failure(error, isTransient: !isFinal)
    }

    private func meaning(_ response: HTTPResponse, _ words: Words) -> Verdict {
        if let kind = kind(of: words) { return .failure(error(kind, words, response), isTransient: false) }
        switch response.status {
        case 401: return .failure(error(.unauthorized, words, response), isTransient: false)
        case 402, 411: return .failure(error(.billing, words, response), isTransient: false)
        case 403: return .failure(error(.forbidden, words, response), isTransient: false)
        case 404, 410: return .failure(error(.notFound, words, response), isTransient: false)
        case 408, 425: return .failure(lost(.timeout, words, response), isTransient: true)
        case 501, 505: return .failure(error(.server, words, response), isTransient: false)
        case 500...: return .failure(lost(.server, words, response), isTransient: true)
        case 400..<500: return .failure(error(.invalidArgument, words, response), isTransient: false)
        default: return .failure(lost(.server, words, response), isTransient: false)
        }
    }

    private func lost(_ kind: VastError.Kind, _ words: Words, _ response: HTTPResponse) -> VastError {
        var error = error(kind, words, response)
        error.effect = endpoint.change == nil ? .none : .unknown
        error.retryAfter = RateLimitNotice.retryAfter(response.header("Retry-After"), now: now)
        return error
    }

    private func kind(of words: Words) -> VastError.Kind? {
        if let kind = authenticationKind(words) { return kind }
        switch words.code {
        case "no_such_instance", "not_found", "no_such_user": return .notFound
        case "resources_unavailable": return .unavailable
        case "missing_billing", "insufficient_credit": return .billing
        case "label_too_long", "invalid_args", "invalid_id", "invalid_request", "invalid_token", "missing_input",
            "empty_input", "invalid_instance_id", "invalid_price":
            return .invalidArgument
        case "not_authorized": return .forbidden
        case "deprecated_endpoint": return .server
        default: break
        }
        // Its answer without a code that says so.
        if words.contains("state change queued") { return .unavailable }
        return words.contains("insufficient credit") ? .billing : nil
    }

    private func authenticationKind(_ words: Words) -> VastError.Kind? {
        if words.contains("access to `?api.") || words.contains("lacks access") { return .forbidden }
        if words.contains("api.instance") && words.contains("access") { return .forbidden }
        if words.code == "auth_error" || words.contains("invalid user key") || words.contains("session expired")
            || words.contains("two factor authentication") || words.contains("requires login")
        {
            return .unauthorized
        }
        return nil
    }

    private func error(_ kind: VastError.Kind, _ words: Words, _ response: HTTPResponse) -> VastError {
        VastError(
            kind, advice(kind, words), status: response.status, code: words.code,
            instance: onlyInstance, request: endpoint.name)
    }

    private var onlyInstance: InstanceID? { endpoint.change?.onlyInstance }

    private func advice(_ kind: VastError.Kind, _ words: Words) -> String {
        switch kind {
        case .unauthorized where words.contains("session expired"):
            "the session in \(key.source) has expired; log in again or remove it\(key.othersNamed)"
        case .unauthorized where words.contains("two factor"):
            "\(words.text): log in with two factors (`vastai tfa login`), then run this again"
        case .unauthorized: "\(words.text): the service does not accept the key (\(key.source))\(key.othersNamed)"
        case .forbidden: "\(words.text): the key (\(key.source)) may not do this\(key.othersNamed)"
        case .billing: "\(words.text): see https://cloud.vast.ai/billing/"
        default: words.text
        }
    }
}

/// What an answer says in words, wherever it says it.
private struct Words {
    let code: String?
    /// For a person.
    let text: String
    /// As it came.
    let raw: String
    /// Whether the service itself says it, in the form of its errors: `success` is false, or there is a `msg` (Vast API
    /// contract, section 1). Others answer with JSON, too, such as `{"message": "Forbidden"}` or `{"error": "access_denied"}` of a
    /// gateway.
    let isOwn: Bool
    /// Whether it says so, or short text does that nobody else would write.
    let isServices: Bool
    private let lowercased: String

    /// What the service has been seen to answer without JSON.
    private static let knownTexts = [
        "api requests too frequent", "invalid user key", "session expired. please log in again", "this action requires login",
        "two factor authentication"
    ]

    init(json: JSON?, _ response: HTTPResponse, key: APIKey) {
        let isJSON = json?.kind == .object
        code = json?["error"]?.string.flatMap { $0.isCode ? $0 : nil }
        let named = ["msg", "message", "detail", "error"].lazy.compactMap { json?[$0]?.string }.first { !$0.isEmpty }
        isOwn = isJSON && (json?["success"]?.bool == false || json?["msg"]?.string?.isEmpty == false)
        raw = named ?? String(decoding: response.body.prefix(300), as: UTF8.self)
        text = key.redacting(named.flatMap { Words.short($0) } ?? Words.unnamed(isJSON, response, key))
        lowercased = text.lowercased() + " " + (code ?? "")
        let said = isJSON ? named : json == nil ? String(decoding: response.body.prefix(201), as: UTF8.self) : nil
        let plain = said.flatMap { $0.utf8.count <= 200 ? $0 : nil } ?? "<"
        // Only who has read the request can repeat its key.
        let isKnown = key.appears(in: plain) || Self.knownTexts.contains(where: plain.lowercased().contains)
        isServices = isOwn || isKnown && !plain.contains("<")
    }

    // The service's sentences are short; this only bounds what stands in their place.
    private static func short(_ text: String) -> String? {
        let line = text.printableLine
        return line.isEmpty ? nil : line.count <= 500 ? line : "\(line.prefix(500))…"
    }

    private static func unnamed(_ isJSON: Bool, _ response: HTTPResponse, _ key: APIKey) -> String {
        isJSON ? "the service says that it failed (`success` is false) and gives no reason" : "\(ForeignAnswer(response, key: key))"
    }

    func contains(_ phrase: String) -> Bool { lowercased.contains(phrase) }
}

extension String {
    /// Whether it has the form of a code such as `no_such_instance`, and not of a sentence.
    fileprivate var isCode: Bool {
        !isEmpty && utf8.count <= 64 && utf8.allSatisfy { $0 == 0x5F || (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) }
    }

    /// The text with every run of white space and control characters as one space.
    var singleLine: String {
        split { $0.isWhitespace || $0.isNewline || $0.unicodeScalars.allSatisfy { $0.value < 0x20 } }.joined(separator: " ")
    }
}
