import FleetClock
import Testing

@testable import VastAPI

/// A list of changes ends with the first answer after which the others would fail the same way.
@Suite struct EndedListLawTests {
    @Test("a key that is refused is not sent again for the rest of a list", arguments: 0..<60 as Range<UInt64>)
    func unauthorized(seed: UInt64) async throws {
        var dice = SeededGenerator(seed: seed)
        let count = Int.random(in: 2...14, using: &dice)
        let refused = Int.random(in: 1...count, using: &dice)
        let changes: [(Change.Verb, ChangePayload?)] = [(.bid, .bid(0.5)), (.reboot, nil), (.label, .label("x")), (.recycle, nil)]
        let (verb, payload) = try #require(changes.randomElement(using: &dice))
        let transport = Script { _, number in
            number < refused
                ? FakeVast.json(["success": true])
                : FakeVast.json(["success": false, "error": "auth_error", "msg": "Invalid user key"], status: 401)
        }
        let clock = VirtualClock(mode: .jumping)
        let client = try makeClient(transport, clock: clock)
        let ids = (1...Int64(count)).map { InstanceID($0) }
        let outcomes = await clock.working { await Operations(client).perform(verb, ids, payload) }
        #expect(transport.count == refused, "\(verb), \(refused) of \(count)")
        var kinds: [String: Int] = [:]
        for (id, outcome) in outcomes.inOrder {
            switch outcome {
            case .accepted: kinds["accepted", default: 0] += 1
            case .refused(let error):
                kinds["refused", default: 0] += 1
                #expect(error.status == 401 && error.instance == id)
            case .notSent(let error):
                kinds["unsent", default: 0] += 1
                #expect(error.kind == .unauthorized && error.status == nil && error.attempts == 0 && error.instance == id)
            default: Issue.record("\(id): \(outcome)")
            }
        }
        #expect(kinds["accepted", default: 0] == refused - 1 && kinds["refused"] == 1 && kinds["unsent", default: 0] == count - refused)
        #expect(outcomes.endedBy?.kind == .unauthorized)
        let failure = outcomes.failure(of: verb, isSingle: false)
        #expect(refused == 1 ? failure?.kind == .unauthorized : failure?.kind == .partial && failure?.endedBy == "unauthorized")
    }
}
