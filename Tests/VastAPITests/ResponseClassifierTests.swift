import FleetClock
import Foundation
import Testing

@testable import VastAPI

@Suite("An answer")
struct ResponseClassifierTests {
    struct Example: Sendable, CustomTestStringConvertible {
        let status: Int
        let body: String
        let kind: VastError.Kind
        var code: String? = nil
        var testDescription: String { "\(status) \(body.prefix(80))" }
    }

    /// The error bodies of the Vast API contract, section 10, and the variants of sections 1 and 2.3.
    static let examples: [Example] = [
        Example(
            status: 200,
            body:
                #"{"success": false, "error": "resources_unavailable", "msg": "Required resources are currently unavailable, state change queued."}"#,
            kind: .unavailable, code: "resources_unavailable"),
        Example(
            status: 400, body: #"{"success": false, "error": "label_too_long", "msg": "Please limit label length"}"#,
            kind: .invalidArgument, code: "label_too_long"),
        Example(
            status: 400, body: #"{"success": false, "error": "missing_billing", "msg": "x"}"#, kind: .billing,
            code: "missing_billing"),
        Example(
            status: 400, body: #"{"success": false, "error": "invalid_args", "msg": "invalid instance_id"}"#,
            kind: .invalidArgument, code: "invalid_args"),
        Example(
            status: 400, body: #"{"error": "invalid_request", "msg": "dph_total is not a valid search key"}"#,
            kind: .invalidArgument, code: "invalid_request"),
        Example(
            status: 401, body: #"{"success": false, "error": "auth_error", "msg": "Invalid user key"}"#,
            kind: .unauthorized, code: "auth_error"),
        Example(
            status: 403, body: #"{"success": false, "error": "auth_error", "msg": "This action requires login."}"#,
            kind: .unauthorized, code: "auth_error"),
        Example(
            status: 403, body: #"{"error": "not_authorized", "msg": "Not authorized to view logs for this instance"}"#,
            kind: .forbidden, code: "not_authorized"),
        Example(
            status: 404, body: #"{"success": false, "error": "auth_error", "msg": "Invalid user key"}"#,
            kind: .unauthorized, code: "auth_error"),
        Example(status: 404, body: #"{"msg": "Session expired. Please log in again."}"#, kind: .unauthorized),
        Example(status: 401, body: #"{"msg": "Two Factor Authentication required"}"#, kind: .unauthorized),
        Example(
            status: 401, body: #"{"success":false,"msg":"Your key lacks access to `api.instance_PUT`"}"#, kind: .forbidden),
        Example(
            status: 404, body: #"{"success": false, "error": "no_such_instance", "msg": "Instance 40112233 not found."}"#,
            kind: .notFound, code: "no_such_instance"),
        Example(
            status: 404, body: #"{"success": false, "error": "not_found", "msg": "Instance not found"}"#, kind: .notFound,
            code: "not_found"),
        Example(
            status: 410, body: #"{"success": false, "error": "deprecated_endpoint", "msg": "deprecated. Use v1"}"#,
            kind: .server, code: "deprecated_endpoint"),
        Example(
            status: 200, body: #"{"error": "deprecated_endpoint", "msg": "deprecated. Use v1"}"#, kind: .server,
            code: "deprecated_endpoint"),
        Example(status: 411, body: #"{"success": false, "msg": "Insufficient credit"}"#, kind: .billing),
        Example(
            status: 483, body: #"{"success": false, "error": "invalid_args", "msg": "Invalid json_body"}"#,
            kind: .invalidArgument, code: "invalid_args"),
        Example(status: 404, body: "<html>404 Not Found</html>", kind: .server),
        Example(status: 502, body: "<html><body>Bad Gateway</body></html>", kind: .server),
        Example(status: 500, body: "", kind: .server),
        Example(status: 200, body: "<html>maintenance</html>", kind: .server),
        Example(status: 200, body: #"{"success": tru"#, kind: .server),
        Example(status: 200, body: "{}", kind: .server),
        Example(status: 200, body: #"{"success": "maybe"}"#, kind: .server)
    ]

    private func verdict(_ status: Int, _ body: String, headers: [(String, String)] = []) throws
        -> ResponseClassifier.Verdict
    {
        let classifier = ResponseClassifier(
            endpoint: .setState(.stopped, of: 12), key: try APIKey(markerKey), now: Date(timeIntervalSince1970: 0))
        return classifier.classify(
            HTTPResponse(status: status, headers: headers.map { (name: $0.0, value: $0.1) }, body: Array(body.utf8)))
    }

    @Test("is judged by its words before its status", arguments: examples)
    func kinds(example: Example) throws {
        guard case .failure(let error, _) = try verdict(example.status, example.body) else {
            return #expect(Bool(false), "not a failure")
        }
        #expect(error.kind == example.kind && error.code == example.code && error.status == example.status)
        #expect(!error.message.isEmpty && error.instance == 12)
    }

    @Test(
        "of 429 tells its limit in every form",
        arguments: [
            ("API requests too frequent", nil, nil), ("API requests too frequent: endpoint threshold=2.0*1.5", 3.0, nil),
            (#"{"detail": "API requests too frequent endpoint threshold=1.0"}"#, 1.0, nil),
            (#"{"success":false,"error":"rate_limit_exceeded","msg":"endpoint threshold=3.0."}"#, 3.0, nil),
            (#"{"error":"rate_limit_exceeded","retry_after":2.5}"#, nil, 2.5), (#"{"retry_after":"4"}"#, nil, 4),
            ("threshold=nonsense", nil, nil), (#"{"retry_after":-1}"#, nil, nil), (#"{"retry_after":1e300}"#, nil, nil)
        ] as [(String, Double?, Double?)])
    func tooFrequent(body: String, threshold: Double?, retryAfter: Double?) throws {
        guard case .tooFrequent(let notice, let error) = try verdict(429, body) else {
            return #expect(Bool(false), "not understood")
        }
        #expect(notice.threshold?.seconds == threshold && notice.retryAfter?.seconds == retryAfter)
        #expect(error.kind == .rateLimited && !notice.isDailyQuota)
    }

    @Test("may ask to wait by a header, in seconds or by a date")
    func retryAfterHeader() throws {
        for value in ["90", "Thu, 01 Jan 1970 00:01:30 GMT"] {
            guard case .tooFrequent(let notice, _) = try verdict(429, "x", headers: [("retry-after", value)]) else {
                return #expect(Bool(false))
            }
            #expect(notice.retryAfter == .seconds(90))
        }
    }

    @Test("that repeats the key is shown without it")
    func redaction() throws {
        guard case .failure(let error, _) = try verdict(401, #"{"msg":"Invalid user key \#(markerKey)"}"#) else {
            return #expect(Bool(false))
        }
        #expect(!"\(error)".contains(markerKey) && error.message.contains("[key]"))
    }

    @Test("to a 500 is worth another try, to a 400 is not")
    func transience() throws {
        for (status, expected) in [(500, true), (502, true), (503, true), (408, true), (400, false), (501, false)] {
            guard case .failure(_, let isTransient) = try verdict(status, "x") else { return #expect(Bool(false)) }
            #expect(isTransient == expected, "\(status)")
        }
    }

    @Test("with a date tells the service's time")
    func dates() {
        #expect(HTTPDate.parse("Mon, 23 Nov 2026 20:30:00 GMT") == Date(timeIntervalSince1970: 1_795_465_800))
        #expect(HTTPDate.parse("Thu, 29 Feb 2024 00:00:00 GMT") == Date(timeIntervalSince1970: 1_709_164_800))
        #expect(HTTPDate.parse("Fri, 31 Dec 9999 23:59:59 GMT") == Date(timeIntervalSince1970: 253_402_300_799))
        #expect(HTTPDate.parse("Wed, 29 Feb 2023 00:00:00 GMT") == nil && HTTPDate.parse("Tue, 31 Apr 2024 00:00:00 GMT") == nil)
        #expect(HTTPDate.parse("yesterday") == nil && HTTPDate.parse("") == nil)
    }
}
