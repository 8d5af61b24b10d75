import FleetClock
import Foundation
import Synchronization
import Testing
import VastJSON

@testable import VastSimulator

@Suite(.serialized) struct ServerTests {
    /// What a plain socket sees of one request.
    private struct Seen {
        var bytes: [UInt8] = []
        /// The error number with which reading ended; 0 for an orderly end.
        var error: Int32 = 0
        var timedOut: Bool { error == EAGAIN }
        var text: String { String(decoding: bytes, as: UTF8.self) }
        var status: String { Self.line(text[...]) }
        /// The value of a header field.
        func field(_ name: String) -> String? {
            text.lowercased().firstRange(of: "\r\n\(name): ").map { Self.line(text.lowercased()[$0.upperBound...]) }
        }
        /// CR LF is one character in Swift, so lines are cut at the scalar.
        private static func line(_ text: Substring) -> String { String(text.unicodeScalars.prefix { $0 != "\r" }) }
        var body: String { text.firstRange(of: "\r\n\r\n").map { String(text[$0.upperBound...]) } ?? "" }
    }

    private func withServer(_ faults: String = "[]", _ body: (Int, SimulatedService) async throws -> Void) async throws {
        var options = SimulatorOptions()
        options.faults = try FaultPlan(json: Array(faults.utf8))
        let fleet = Fleet(instances: (1...30).map { running($0).instance(at: beginning, seed: 1) })
        let service = SimulatedService(fleet, options: options, clock: VirtualClock(start: beginning))
        let server = SimulatorServer(service)
        let port = try await server.start()
        do {
            try await body(port, service)
        } catch {
            await server.stop()
            throw error
        }
        await server.stop()
    }

    /// Asks from a thread of its own: the server lives in Swift's pool, which must not be blocked.
    ///
    /// - Parameter patience: seconds after which reading is given up.
    private func ask(_ port: Int, _ request: String, patience: Int = 30) async -> Seen {
        await withCheckedContinuation { continuation in
            Thread { continuation.resume(returning: Self.exchange(port, request, patience: patience)) }.start()
        }
    }

    private static func exchange(_ port: Int, _ request: String, patience: Int) -> Seen {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var limit = timeval(tv_sec: patience, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
        var seen = Seen()
        guard connected == 0 else {
            seen.error = errno
            return seen
        }
        _ = send(descriptor, request, request.utf8.count, Int32(MSG_NOSIGNAL))
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count < 0 { seen.error = errno }
            if count <= 0 { return seen }
            seen.bytes += buffer[..<count]
        }
    }

    private func get(_ path: String) -> String {
        "GET \(path) HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer simulator\r\nConnection: close\r\n\r\n"
    }

    private func put(_ path: String, _ body: String) -> String {
        "PUT \(path) HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer simulator\r\nContent-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n\(body)"
    }

    @Test("a list comes over the wire whole")
    func list() async throws {
        try await withServer { port, _ in
            let seen = await ask(port, get("/api/v1/instances/?limit=25"))
            #expect(seen.status == "HTTP/1.1 200 OK")
            let page = try JSONDocument(parsing: seen.body).root.value
            #expect(page["instances"]?.elements?.count == 25)
        }
    }

    @Test("a change comes in with its body")
    func change() async throws {
        try await withServer { port, service in
            #expect(await ask(port, put("/api/v0/instances/3/", #"{"label": "über"}"#)).status == "HTTP/1.1 200 OK")
            #expect(service.world.instances[3]?.label == "über")
            #expect(service.log.map(\.target) == ["/api/v0/instances/3/"])
        }
    }

    @Test("a reset is a reset, before and after the change was applied", arguments: [false, true])
    func reset(_ applied: Bool) async throws {
        try await withServer("[{\"fault\": {\"kind\": \"reset\", \"applied\": \(applied)}}]") { port, service in
            let seen = await ask(port, put("/api/v0/instances/3/", #"{"label": "x"}"#))
            #expect(seen.error == ECONNRESET)
            #expect(seen.bytes.isEmpty)
            #expect((service.world.instances[3]?.label == "x") == applied)
        }
    }

    @Test("a stall sends nothing, and does not keep the server from stopping")
    func stall() async throws {
        try await withServer(#"[{"fault": "stall"}]"#) { port, _ in
            let seen = await ask(port, get("/api/v1/instances/"), patience: 1)
            #expect(seen.timedOut)
            #expect(seen.bytes.isEmpty)
        }
    }

    @Test("a truncated answer announces more than it brings")
    func truncation() async throws {
        try await withServer(#"[{"fault": {"kind": "truncate", "fraction": 0.25}}]"#) { port, _ in
            let seen = await ask(port, get("/api/v1/instances/"))
            let length = seen.field("content-length").flatMap { Int($0) } ?? 0
            #expect(length > 10_000)
            #expect(seen.body.utf8.count == length / 4)
        }
    }

    @Test("garbage is not HTTP")
    func garbage() async throws {
        try await withServer(#"[{"fault": "garbage"}]"#) { port, _ in
            let seen = await ask(port, get("/api/v1/instances/"))
            #expect(seen.text.contains("garbage"))
            #expect(!seen.text.contains("HTTP/1.1"))
        }
    }

    @Test("a slow answer is whole")
    func slow() async throws {
        try await withServer(#"[{"fault": {"kind": "slow", "seconds": 0.05}}]"#) { port, _ in
            #expect(await ask(port, get("/api/v1/instances/")).status == "HTTP/1.1 200 OK")
        }
    }

    @Test("status and headers of a plan's own answer arrive")
    func ownAnswer() async throws {
        let plan = #"[{"fault": {"kind": "status", "status": 307, "headers": {"Location": "http://127.0.0.1:9/x"}}}]"#
        try await withServer(plan) { port, _ in
            let seen = await ask(port, get("/api/v1/instances/"))
            #expect(seen.status.hasPrefix("HTTP/1.1 307"))
            #expect(seen.text.contains("http://127.0.0.1:9/x"))
        }
    }

    /// Starts a server on a port that the system gives to nobody who asks for any: other tests could have it when it is free.
    private static func startBelowEphemeralPorts(_ server: SimulatorServer) async throws -> Int {
        for _ in 0..<50 {
            if let port = try? await server.start(port: .random(in: 20_000..<30_000)) { return port }
        }
        return try await server.start()
    }

    @Test("a port that is taken is a clear error, and a stopped server can be started again")
    func ports() async throws {
        let service = SimulatedService(Fleet(), clock: VirtualClock(start: beginning))
        let (first, second) = (SimulatorServer(service), SimulatorServer(service))
        let port = try await Self.startBelowEphemeralPorts(first)
        await #expect(throws: SimulatorServer.Failure.self) { try await second.start(port: port) }
        await first.stop()
        #expect(try await first.start(port: port) == port)
        await first.stop()
        await first.stop()
        // A child that another test starts meanwhile may hold a copy of the socket until it has begun: ask until it has.
        var seen = await ask(port, get("/"), patience: 1)
        for _ in 0..<20 where seen.error != ECONNREFUSED { seen = await ask(port, get("/"), patience: 1) }
        #expect(seen.error == ECONNREFUSED, "\(seen)")
    }
}
