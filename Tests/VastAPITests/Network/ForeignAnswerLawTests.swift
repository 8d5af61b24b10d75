import FleetClock
import Foundation
import Testing
import VastJSON

@testable import VastAPI

/// What stands between here and the service answers what it likes; it never speaks for the service.
@Suite("An answer of something between") struct ForeignAnswerLawTests {
    private static let statuses = [
        302, 303, 200, 201, 203, 204, 206, 400, 401, 402, 403, 404, 405, 407, 408, 409, 410, 411, 413, 418, 421, 423, 425, 451, 495, 500,
        502, 503,
        504, 511, 520,
        525, 599
    ]
    private static let types = ["text/html", "text/html; charset=utf-8", "text/plain", "application/octet-stream", "application/json", ""]
    private static let bodies: [String] = [
        "<html><head><title>Just a moment...</title></head><body>challenges.cloudflare.com</body></html>",
        "<!DOCTYPE html><TITLE>Log in to Airport WiFi</TITLE><h1>Welcome</h1>", "<h1>403 Forbidden</h1>", "Access denied", "Forbidden", "",
        "This network requires login", "<html>Invalid user key</html>", "<p>Your key lacks access to `api.instance_PUT`</p>",
        "Insufficient credit",
        "<title>no_such_instance</title>", "not_found", "null", "[]", "{}", "\"\"", "\"forbidden\"", "0", #"{"status":403}"#,
        #"{"ok":false}"#,
        #"[{"success":true,"instances":[]}]"#, "\u{0}\u{1}\u{2}", "<html>\(String(repeating: "x", count: 5_000))</html>",
        "policy violation: category 'cloud'", #"{"message":"Forbidden"}"#, #"{"error":"blocked by fortigate","policy":7}"#,
        #"{"detail":"Not Found"}"#, #"{"error":"forbidden"}"#, #"{"error":{"code":403,"message":"no"}}"#, #"{"message":"no","title":"x"}"#,
        #"{"error":"access_denied"}"#, #"{"error":"not_authorized","status":401}"#, #"{"error":"rate_limit_exceeded"}"#,
        #"{"error":"no_such_instance"}"#, #"{"error":"auth_error","message":"Forbidden"}"#,
        #"{"msg":"","message":"Missing Authentication Token"}"#, #"{"success":null,"error":"Access denied"}"#
    ]
    private static let refusals: Set<VastError.Kind> = [
        .unauthorized, .forbidden, .billing, .notFound, .invalidArgument, .unavailable, .conflict
    ]

    private static func response(_ dice: inout SeededGenerator) -> HTTPResponse {
        var headers = [(name: "Content-Type", value: types.randomElement(using: &dice) ?? "")]
        if Bool.random(using: &dice) { headers.append((name: "Server", value: "cloudflare")) }
        let body = bodies.randomElement(using: &dice) ?? ""
        return HTTPResponse(status: statuses.randomElement(using: &dice) ?? 403, headers: headers, body: Array(body.utf8))
    }

    @Test(
        "is no refusal of the service and no success, leaves a change in doubt, and is told in a few words",
        arguments: 0..<30 as Range<UInt64>)
    func law(seed: UInt64) throws {
        var dice = SeededGenerator(seed: seed)
        for _ in 0..<100 { try check(Self.response(&dice)) }
    }

    private func check(_ response: HTTPResponse) throws {
        for endpoint in [Endpoint.setState(.stopped, of: 12), try Endpoint.list(.all, after: nil), .show(12)] {
            let classifier = ResponseClassifier(endpoint: endpoint, key: try APIKey(markerKey), now: Date(timeIntervalSince1970: 0))
            let shown = "\(response.status) \(String(decoding: response.body.prefix(60), as: UTF8.self))"
            switch classifier.classify(response) {
            case .failure(let error, _):
                #expect(!Self.refusals.contains(error.kind) && !error.meansGone, "\(shown): \(error)")
                #expect(error.effect == (endpoint.change == nil ? .none : .unknown), "\(shown)")
                #expect(error.message.count < 400 && !error.message.contains("<html"), "\(error.message)")
            case .success: #expect(endpoint.change == nil, "\(shown) changed something")
            case .tooFrequent, .redirect: Issue.record("\(shown): nobody has asked for less")
            }
        }
    }

    @Test("is never an empty fleet, nor an instance that is gone", arguments: 0..<20 as Range<UInt64>)
    func lists(seed: UInt64) async throws {
        var dice = SeededGenerator(seed: seed)
        for _ in 0..<10 { try await checkList(Self.response(&dice)) }
    }

    private func checkList(_ response: HTTPResponse) async throws {
        let client = try makeClient(OneAnswer(response), clock: VirtualClock(mode: .jumping))
        let error = await #expect(throws: VastError.self) { try await client.list() }
        #expect(error.map { [.server, .timeout].contains($0.kind) } == true, "\(response.status): \(String(describing: error))")
        await #expect(throws: VastError.self) { _ = try await client.show(12) }
    }

    @Test(
        "is repeated like a lost one, and the error names what it was",
        arguments: [
            (403, "<title>Just a moment...</title>", "Just a moment"), (401, "<html><title>Sign in</title>", "\"Sign in\""),
            (511, "", "nothing"),
            (407, "proxy says no", "\"proxy says no\""), (404, "<h1>Not Found</h1>", "Not Found"),
            (200, "<html><title>Hotel</title>", "Hotel"), (403, #"{"message":"Forbidden"}"#, "Forbidden"),
            (403, #"{"error":"blocked by fortigate","policy":7}"#, "fortigate"), (400, "<html><h1>Bad Request</h1>", "Bad Request"),
            (405, "<html>no", "an HTML page"), (413, "<p>", "an HTML page"), (302, "<title>Moved</title>", "Moved"),
            (422, "<h1>Sign in</h1>", "Sign in"), (303, "", "nothing")
        ])
    func repeated(status: Int, body: String, words: String) async throws {
        let transport = OneAnswer(HTTPResponse(status: status, body: Array(body.utf8)))
        let client = try makeClient(transport, clock: VirtualClock(mode: .jumping))
        let error = await #expect(throws: VastError.self) { try await client.list() }
        #expect(error?.kind == .server && error?.attempts == 6 && error?.message.contains(words) == true, "\(String(describing: error))")
        #expect(error?.message.contains("proxy, a firewall or a login page") == true)
    }

    @Test(
        "that leads elsewhere is repeated, too, and a portal that opens lets the request through",
        arguments: [301, 302, 303, 307, 308], ["https://portal.example/login", "http://127.0.0.1:1/", "/login"])
    func redirected(status: Int, place: String) async throws {
        let away = HTTPResponse(status: status, headers: [(name: "Location", value: place)], body: Array("<html>".utf8))
        let closed = try makeClient(OneAnswer(away), clock: VirtualClock(mode: .jumping))
        let error = await #expect(throws: VastError.self) { try await closed.list() }
        #expect(error?.kind == .server && error?.message.contains("redirects to \(place)") == true, "\(String(describing: error))")
        #expect(error.map { $0.attempts >= 6 } == true)
        let opening = Script { _, number in
            number <= 3
                ? away : HTTPResponse(status: 200, body: Array(#"{"success":true,"instances":[{"id":1}],"total_instances":1}"#.utf8))
        }
        let open = try makeClient(opening, clock: VirtualClock(mode: .jumping))
        #expect(try await open.list().instances.count == 1)
    }

    @Test(
        "that the service itself gives, in its words, is final",
        arguments: [
            (401, #"{"success":false,"error":"auth_error","msg":"Invalid user key"}"#, VastError.Kind.unauthorized),
            (401, "Invalid user key", .unauthorized),
            (404, "Session expired. Please log in again.", .unauthorized), (401, #"{"detail":"Invalid user key"}"#, .unauthorized),
            (402, #"{"success":false,"message":"Insufficient credit"}"#, .billing),
            (403, #"{"error":"not_authorized","msg":"no"}"#, .forbidden)
        ])
    func own(status: Int, body: String, kind: VastError.Kind) async throws {
        let transport = OneAnswer(HTTPResponse(status: status, body: Array(body.utf8)))
        let client = try makeClient(transport, clock: VirtualClock(mode: .jumping))
        let error = await #expect(throws: VastError.self) { try await client.list() }
        #expect(error?.kind == kind && error?.attempts == 1)
    }

    @Test(
        "in the place of a list is one clear error",
        arguments: [
            (#"{"success":false,"instances":[]}"#, "gives no reason"), (#"{"success":true}"#, "no `instances`"),
            (#"{"instances":null}"#, "null"),
            (#"{"success":true,"instances":{}}"#, "an object"), ("[]", "an array"), ("null", "null"), ("7", "a number"),
            (#"{"success":true,"instances":"none"}"#, "a text"), (#"{"success":true,"instances":[7]}"#, "no id"),
            (#"{"msg":"maintenance"}"#, "maintenance"),
            (#"{"success":false,"msg":"try later"}"#, "try later")
        ])
    func oddLists(body: String, words: String) async throws {
        let client = try makeClient(OneAnswer(HTTPResponse(status: 200, body: Array(body.utf8))), clock: VirtualClock(mode: .jumping))
        let error = await #expect(throws: VastError.self) { try await client.list() }
        #expect(error?.kind == .server && error?.message.contains(words) == true, "\(String(describing: error))")
        #expect(error?.message.contains("{") == false)
    }
}

/// Answers every request alike.
private struct OneAnswer: HTTPTransport {
    let response: HTTPResponse

    init(_ response: HTTPResponse) { self.response = response }

    func exchange(_ request: HTTPRequest) async throws -> HTTPResponse { response }
    func shutdown() async {}
}
