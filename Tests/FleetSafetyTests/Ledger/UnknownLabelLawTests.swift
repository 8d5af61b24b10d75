import FleetClock
import Testing
import VastAPI
import VastJSON

@testable import FleetSafety

/// What nobody knows of a label or a bid is in the report, whatever labels come after it.
@Suite struct UnknownLabelLawTests {
    private enum End: CaseIterable { case accepted, unknown, refused, notSent }

    private static func outcome(_ end: End) -> ChangeOutcomes.Outcome {
        switch end {
        case .accepted: .accepted
        case .unknown: .unknown(VastError(.timeout, "no answer", effect: .unknown))
        case .refused: .refused(VastError(.conflict, "no", status: 400))
        case .notSent: .notSent(VastError(.network, "no"))
        }
    }

    private static func isOpen(_ change: ChangeRecord) -> Bool { change.status == .sent || change.status == .replaced(isCertain: false) }

    private static func payload(_ verb: Change.Verb, _ number: Int) -> ChangePayload {
        verb == .label ? .label("label \(number)") : .bid(Double(number + 1) / 10)
    }

    /// A reading that shows what was written last of all.
    private static func row(_ verb: Change.Verb, _ number: Int, at time: Double) throws -> Instance {
        let fields: JSONValue = [
            "id": 1, "label": verb == .label ? .string("label \(number)") : "", "is_bid": true,
            "dph_base": .double(Double(number + 1) / 10),
            "actual_status": "running", "intended_status": "running", "cur_state": "running"
        ]
        let row = try JSONDocument(parsing: try fields.serialized()).root
        return try #require(Instance(row: row, observedAt: .init(timeIntervalSince1970: time)))
    }

    @Test("each that no later one of the same text says something of is open in the report", arguments: 0..<300 as Range<UInt64>)
    func law(seed: UInt64) throws {
        var dice = SeededGenerator(seed: seed ^ 0x6C61_62)
        let verb = Bool.random(using: &dice) ? Change.Verb.label : .bid
        let ledger = ChangeLedger()
        var open: [ChangePayload] = []
        var calls: [String] = []
        for time in 1...Int.random(in: 1...6, using: &dice) {
            let payload = Self.payload(verb, Int.random(in: 0..<3, using: &dice))
            let end = End.allCases.randomElement(using: &dice) ?? .accepted
            calls.append("\(payload.text): \(end)")
            var outcomes = ChangeOutcomes([1])
            outcomes.set(1, Self.outcome(end))
            ledger.record(ChangeOrder(verb, [1], payload), outcomes, at: Double(time))
            if end == .accepted || end == .unknown { open.removeAll { $0 == payload } }
            if end == .unknown { open.append(payload) }
        }
        let shown = ledger.changes.filter(Self.isOpen).compactMap(\.payload)
        #expect(shown.count == open.count && open.allSatisfy(shown.contains), "\(calls): \(shown)")
        #expect(open.isEmpty || ledger.hasOpenChanges)
        let line = RunReport(changes: ledger.changes, bill: .init(), length: .seconds(1), waited: .zero).line ?? ""
        #expect(open.isEmpty || line.contains("outcome unknown"), "\(calls): \(line)")
        // What the fleet shows in the end has arrived.
        let last = Int.random(in: 0..<3, using: &dice)
        let reading = FleetSnapshot(
            instances: [try Self.row(verb, last, at: 100)], observedAt: .init(timeIntervalSince1970: 100), isComplete: true,
            isFiltered: false)
        ledger.note(reading)
        let rest = ledger.changes.filter(Self.isOpen).compactMap(\.payload)
        #expect(!rest.contains(Self.payload(verb, last)) || ledger.unconfirmed.isEmpty, "\(calls), then \(last): \(rest)")
        #expect(open.filter { $0 != Self.payload(verb, last) }.allSatisfy(rest.contains), "\(calls), then \(last): \(rest)")
    }
}
