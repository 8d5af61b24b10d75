import FleetFixtures
import Testing
import VastAPI
import VastJSON

@testable import FleetSafety
@testable import FleetStore

@Suite("A plan against the fleet as it is now")
struct PlanCheckTests {
    private func outcome(
        _ verb: Change.Verb = .stop, before: Instance, seen: JSONObject = [:], label: String? = nil, now: [Instance],
        isComplete: Bool = true
    ) -> PlanCheck.Outcome {
        let action = PlanAction(verb, before: InstanceFacts(before), payload: label.map { .label($0) }, seen: seen)
        let plan = Plan(account: "a", script: "s", created: 0, observed: 0, actions: [action])
        return PlanCheck(plan, against: TestFleet.snapshot(now, isComplete: isComplete)).results[0].outcome
    }

    @Test("what the decision used counts, and nothing else")
    func onlySeen() throws {
        let before = try TestFleet.row(1, label: "a")
        let now = try TestFleet.row(1, label: "a", rateOn: 2, more: ["gpu_util": 97, "image_uuid": "x"])
        #expect(outcome(before: before, now: [now]) == .matches)
        #expect(
            outcome(before: before, seen: ["gpu_util": 50, "rate_on": 1], now: [now])
                == .differs([
                    .init(field: "gpu_util", seen: 50, now: 97), .init(field: "rate_on", seen: 1, now: .double(2))
                ]))
    }

    @Test("label and state count in any case")
    func always() throws {
        let before = try TestFleet.row(1, label: "a")
        #expect(
            outcome(before: before, now: [try TestFleet.row(1, .dead, label: "b")])
                == .differs([
                    .init(field: "label", seen: "a", now: "b"), .init(field: "state", seen: "running", now: "dead")
                ]))
    }

    @Test("a busy card is no longer an idle one, but a hair more is", arguments: [(0.0, 4.0, true), (0, 98, false), (50, 45, true)])
    func utilization(seen: Double, now: Double, matches: Bool) throws {
        let row = try TestFleet.row(1, more: ["gpu_util": .double(now)])
        let outcome = outcome(before: row, seen: ["gpu_util": .double(seen)], now: [row])
        #expect((outcome == .matches) == matches)
    }

    @Test("unknown is not zero", arguments: [(JSONValue.null, JSONValue.integer(0)), (.integer(0), .null)])
    func unknown(seen: JSONValue, now: JSONValue) throws {
        let row = try TestFleet.row(1, more: ["gpu_util": now])
        #expect(outcome(before: row, seen: ["gpu_util": seen], now: [row]) == .differs([.init(field: "gpu_util", seen: seen, now: now)]))
    }

    @Test("a field that passes with time alone is not compared")
    func time() throws {
        let row = try TestFleet.row(1)
        #expect(outcome(before: row, seen: ["age": 5, "observed_at": 3, "ends_in": 9], now: [row]) == .matches)
    }

    @Test("what is so already is neither sent nor refused")
    func satisfied() throws {
        let before = try TestFleet.row(1)
        #expect(outcome(before: before, now: [try TestFleet.row(1, .stopped)]) == .satisfied)
        #expect(outcome(.label, before: before, label: "x", now: [try TestFleet.row(1, label: "x")]) == .satisfied)
        #expect(outcome(.destroy, before: before, now: []) == .satisfied)
    }

    @Test("an instance that is gone, or that was not read, is refused")
    func gone() throws {
        let before = try TestFleet.row(1)
        #expect(outcome(before: before, now: []) == .gone)
        #expect(outcome(before: before, now: [], isComplete: false) == .notRead)
    }

    @Test("matching and refused are told apart, for --strict")
    func parts() throws {
        var plan = Plan(account: "", script: "", scriptHash: "", created: 0, observed: 0)
        plan.actions = try (1...3 as ClosedRange<Int64>).map { id in
            PlanAction(.stop, before: InstanceFacts(try TestFleet.row(id, label: "träin \"\(id)\"")), seen: ["gpu_util": 0.0])
        }
        plan.actions.append(PlanAction(.label, before: InstanceFacts(try TestFleet.row(99)), payload: .label("")))
        let check = PlanCheck(
            plan, against: TestFleet.snapshot([try TestFleet.row(1, label: "träin \"1\"", more: ["gpu_util": 1])]))
        #expect(check.matching.map(\.id) == [1])
        #expect(check.refused.map(\.action.id) == [2, 3, 99])
    }

    @Test(
        "differences are shown in words",
        arguments: [
            (JSONValue?.none, JSONValue?.some("x"), "f: nil -> x"), (.some(""), .some(.null), "f: '' -> nil"),
            (.some(1.5), .some(true), "f: 1.5 -> true")
        ])
    func words(seen: JSONValue?, now: JSONValue?, text: String) {
        #expect(PlanCheck.Difference(field: "f", seen: seen, now: now).text == text)
    }
}

@Suite("What a change puts at risk")
struct ChangeRiskTests {
    private func facts(_ isInterruptible: Bool?, endsIn hours: Double?) -> InstanceFacts {
        var facts = InstanceFacts(id: 1, state: .running)
        facts.isInterruptible = isInterruptible
        facts.endDate = hours.map { 1_000 + $0 * 3_600 }
        facts.rateOff = USDPerHour(0.02)
        return facts
    }

    private func risks(_ verb: Change.Verb, _ facts: InstanceFacts, now: Double, nextStart: Double? = nil) -> [String] {
        verb.rules.risks(facts, nil, ChangeRisk.Circumstances(now: now, nextStart: nextStart)).map(\.text)
    }

    @Test(
        "a stop gives the GPU away or loses the bid, and its disk keeps billing",
        arguments: [
            (false, "GPU may be taken"), (true, "loses its bid"), (nil, "GPU may be taken, or its bid lost")
        ] as [(Bool?, String)])
    func stop(isInterruptible: Bool?, text: String) {
        #expect(risks(.stop, facts(isInterruptible, endsIn: nil), now: 1_000) == [text, "disk keeps billing $0.02/h"])
    }

    @Test(
        "a contract's end counts when it is near, past, or before the next start",
        arguments: [
            (9, nil, "contract ends in 9h"), (49, nil, nil), (-1, nil, "contract has ended: it cannot start again"),
            (60, 61, "contract ends in 2d12h, before the next start"), (60, 59, nil),
            (60, 60, "contract ends in 2d12h, before the next start")
        ] as [(Double, Double?, String?)])
    func contract(endsIn: Double, nextStart: Double?, text: String?) {
        let risks = self.risks(.stop, facts(false, endsIn: endsIn), now: 1_000, nextStart: nextStart.map { 1_000 + $0 * 3_600 })
        #expect(risks.first { $0.hasPrefix("contract") } == text)
    }

    @Test("a label risks nothing, a destroy everything")
    func others() {
        #expect(risks(.label, facts(false, endsIn: 1), now: 1_000).isEmpty)
        #expect(risks(.destroy, facts(false, endsIn: 1), now: 1_000) == ["everything on it is lost"])
    }
}
