internal import FleetClock
package import VastJSON

/// One way in which a request goes wrong. In a file: `kind` and the members named here.
package enum Fault: Sendable, Equatable {
    /// `status`: an answer of the plan's own; `status`, `body` (text or JSON), `headers`, and `applied`: whether the
    /// request was carried out all the same.
    case status(Int, body: JSONValue, headers: [String: String], applied: Bool)
    /// `reset`: the connection is reset; `applied` as above.
    case reset(applied: Bool)
    /// `stall`: no answer; `seconds` until the connection is closed, for ever if there is none; `applied`.
    case stall(seconds: Double?, applied: Bool)
    /// `truncate`: the true answer, of which `fraction` (0 to 1) arrives.
    case truncate(fraction: Double)
    /// `garbage`: bytes that are not HTTP; `applied`.
    case garbage(applied: Bool)
    /// `slow`: the true answer, after `seconds`.
    case slow(seconds: Double)
    /// `duplicates`: a list page that begins with `rows` rows that were, or might have been, on another page.
    case duplicates(rows: Int)
    /// `missing_rows`: a list page without its last `rows` rows, whose counts still tell of them.
    case missingRows(Int)
    /// `same_token`: a list page whose `next_token` is the one that it was asked with.
    case sameToken
    /// `total`: a list page whose `total_instances` is off by `by`.
    case total(by: Int)
    /// `stale`: the answer of the state `seconds` ago.
    case stale(seconds: Double)
    /// `wrong_types`: the true answer with numbers as text, whole numbers as fractions, and lists as null.
    case wrongTypes
    /// `refuse`: status 200 with `success: false`, `error` and `msg`; `applied`.
    case refuse(error: String, message: String, applied: Bool)
    /// `no_effect`: `success: true`, and nothing is done.
    case noEffect
    /// `partial`: a bulk change that is done for the first `ids` ids only, and answers success.
    case partial(ids: Int)
    /// `html`: a proxy's page with `status`.
    case html(Int)
    /// `empty`: status 200 and no body; `applied`.
    case empty(applied: Bool)
    /// `null_instances`: status 200 and `{"instances": null}`, also for a list.
    case nullInstances
    /// `oversized`: a body of `megabytes`.
    case oversized(megabytes: Int)
}

extension Fault {
    /// - Parameters:
    ///   - json: the member `fault` of a rule.
    ///   - rule: the rule's number, for the message.
    init(_ json: JSONValue, rule: Int) throws(FaultPlan.Invalid) {
        let kind = json.text ?? json["kind"]?.text ?? ""
        let applied = json["applied"]?.truth ?? false
        let seconds = json["seconds"]?.number.map { Duration(clampingSeconds: max(0, $0)).seconds }
        switch kind {
        case "status":
            guard let status = json["status"]?.wholeNumber, (200...599).contains(status) else {
                throw .init(description: "fault rule \(rule): status must be a number from 200 to 599")
            }
            self = .status(Int(status), body: json["body"] ?? "", headers: Self.headers(json["headers"]), applied: applied)
        case "reset": self = .reset(applied: applied)
        case "stall": self = .stall(seconds: seconds, applied: applied)
        case "truncate": self = .truncate(fraction: min(max(json["fraction"]?.number ?? 0.5, 0), 1))
        case "garbage": self = .garbage(applied: applied)
        case "slow": self = .slow(seconds: seconds ?? 1)
        case "duplicates": self = .duplicates(rows: Self.count(json["rows"], 3))
        case "missing_rows": self = .missingRows(Self.count(json["rows"], 1))
        case "same_token": self = .sameToken
        case "total": self = .total(by: Int(min(max(json["by"]?.wholeNumber ?? 1, -1_000_000), 1_000_000)))
        case "stale": self = .stale(seconds: seconds ?? 5)
        case "wrong_types": self = .wrongTypes
        case "refuse":
            self = .refuse(
                error: json["error"]?.text ?? "resources_unavailable",
                message: json["msg"]?.text ?? "Required resources are currently unavailable, state change queued.",
                applied: applied)
        case "no_effect": self = .noEffect
        case "partial": self = .partial(ids: Self.count(json["ids"], 1))
        case "html": self = .html(min(max(200, Self.count(json["status"], 502)), 599))
        case "empty": self = .empty(applied: applied)
        case "null_instances": self = .nullInstances
        case "oversized": self = .oversized(megabytes: min(Self.count(json["megabytes"], 100), 1_024))
        default: throw .init(description: "fault rule \(rule): unknown kind \"\(kind)\"; the kinds are \(Self.kinds)")
        }
    }

    private static func count(_ json: JSONValue?, _ usual: Int64) -> Int { Int(min(max(0, json?.wholeNumber ?? usual), 1_000_000)) }

    private static let kinds = """
        status, reset, stall, truncate, garbage, slow, duplicates, missing_rows, same_token, total, stale, wrong_types, \
        refuse, no_effect, partial, html, empty, null_instances, oversized
        """

    private static func headers(_ json: JSONValue?) -> [String: String] {
        guard case .object(let object)? = json else { return [:] }
        return Dictionary(object.compactMap { pair in pair.value.text.map { (pair.name, $0) } }, uniquingKeysWith: { $1 })
    }
}
