import FleetClock
import Logging
import Synchronization
import Testing
import VastJSON

@testable import FleetSafety
@testable import VastAPI

/// A service that lists one instance twice, as running and as stopped, and lets it be stopped.
private final class TwoFaced: HTTPTransport {
    private let rows: [String]
    private let sent = Mutex<[String]>([])

    init(isStoppedLast: Bool) {
        let on = #"{"id":1,"is_bid":false,"actual_status":"running","intended_status":"running","cur_state":"running","gpu_util":5}"#
        let off = #"{"id":1,"is_bid":false,"actual_status":"exited","intended_status":"stopped","cur_state":"stopped"}"#
        rows = isStoppedLast ? [on, off] : [off, on]
    }

    var changes: [String] { sent.withLock { $0 } }

    func exchange(_ request: HTTPRequest) async throws -> HTTPResponse {
        if request.method != .get {
            sent.withLock { $0.append("\(request.method) \(String(decoding: request.body ?? [], as: UTF8.self))") }
        }
        let body = #"{"success":true,"instances":[\#(rows.joined(separator: ","))],"total_instances":1,"next_token":null}"#
        return HTTPResponse(status: 200, body: Array(body.utf8))
    }

    func shutdown() async {}
}

/// Keeps what is warned of.
private final class Warnings: LogHandler {
    private let kept = Mutex<[String]>([])
    var lines: [String] { kept.withLock { $0 } }
    var logLevel: Logger.Level {
        get { .warning }
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

    func log(event: LogEvent) { kept.withLock { $0.append("\(event.message)") } }
}

@Suite("Rows that contradict each other")
struct ContradictionTests {
    @Test("a stop is sent, whichever row stands last, and each reading warns once", arguments: [false, true])
    func stop(isStoppedLast: Bool) async throws {
        let (clock, service, warnings) = (VirtualClock(mode: .jumping), TwoFaced(isStoppedLast: isStoppedLast), Warnings())
        var configuration = ClientConfiguration(
            url: try ServiceURL("http://127.0.0.1:9"), key: try APIKey("marker0key0that0must0never0show"), clock: clock, seed: 1)
        configuration.transport = service
        configuration.pacing = .unpaced
        configuration.logger = Logger(label: "test", factory: { _ in warnings })
        let chain = GuardMiddleware(VastService(client: try VastClient(configuration)), books: ChainBooks(), clock: clock)
        #expect(try await chain.list(.all)[1]?.state == .running)
        #expect(
            warnings.lines == ["the service lists 1 twice with different states or labels; the row that bills is believed, as running"])
        _ = await chain.change(ChangeOrder(.stop, [1]))
        #expect(service.changes.first?.contains("stopped") == true, "\(service.changes)")
    }
}
