import FleetClock
import Foundation
import VastJSON

@testable import FleetRecording

/// Random fleets and readings.
struct RandomRecording {
    var dice: SeededGenerator

    init(_ seed: UInt64) { dice = SeededGenerator(seed: seed) }

    /// How many seeds a law is tried with.
    static func seeds(_ usual: UInt64) -> ClosedRange<UInt64> {
        1...(UInt64(ProcessInfo.processInfo.environment["VAST_LUA_SEEDS"] ?? "") ?? usual)
    }

    mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &dice) }

    mutating func chance(_ part: Double) -> Bool { Double.random(in: 0..<1, using: &dice) < part }

    /// Readings in ascending time, scrubbed.
    mutating func readings(_ count: Int) -> [RecordedReading] {
        var time = 1.7e9 + Double.random(in: 0..<1e6, using: &dice)
        return (0..<count).map { _ in
            time += chance(0.3) ? Double(number(1...600)) : Double.random(in: 0.001..<300, using: &dice)
            return RecordedReading(time: time, isComplete: chance(0.7), rows: rows())
        }
    }

    private mutating func rows() -> [JSONObject] {
        var ids: Set<Int64> = []
        for _ in 0..<number(0...6) { ids.insert(Int64.random(in: 1...(chance(0.1) ? .max : 50), using: &dice)) }
        return ids.sorted().map { row($0) }
    }

    private mutating func row(_ id: Int64) -> JSONObject {
        var row: JSONObject = ["id": .integer(id)]
        for name in RecordedFields.names where name != "id" && chance(0.4) {
            if chance(0.1) { row[name] = .null } else { row[name] = value(name) }
        }
        if chance(0.1) { row["status_msg"] = "error" }
        return row
    }

    private mutating func value(_ name: String) -> JSONValue {
        switch name {
        case "is_bid": .bool(chance(0.5))
        case "search", "instance": .object(["totalHour": .double(Double.random(in: 0..<9, using: &dice))])
        case "actual_status", "intended_status", "cur_state", "next_state", "verification":
            .string(["running", "stopped", "loading", "exited"].randomElement(using: &dice) ?? "")
        case _ where RecordedFields.textNames.contains(name):
            .string(["dev-a", "é \"quoted\", with\nlines", "", "🙂 \u{1B}[2J", "RTX 4090"].randomElement(using: &dice) ?? "")
        default: chance(0.3) ? .integer(Int64(number(-1...100))) : .double(Double.random(in: -1..<100, using: &dice))
        }
    }
}
