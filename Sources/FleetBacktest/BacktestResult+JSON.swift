#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
package import VastJSON

extension BacktestResult {
    /// The version of the form below.
    package static let schema: Int64 = 1

    /// The answer for programs; docs/backtest.md describes it. Times are ISO 8601 in UTC, hours and dollars are numbers.
    package var json: JSONObject {
        var object: JSONObject = ["schema": .integer(Self.schema), "input": .object(input)]
        let actions = Dictionary(grouping: actions, by: \.id)
        object["instances"] = .array(members.map { .object(Self.json(of: $0, actions[$0.id] ?? [])) })
        object["total"] = .object(Self.json(of: total))
        object["refusals"] = .array(refusals.map { .string($0.message) })
        object["failure"] = failure.map { .string($0) } ?? .null
        return object
    }

    private var input: JSONObject {
        [
            "from": rhythm.begin.map { .string(Self.time($0)) } ?? .null, "to": rhythm.end.map { .string(Self.time($0)) } ?? .null,
            "reached": .string(Self.time(reached)), "readings": .integer(Int64(rhythm.count)),
            "instances": .integer(Int64(rhythm.instances)), "rhythm_seconds": rhythm.usual.map { .double($0) } ?? .null
        ]
    }

    private static func json(of member: Member, _ actions: [BacktestAction]) -> JSONObject {
        var object: JSONObject = ["id": .integer(member.id.rawValue), "label": .string(member.label)]
        object["actions"] = .array(actions.map { .object(json(of: $0)) })
        for (name, value) in json(of: member.bill) { object[name] = value }
        return object
    }

    private static func json(of action: BacktestAction) -> JSONObject {
        [
            "at": .string(time(action.time)), "verb": .string(action.verb.rawValue),
            "value": action.payload.map { .string($0) } ?? .null, "reason": action.reason.map { .string($0) } ?? .null,
            "line": action.line.map { .string($0) } ?? .null, "seen_at": .string(time(action.seenAt))
        ]
    }

    private static func json(of bill: InstanceBill) -> JSONObject {
        [
            "with": amount(bill.with), "without": amount(bill.without), "saved": amount(bill.saved), "hours_off": amount(bill.hoursOff),
            "work_interrupted_hours": amount(bill.interruptedHours), "work_interrupted_cost": amount(bill.interruptedCost),
            "restarts_needed": .integer(Int64(bill.restartsNeeded)), "regretted": .integer(Int64(bill.regretted)),
            "unknown_hours": amount(bill.unknownHours)
        ]
    }

    /// To a millionth: sums agree to the cent, and the noise of fractions does not show.
    private static func amount(_ number: Double) -> JSONValue { .double((number * 1e6).rounded() / 1e6 + 0) }

    private static func time(_ seconds: Double) -> String { Date(timeIntervalSince1970: seconds.rounded(.down)).formatted(.iso8601) }
}
