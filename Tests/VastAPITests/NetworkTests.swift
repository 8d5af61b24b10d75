import FleetClock
import LoopbackServer
import Logging
import Synchronization
import Testing

@testable import VastAPI

@Suite("Over the network", .serialized)
struct NetworkTests {
    private static let fleet = #"{"success":true,"instances":[{"id":1}],"total_instances":1,"next_token":null}"#

    private func makeClient(
        _ url: String, timeout: Duration = .seconds(5), patience: Duration = .seconds(300), log: LogKeeper? = nil
    ) throws -> VastClient {
        var configuration = ClientConfiguration(
            url: try ServiceURL(url), key: try APIKey(markerKey), clock: VirtualClock(mode: .jumping), seed: 1)
        configuration.timeout = timeout
        configuration.patience = patience
        configuration.bodyLimit = 100_000
        if let log {
            configuration.logger = Logger(label: "test", factory: { _ in log })
            configuration.logger.logLevel = .trace
        }
        return try VastClient(configuration)
    }

    @Test("a request carries the key, the agent, the slash and JSON")
    func request() async throws {
        let server = try LoopbackServer { _, _ in .send(LoopbackServer.response(#"{"success":true}"#)) }
        defer { server.stop() }
        let client = try makeClient(server.url)
        try await Operations(client).label([12], "a\"é").get()
        let request = try #require(server.seen.first)
        #expect(request.hasPrefix("PUT /api/v0/instances/12/ HTTP/1.1\r\n"))
        for part in ["Authorization: Bearer \(markerKey)", "User-Agent: vast-lua/", "Content-Type: application/json"] {
            #expect(request.contains(part))
        }
        #expect(request.hasSuffix(#"{"label":"a\"é"}"#))
        await client.shutdown()
    }

    static let breakages: [LoopbackServer.Action] = [
        .sendAndReset(""), .sendAndClose(""), .sendAndReset("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"succ"),
        .sendAndClose("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"succ"), .sendAndClose("garbage\r\n\r\n"),
        .sendAndClose("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc"),
        .send(LoopbackServer.response("<html>busy</html>", status: "503 Service Unavailable")), .stall
    ]

    @Test("a broken exchange is repeated for a reading", arguments: 0..<breakages.count)
    func broken(index: Int) async throws {
        let server = try LoopbackServer { _, number in
            number == 1 ? Self.breakages[index] : .send(LoopbackServer.response(Self.fleet))
        }
        defer { server.stop() }
        let client = try makeClient(server.url, timeout: .milliseconds(300))
        #expect(try await client.list().instances.map(\.id) == [1])
        #expect(server.seen.count == 2)
        await client.shutdown()
    }

    @Test("a broken exchange of a start is not repeated blindly", arguments: 0..<breakages.count)
    func brokenStart(index: Int) async throws {
        let running = #"{"id":1,"intended_status":"running","cur_state":"running","actual_status":"loading"}"#
        let fleet = Self.fleet.split(separator: #"{"id":1}"#).joined(separator: running)
        let server = try LoopbackServer { request, _ in
            request.hasPrefix("PUT") ? Self.breakages[index] : .send(LoopbackServer.response(fleet))
        }
        defer { server.stop() }
        let client = try makeClient(server.url, timeout: .milliseconds(300))
        try await Operations(client).start([1]).get()
        #expect(server.seen.filter { $0.hasPrefix("PUT") }.count == 1)
        await client.shutdown()
    }

    @Test("nobody there is a network error, and nothing was changed")
    func refused() async throws {
        let client = try makeClient("http://127.0.0.1:1")
        let report = await Operations(client).stop([1])
        let error = try #require(report.results[1]?.error)
        #expect(error.kind == .network && error.effect == .none && error.attempts > 1)
        await client.shutdown()
    }

    @Test("an unknown host and a server without TLS are network errors at once")
    func hopeless() async throws {
        let server = try LoopbackServer { _, _ in .sendAndClose("not tls") }
        defer { server.stop() }
        for url in ["https://nowhere.invalid", "https://127.0.0.1:\(server.port)"] {
            let client = try makeClient(url, timeout: .seconds(2))
            let error = await #expect(throws: VastError.self) { try await client.list() }
            #expect(error?.kind == .network, "\(url): \(String(describing: error))")
            await client.shutdown()
        }
    }

    @Test("an answer that is too large is an error")
    func tooLarge() async throws {
        let server = try LoopbackServer { _, _ in
            .send(LoopbackServer.response(String(repeating: " ", count: 200_000)))
        }
        defer { server.stop() }
        let client = try makeClient(server.url)
        let error = await #expect(throws: VastError.self) { try await client.list() }
        #expect(error?.kind == .server)
        await client.shutdown()
    }

    @Test("a redirect is followed on the same server, and the key goes nowhere else")
    func redirects() async throws {
        let other = try LoopbackServer { _, _ in .send(LoopbackServer.response(Self.fleet)) }
        let away = "\(other.url)/api/v1/instances/"
        let server = try LoopbackServer { request, _ in
            if request.hasPrefix("GET /moved") { return .send(LoopbackServer.response(Self.fleet)) }
            let place = request.contains("select_filters") ? away : "/moved?x=1"
            return .send(LoopbackServer.response("", status: "308 Permanent Redirect", headers: "Location: \(place)\r\n"))
        }
        defer {
            server.stop()
            other.stop()
        }
        let client = try makeClient(server.url)
        #expect(try await client.list().instances.count == 1)
        let error = await #expect(throws: VastError.self) { try await client.list(.ids([1])) }
        #expect(error?.message.contains(away) == true && other.seen.isEmpty)
        await client.shutdown()
    }

    @Test("the key is never logged, whatever happens")
    func logs() async throws {
        let log = LogKeeper()
        let server = try LoopbackServer { _, number in
            number == 1 ? .sendAndReset("") : .send(LoopbackServer.response("bad \(markerKey)", status: "401 No"))
        }
        defer { server.stop() }
        let client = try makeClient(server.url, log: log)
        let error = await #expect(throws: VastError.self) { try await client.list() }
        #expect(error?.kind == .unauthorized)
        var dumped = ""
        dump(error, to: &dumped)
        #expect(!log.lines.isEmpty)
        #expect(!(log.lines.joined() + dumped + "\(String(describing: error))").contains(markerKey))
        await client.shutdown()
    }

    @Test("a cancelled request ends at once")
    func cancellation() async throws {
        let server = try LoopbackServer { _, _ in .stall }
        defer { server.stop() }
        let client = try makeClient(server.url, timeout: .seconds(60))
        let task = Task { try await client.list() }
        while server.seen.isEmpty { await Task.yield() }
        task.cancel()
        let error = await #expect(throws: VastError.self) { try await task.value }
        #expect(error?.kind == .cancelled)
        await client.shutdown()
    }
}

/// Keeps what is logged.
final class LogKeeper: LogHandler {
    private let kept = Mutex<[String]>([])
    var lines: [String] { kept.withLock { $0 } }

    var logLevel: Logger.Level {
        get { .trace }
        set {}
    }
    var metadata: Logger.Metadata {
        get { [:] }
        set {}
    }
    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { nil }
        set {}
    }

    func log(event: LogEvent) { kept.withLock { $0.append("\(event.message) \(event.metadata ?? [:])") } }
}
