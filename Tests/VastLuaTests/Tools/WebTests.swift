import Foundation
import LoopbackServer
import Synchronization
import Testing
import VastAPI

@testable import FleetClock
@testable import VastLua

@Suite("vast.http") struct WebTests {
    private func values(_ script: String, _ server: LoopbackServer, isPlanning: Bool = false) async throws -> JobRun {
        let options = Runtime.Options(isPlanning: isPlanning, jobMode: .once)
        return try await runJobs("local url = '\(server.url)' " + script, for: .seconds(1), options: options).0
    }

    @Test("get gives status, headers and body, and a status of 400 and more is an answer")
    func answers() async throws {
        let server = try LoopbackServer { request, _ in
            request.hasPrefix("GET /a")
                ? .send(LoopbackServer.response("hello", headers: "X-One: 1\r\nX-One: 2\r\n"))
                : .send(LoopbackServer.response("no", status: "404 Not Found"))
        }
        defer { server.stop() }
        let run = try await values(
            """
            local a, b = vast.http.get(url .. '/a?x=1', {headers = {['X-Mine'] = 'yes'}}), vast.http.get(url .. '/b')
            out = {a.status, tostring(a.ok), a.body, a.headers['x-one'], b.status, tostring(b.ok), b.body}
            """, server)
        #expect(run.error == nil)
        #expect(run.texts == ["200", "true", "hello", "1, 2", "404", "false", "no"])
        #expect(server.seen[0].contains("GET /a?x=1 ") && server.seen[0].contains("X-Mine: yes"))
        #expect(!server.seen.joined().lowercased().contains("authorization"), "no key of ours")
    }

    @Test("post sends text as it is and a table as JSON; request takes any method")
    func bodies() async throws {
        let server = try LoopbackServer { _, _ in .send(LoopbackServer.response("{}")) }
        defer { server.stop() }
        let run = try await values(
            """
            vast.http.post(url, 'plain') vast.http.post(url, {a = 1}) vast.http.request('patch', url, {body = {2}})
            """, server)
        #expect(run.error == nil)
        #expect(server.seen[0].hasPrefix("POST / ") && server.seen[0].hasSuffix("\r\n\r\nplain"))
        #expect(server.seen[1].hasSuffix("\r\n\r\n{\"a\":1}") && server.seen[1].contains("application/json"))
        #expect(server.seen[2].hasPrefix("PATCH / ") && server.seen[2].hasSuffix("[2]"))
    }

    @Test("a dry run reads and does not write")
    func dry() async throws {
        let server = try LoopbackServer { _, _ in .send(LoopbackServer.response("x")) }
        defer { server.stop() }
        let run = try await values("vast.http.get(url) local r = vast.http.post(url, 'y') out = {r.status}", server, isPlanning: true)
        #expect(run.texts == ["204"] && server.seen.count == 1)
        #expect(run.logged("would send POST 127.0.0.1, 1 bytes") == 1)
    }

    @Test("redirections of a GET are followed, not of a POST, and not without end; Authorization stays with its host")
    func redirections() async throws {
        let other = try LoopbackServer { _, _ in .send(LoopbackServer.response("there")) }
        defer { other.stop() }
        let target = other.url
        let server = try LoopbackServer { request, _ in
            if request.contains(" /away ") {
                return .send(LoopbackServer.response("", status: "302 Found", headers: "Location: \(target)/x\r\n"))
            }
            return .send(LoopbackServer.response("", status: "307 Temporary Redirect", headers: "Location: /loop\r\n"))
        }
        defer { server.stop() }
        let run = try await values(
            """
            local a = vast.http.get(url .. '/away', {headers = {Authorization = 'Bearer s3cret'}})
            local ok, e = pcall(vast.http.get, url .. '/loop?s3cret')
            out = {a.body, vast.http.post(url .. '/loop', '').status, e.kind, tostring(e)}
            """, server)
        #expect(run.texts.prefix(3) == ["there", "307", "network"])
        #expect(!other.seen.joined().contains("s3cret"))
        #expect(run.texts[3].contains("sends on more than 5 times") && !run.texts[3].contains("s3cret"))
    }

    @Test(
        "what cannot be had raises with its kind, and names no more than the host",
        arguments: [
            ("vast.http.get(url .. '/stall?s3cret', {timeout = 0.2})", "timeout"),
            ("vast.http.get(url .. '/half?s3cret', {timeout = 0.2})", "timeout"),
            ("vast.http.get('http://127.0.0.1:65536/s3cret')", "invalid_argument"),
            ("vast.http.get('http://127.0.0.1:0/s3cret')", "invalid_argument"),
            ("vast.http.get(url .. '/large?s3cret', {limit = 10})", "network"),
            ("vast.http.get(url .. '/reset?s3cret')", "network"),
            ("vast.http.get('http://127.0.0.1:1/s3cret')", "network"),
            ("vast.http.get('ftp://host/s3cret')", "invalid_argument"), ("vast.http.get('http://me:s3cret@host/')", "invalid_argument"),
            ("vast.http.get('')", "invalid_argument"), ("vast.http.get(url, {timeout = 0})", "invalid_argument"),
            ("vast.http.get(url, {headers = {['a b'] = 'x'}})", "invalid_argument"),
            ("vast.http.get(url, {headers = {a = 'x\\r\\ny: z'}})", "invalid_argument"),
            ("vast.http.get(url, {tiemout = 1})", "invalid_argument"),
            ("vast.http.request('BREW', url)", "invalid_argument")
        ])
    func failures(call: String, kind: String) async throws {
        let server = try LoopbackServer { request, _ in
            if request.contains("/stall") { return .stall }
            // The head comes in time, and the rest of the body never does.
            if request.contains("/half") { return .send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf") }
            if request.contains("/reset") { return .sendAndReset("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf") }
            return .send(LoopbackServer.response(String(repeating: "x", count: 1_000)))
        }
        defer { server.stop() }
        let run = try await values(
            "local ok, e = pcall(function() return \(call) end) out = {tostring(ok), e.kind or 'invalid_argument', tostring(e)}", server)
        #expect(run.texts.prefix(2) == ["false", kind], "\(run.texts)")
        #expect(!run.texts.joined().contains("s3cret"))
    }

    @Test("a host gets five requests at once and one each 200 ms then; another host is not held up; Retry-After is kept")
    func pacing() async throws {
        let transport = Transport()
        let clock = VirtualClock(mode: .jumping)
        let web = WebClient(transport: transport, clock: clock)
        func get(_ url: String) async throws { _ = try await web.send(HTTPRequest(.get, url, timeout: .seconds(1), bodyLimit: 1)) }
        for _ in 0..<5 { try await get("http://a/") }
        #expect(clock.uptime == .zero)
        try await get("http://a/")
        #expect(clock.uptime == .milliseconds(200))
        try await get("http://b/")
        #expect(clock.uptime == .milliseconds(200))
        transport.status.withLock { $0 = 429 }
        try await get("http://b/")
        transport.status.withLock { $0 = 200 }
        let before = clock.uptime
        try await get("http://b/")
        #expect(clock.uptime == before + .seconds(7))
    }
}

private final class Transport: HTTPTransport {
    let status = Mutex(200)

    func exchange(_ request: HTTPRequest) async throws -> HTTPResponse {
        HTTPResponse(status: status.withLock { $0 }, headers: [("Retry-After", "7")])
    }

    func shutdown() async {}
}
