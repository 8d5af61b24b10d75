import FleetClock
import Foundation
import Synchronization
import Testing
import VastJSON

@testable import VastAPI

/// Nobody is left alone with a service that does not answer: one line says what is waited for, and for how long at most.
@Suite("Waiting for the service") struct WaitNoticeLawTests {
    @Test(
        "a reading that takes more than some seconds is told of once, in time, and ends within what was said",
        arguments: 0..<60 as Range<UInt64>)
    func readings(seed: UInt64) async throws {
        var dice = SeededGenerator(seed: seed ^ 0x7761_6974)
        let clock = VirtualClock(mode: .jumping)
        let transport = Troubled(clock: clock, healsAfter: Bool.random(using: &dice) ? .max : Int.random(in: 0...8, using: &dice), &dice)
        let told = Told(clock)
        let client = try told.client(transport)
        let result = await clock.working { await Self.result { try await client.list() } }
        let length = clock.uptime
        let what = "\(transport.troubles), healed after \(transport.healsAfter): \(length), \(told.all)"
        guard length > .seconds(5) else { return #expect(told.all.isEmpty, "\(what)") }
        try #require(told.all.count == 1, "\(what)")
        let (at, notice) = told.all[0]
        #expect(at <= .seconds(5) + .milliseconds(10) && notice.purpose == nil && notice.request == "GET /api/v1/instances/", "\(what)")
        #expect(length <= at + notice.atMost + .seconds(1), "\(what)")
        if case .failure(let error) = result {
            #expect([.rateLimited, .server, .timeout].contains(error.kind) && error.attempts > 1, "\(what): \(error)")
        } else {
            #expect(transport.healsAfter < .max)
        }
    }

    @Test(
        "a withdrawal that has to wait is told of once, in time, and ends within 90 seconds, withdrawn or said to be queued",
        arguments: 0..<80 as Range<UInt64>)
    func withdrawals(seed: UInt64) async throws {
        var dice = SeededGenerator(seed: seed ^ 0x6261_636B)
        let clock = VirtualClock(mode: .jumping)
        let transport = Troubled(clock: clock, healsAfter: Bool.random(using: &dice) ? .max : Int.random(in: 1...8, using: &dice), &dice)
        transport.troublesOnlyChanges = Bool.random(using: &dice)
        let told = Told(clock)
        let client = try told.client(transport)
        let before = [InstanceID(1): ChangeBaseline(intendedStatus: "stopped", label: "")]
        let outcomes = await clock.working { await Operations(client, before: before).start([1]) }
        let begun = try #require(transport.startedAt)
        let length = clock.uptime - begun
        let what = "\(transport.troubles), healed after \(transport.healsAfter): \(length), \(told.all)"
        #expect(length <= .seconds(91), "\(what)")
        switch outcomes[1] {
        case .refused(let error)?: #expect(error.kind == .unavailable && !transport.isWanted, "\(what)")
        case .unknown(let error)?: #expect(error.kind == .unavailable && error.message.contains("NOT"), "\(what)")
        default: Issue.record("\(what): \(outcomes)")
        }
        guard length > .seconds(4) else { return }
        try #require(told.all.count == 1, "\(what)")
        let (at, notice) = told.all[0]
        #expect(at - begun <= .seconds(5) && notice.purpose?.contains("start of 1 has still to be withdrawn") == true, "\(what)")
        #expect(notice.atMost <= .seconds(90) && length <= at - begun + notice.atMost + .seconds(1), "\(what)")
    }

    @Test("a withdrawal at the end of a run ends with the time for it", arguments: [1, 10, 25, 70, 200])
    func limited(seconds: Int) async throws {
        var dice = SeededGenerator(seed: UInt64(seconds))
        let clock = VirtualClock(mode: .jumping)
        let transport = Troubled(clock: clock, healsAfter: .max, &dice)
        transport.troublesOnlyChanges = true
        let told = Told(clock)
        let client = try told.client(transport)
        _ = await clock.working { await Operations(client).start([1], unavailable: .queue) }
        let begun = clock.uptime
        let outcomes = await clock.working {
            await WithdrawalLimit.$deadline.withValue(begun + .seconds(seconds)) { await Operations(client).withdraw([1]) }
        }
        let length = clock.uptime - begun
        #expect(length <= .seconds(min(seconds, 90)) + .seconds(2), "\(transport.troubles): \(length)")
        #expect(outcomes[1]?.mayBeQueued == true && told.all.count <= 1, "\(outcomes)")
    }

    @Test("a service that answers in time is told of to nobody, however long its pace makes many requests wait")
    func pace() async throws {
        var dice = SeededGenerator(seed: 1)
        let clock = VirtualClock(mode: .jumping)
        let told = Told(clock)
        let client = try told.client(Troubled(clock: clock, healsAfter: 0, &dice))
        await clock.working { for _ in 0..<40 { _ = await Self.result { try await client.list() } } }
        #expect(clock.uptime > .seconds(30) && told.all.isEmpty)
    }

    @Test("a turn that is far away because the service has refused others is told of")
    func turn() async throws {
        var dice = SeededGenerator(seed: 1)
        let clock = VirtualClock(mode: .jumping)
        let told = Told(clock)
        let client = try told.client(Troubled(clock: clock, healsAfter: 0, &dice))
        client.pacer.refused(.list, RateLimitNotice(retryAfter: .seconds(30)))
        _ = await clock.working { await Self.result { try await client.list() } }
        #expect(told.all.count == 1 && told.all[0].at == .zero && "\(told.all[0].notice)".contains("next try in 3"), "\(told.all)")
    }

    @Test("the line names request, answer, next try and end")
    func line() {
        let stalled = WaitNotice(request: "GET /a/", attempts: 1, atMost: .seconds(295))
        #expect("\(stalled)" == "waiting for the service: no answer to GET /a/ yet; for 5 min more at most")
        let refused = WaitNotice(
            purpose: "a start of 1 has still to be withdrawn", request: "PUT /a/", problem: "status 429, too many requests", attempts: 2,
            nextTry: .milliseconds(7_200), atMost: .seconds(80))
        #expect(
            "\(refused)"
                == "a start of 1 has still to be withdrawn: PUT /a/: status 429, too many requests; next try in 8 s; for 80 s more at most")
    }

    private static func result<Value: Sendable>(_ body: () async throws -> Value) async -> Result<Value, VastError> {
        do { return .success(try await body()) } catch { return .failure(VastError.of(error)) }
    }
}

/// What a client has told, and when.
private final class Told: Sendable {
    private let clock: VirtualClock
    private let notices = Mutex<[(at: Duration, notice: WaitNotice)]>([])

    init(_ clock: VirtualClock) { self.clock = clock }

    var all: [(at: Duration, notice: WaitNotice)] { notices.withLock { $0 } }

    func client(_ transport: any HTTPTransport) throws -> VastClient {
        var configuration = ClientConfiguration(
            url: try ServiceURL("http://127.0.0.1:9"), key: try APIKey(markerKey), clock: clock, seed: 1)
        configuration.transport = transport
        configuration.onWait = { [self] notice in notices.withLock { $0.append((clock.uptime, notice)) } }
        return try VastClient(configuration)
    }
}

/// A service with one instance whose GPU is taken, in trouble from the second request on, or from the first when nothing is
/// started, for a number of requests.
private final class Troubled: HTTPTransport {
    private enum Trouble: CaseIterable {
        case tooFrequent, tooFrequentFor, failing, page, stalling
    }

    private struct State {
        var count = 0
        var intended = "stopped"
        var startedAt: Duration?
        var troublesOnlyChanges = false
    }

    private let clock: VirtualClock
    private let kinds: [Trouble]
    let healsAfter: Int
    private let state = Mutex(State())

    init(clock: VirtualClock, healsAfter: Int, _ dice: inout SeededGenerator) {
        (self.clock, self.healsAfter) = (clock, healsAfter)
        let all = (0..<Int.random(in: 1...5, using: &dice)).map { _ in Trouble.allCases.randomElement(using: &dice) ?? .failing }
        kinds = Bool.random(using: &dice) ? [all[0]] : all
    }

    var troubles: String { "\(kinds)" }
    var startedAt: Duration? { state.withLock { $0.startedAt } }
    /// Whether the instance is wanted on.
    var isWanted: Bool { state.withLock { $0.intended == "running" } }
    var troublesOnlyChanges: Bool {
        get { state.withLock { $0.troublesOnlyChanges } }
        set { state.withLock { $0.troublesOnlyChanges = newValue } }
    }

    func shutdown() async {}

    func exchange(_ request: HTTPRequest) async throws -> HTTPResponse {
        let body = String(decoding: request.body ?? [], as: UTF8.self)
        if body.contains("running") { return start() }
        let trouble = state.withLock { state -> Trouble? in
            if state.troublesOnlyChanges, request.method == .get { return nil }
            state.count += 1
            return state.count <= healsAfter ? kinds[(state.count - 1) % kinds.count] : nil
        }
        switch trouble {
        case nil: return answer(request, body)
        case .tooFrequent?: return HTTPResponse(status: 429, body: Array("API requests too frequent".utf8))
        case .tooFrequentFor?: return HTTPResponse(status: 429, headers: [("Retry-After", "20")], body: Array("slow down".utf8))
        case .failing?: return HTTPResponse(status: 503, body: Array("oops".utf8))
        case .page?: return HTTPResponse(status: 403, headers: [("Content-Type", "text/html")], body: Array("<h1>no</h1>".utf8))
        case .stalling?:
            try await clock.sleep(for: request.timeout)
            throw TransportError(.timedOut, detail: "no answer in time")
        }
    }

    private func start() -> HTTPResponse {
        state.withLock { state in
            (state.intended, state.startedAt) = ("running", clock.uptime)
        }
        return HTTPResponse(status: 200, body: Array(#"{"success":false,"error":"resources_unavailable","msg":"queued"}"#.utf8))
    }

    private func answer(_ request: HTTPRequest, _ body: String) -> HTTPResponse {
        if request.method == .put {
            state.withLock { $0.intended = "stopped" }
            return HTTPResponse(status: 200, body: Array(#"{"success":true}"#.utf8))
        }
        let intended = state.withLock { $0.intended }
        let row = #"{"id":1,"actual_status":"exited","intended_status":"\#(intended)","cur_state":"stopped"}"#
        return HTTPResponse(
            status: 200, body: Array(#"{"success":true,"instances":[\#(row)],"total_instances":1,"next_token":null}"#.utf8))
    }
}
