import FleetClock
import Foundation
import Synchronization
import Testing
import VastJSON

@testable import VastAPI

/// A page, or a gateway's JSON, in answer to a change is nobody's refusal: the fleet says what became of it.
@Suite("A page in answer to a change") struct PageForChangeTests {
    private static let pages: [Between.Page] = [
        Between.Page(status: 401, body: "<html><title>Sign in</title>"), Between.Page(status: 403, body: "<title>Just a moment...</title>"),
        Between.Page(status: 403, body: #"{"message":"Forbidden"}"#),
        Between.Page(status: 403, body: #"{"error":"access_denied"}"#), Between.Page(status: 401, body: #"{"error":"not_authorized"}"#),
        Between.Page(status: 404, body: #"{"error":"not_found"}"#),
        Between.Page(status: 403, body: #"{"error":{"code":403}}"#), Between.Page(status: 302, body: ""),
        Between.Page(status: 451, body: "blocked"), Between.Page(status: 302, body: "<html>", place: "http://127.0.0.1:1/login"),
        Between.Page(status: 303, body: "", place: "https://portal.example/"), Between.Page(status: 301, body: "", place: "/login"),
        Between.Page(status: 200, body: "<html><title>Hotel</title>"), Between.Page(status: 204, body: "<html>"),
        Between.Page(status: 400, body: "<h1>Bad Request</h1>"), Between.Page(status: 408, body: "<html>"),
        Between.Page(status: 500, body: "<html>blocked"), Between.Page(status: 502, body: "<title>Bad Gateway</title>"),
        Between.Page(status: 503, body: "<!DOCTYPE html>"), Between.Page(status: 504, body: "<html>"),
        Between.Page(status: 511, body: "<html>")
    ]

    private static func call(_ verb: Change.Verb, _ ids: [InstanceID], _ operations: Operations) async -> ChangeOutcomes {
        await operations.perform(verb, ids, verb == .label ? .label("new") : nil)
    }

    private static func isDone(_ verb: Change.Verb, _ row: FakeVast.Row?) -> Bool {
        switch verb {
        case .label: row?.label == "new"
        case .stop: row?.intended == "stopped"
        case .start: row?.intended == "running"
        case .destroy: row == nil
        default: false
        }
    }

    @Test(
        "sends it once more where nothing has happened, and only there; what is refused was not made", arguments: 0..<300 as Range<UInt64>)
    func law(seed: UInt64) async throws {
        var dice = SeededGenerator(seed: seed ^ 0x7061_6765)
        let verb = [Change.Verb.label, .stop, .start, .destroy].randomElement(using: &dice) ?? .stop
        let ids = (1...Int64.random(in: 1...4, using: &dice)).map { InstanceID($0) }
        let clock = VirtualClock(mode: .jumping)
        let vast = FakeVast(clock: clock, instances: 4) { world in
            if verb == .start {
                for id in world.rows.keys { world.rows[id] = FakeVast.Row(intended: "stopped", cur: "stopped", actual: "exited") }
            }
        }
        let page = Self.pages.randomElement(using: &dice) ?? Self.pages[0]
        let isPersistent = Bool.random(using: &dice)
        let isPassedOn = Bool.random(using: &dice)
        let between = Between(vast) { number -> Between.Answer? in
            number == 1 || isPersistent ? Between.Answer(page: page, isPassedOn: isPassedOn) : nil
        }
        let client = try makeClient(between, clock: clock, pacing: .unpaced)
        let known = Dictionary(
            uniqueKeysWithValues: vast.rows.map { (InstanceID($0.key), ChangeBaseline(intendedStatus: $0.value.intended, label: "")) })
        let outcomes = await clock.working { await Self.call(verb, ids, Operations(client, before: known)) }
        let what = "\(verb) of \(ids), \(page), passed on \(isPassedOn), persistent \(isPersistent): \(outcomes)"
        for id in ids {
            let isDone = Self.isDone(verb, vast.rows[id.rawValue])
            switch outcomes[id] {
            case .accepted?: #expect(isDone, "\(what)")
            case .refused(let error)?:
                #expect(!isDone && isPersistent && !isPassedOn && error.kind == .server && error.effect == .none, "\(what)")
            default: Issue.record("\(what)")
            }
        }
        if isPassedOn || !isPersistent { #expect(outcomes.failed.isEmpty, "\(what)") }
        if ids.count == 1 { #expect(between.changes == (isPassedOn ? 1 : 2), "\(what)") }
        if verb == .stop, ids.count > 1, isPersistent, !isPassedOn { #expect(between.changes == 2, "\(what)") }
    }

    @Test("never sends again what may not be repeated, nor a stop ten seconds later, nor over what somebody has done")
    func policy() async throws {
        for (verb, delay, isTouched) in [(Change.Verb.reboot, 0, false), (.stop, 11, false), (.label, 0, true)] {
            let clock = VirtualClock(mode: .jumping)
            let vast = FakeVast(clock: clock, instances: 1)
            let between = Between(vast, delay: .seconds(delay)) { _ -> Between.Answer? in
                if isTouched { vast.world.withLock { $0.rows[1]?.label = "somebody's" } }
                return Between.Answer(page: Self.pages[0], isPassedOn: false)
            }
            let client = try makeClient(between, clock: clock)
            let before = [InstanceID(1): ChangeBaseline(intendedStatus: "running", label: "")]
            let outcomes = await clock.working { await Self.call(verb, [1], Operations(client, before: before)) }
            if case .unknown? = outcomes[1] {} else { Issue.record("\(verb): \(outcomes)") }
            #expect(between.changes == 1, "\(verb)")
        }
    }
}

/// Stands before a service and answers some changes in its place.
private final class Between: HTTPTransport {
    struct Page: Sendable {
        let status: Int
        let body: String
        var place: String?
    }

    struct Answer: Sendable {
        let page: Page
        /// Whether the service gets the request all the same.
        let isPassedOn: Bool
    }

    private let vast: FakeVast
    private let delay: Duration
    private let answer: @Sendable (Int) -> Answer?
    private let count = Mutex(0)

    /// - Parameter answer: what is answered to the nth change; nil: it is let through.
    init(
        _ vast: FakeVast, delay: Duration = .zero,
        _ answer: @escaping @Sendable (Int) -> Answer?
    ) { (self.vast, self.delay, self.answer) = (vast, delay, answer) }

    var changes: Int { count.withLock { $0 } }

    func shutdown() async {}

    func exchange(_ request: HTTPRequest) async throws -> HTTPResponse {
        guard request.method != .get else { return try await vast.exchange(request) }
        let number = count.withLock { count in
            count += 1
            return count
        }
        guard let answer = answer(number) else { return try await vast.exchange(request) }
        if answer.isPassedOn { _ = try await vast.exchange(request) }
        if delay > .zero { try await vast.clock.sleep(for: delay) }
        let headers = answer.page.place.map { [(name: "Location", value: $0)] } ?? []
        return HTTPResponse(status: answer.page.status, headers: headers, body: Array(answer.page.body.utf8))
    }
}
