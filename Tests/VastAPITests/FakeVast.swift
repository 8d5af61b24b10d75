import FleetClock
import Foundation
import Synchronization
import VastJSON

@testable import VastAPI

/// A small Vast.ai in memory: it lists, filters and changes instances, keeps a log of what it was asked and when, and
/// fails the nth exchange as it is told to.
final class FakeVast: HTTPTransport {
    /// What can go wrong with one exchange.
    enum Fault: CaseIterable, Sendable {
        case notConnected, resetBefore, resetAfter, timeoutAfter, status500Before, html502After, truncatedAfter
        case tooFrequent, garbage, emptyBody, wrongShape
    }

    struct Row: Sendable {
        var intended = "running"
        var cur = "running"
        var actual = "running"
        var label: String? = nil
        var starts = 0
        var reboots = 0
    }

    struct Request: Sendable {
        let method: HTTPMethod
        let path: String
        let query: [String: String]
        let body: JSONValue?
        let at: Duration

        var isChange: Bool { method != .get }
        var target: String? { if case .string(let state)? = body?["state"] { state } else { nil } }
    }

    struct World: Sendable {
        var rows: [Int64: Row] = [:]
        /// Instances whose GPUs are rented to somebody else when they are stopped.
        var taken: Set<Int64> = []
        /// Instances that a bulk request passes over.
        var stubborn: Set<Int64> = []
        var hasBulk = true
        var hasFilters = true
        var ignoresFilters = false
        /// Requests of one route closer together than this are refused.
        var interval: Duration = .zero
        var totals: [Int] = []
        var faults: [Int: Fault] = [:]
        var requests: [Request] = []
        var refusals = 0
        fileprivate var lastOfRoute: [String: Duration] = [:]
    }

    let clock: VirtualClock
    let world: Mutex<World>

    init(clock: VirtualClock, instances: Int = 0, _ change: (inout World) -> Void = { _ in }) {
        self.clock = clock
        var world = World()
        if instances > 0 { for id in 1...instances { world.rows[Int64(id)] = Row() } }
        change(&world)
        self.world = Mutex(world)
    }

    var requests: [Request] { world.withLock(\.requests) }
    var rows: [Int64: Row] { world.withLock(\.rows) }

    func shutdown() async {}

    func exchange(_ request: HTTPRequest) async throws -> HTTPResponse {
        let parsed = Self.parse(request, at: clock.uptime)
        return try world.withLock { world in
            world.requests.append(parsed)
            let fault = world.faults[world.requests.count]
            try Self.failBefore(fault)
            if let early = Self.answerBefore(fault) { return early }
            if let refusal = Self.refuse(parsed, &world) { return refusal }
            let response = Self.answer(parsed, &world)
            return try Self.after(fault, response)
        }
    }

    private static func failBefore(_ fault: Fault?) throws {
        if fault == .notConnected { throw TransportError(.notConnected, wasNotSent: true, detail: "refused") }
        if fault == .resetBefore { throw TransportError(.broken, detail: "reset") }
    }

    private static func answerBefore(_ fault: Fault?) -> HTTPResponse? {
        switch fault {
        case .status500Before: HTTPResponse(status: 500, body: Array("oops".utf8))
        case .tooFrequent: HTTPResponse(status: 429, body: Array("API requests too frequent".utf8))
        default: nil
        }
    }

    private static func after(_ fault: Fault?, _ response: HTTPResponse) throws -> HTTPResponse {
        switch fault {
        case .resetAfter: throw TransportError(.broken, detail: "reset")
        case .timeoutAfter: throw TransportError(.timedOut, detail: "no answer in time")
        case .html502After: HTTPResponse(status: 502, body: Array("<html>bad gateway</html>".utf8))
        case .truncatedAfter: HTTPResponse(status: 200, body: Array(response.body.dropLast()))
        case .garbage: HTTPResponse(status: 200, body: Array("\u{0}garbage".utf8))
        case .emptyBody: HTTPResponse(status: 200)
        case .wrongShape: HTTPResponse(status: 200, body: Array("[1,2]".utf8))
        default: response
        }
    }

    private static func refuse(_ request: Request, _ world: inout World) -> HTTPResponse? {
        let kind = request.method == .put ? "PUT" : "\(request.method.rawValue) \(request.path)"
        defer { world.lastOfRoute[kind] = request.at }
        guard let last = world.lastOfRoute[kind], request.at - last < world.interval else { return nil }
        world.refusals += 1
        return HTTPResponse(status: 429, body: Array("API requests too frequent: endpoint threshold=1.0*1.0".utf8))
    }

    private static func parse(_ request: HTTPRequest, at: Duration) -> Request {
        let url = URLComponents(string: request.url)
        let query = Dictionary(
            (url?.queryItems ?? []).map { ($0.name, $0.value ?? "") }, uniquingKeysWith: { first, _ in first })
        let body = request.body.flatMap { try? JSONDocument(parsing: $0).root.value }
        return Request(method: request.method, path: url?.path ?? "", query: query, body: body, at: at)
    }
}
