#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif
internal import FleetClock
internal import VastJSON
internal import VastModels

/// `{"marks": {"12": 1795000000}, "acts": {"12": [1795000000, "stop", true]}, "left_alone": {…}, "edges": {…}}`
extension PolicyMemory {
    /// What was kept; what cannot be read is forgotten, which only ever makes a policy wait longer.
    package init(json text: String) {
        guard let root = try? JSONDocument(parsing: text).root else { return }
        marks = Self.numbers(root["marks"])
        leftAlone = Self.numbers(root["left_alone"])
        edges = Self.numbers(root["edges"]).compactMapValues { Int64(exactly: $0.rounded()) }
        if let text = root["failure"]?[0]?.string, let since = root["failure"]?[1]?.double, let last = root["failure"]?[2]?.double {
            let function = root["failure"]?[3]?.string.flatMap(PolicyFunction.init(rawValue:)) ?? .condition
            resume(Failure(text: text, since: since, last: last, function: function))
        }
        Self.each(root["acts"]) { id, value in
            guard let time = value[0]?.double, let verb = value[1]?.string.flatMap(Change.Verb.init(rawValue:)) else { return }
            acts[id] = Act(time: time, verb: verb, isSeen: value[2]?.bool ?? false)
        }
    }

    /// A text of one line.
    package var json: String {
        var object: JSONObject = [
            "marks": .object(Self.object(marks) { .double($0) }),
            "acts": .object(Self.object(acts) { .array([.double($0.time), .string($0.verb.rawValue), .bool($0.isSeen)]) }),
            "left_alone": .object(Self.object(leftAlone) { .double($0) }),
            "edges": .object(Self.object(edges) { .integer($0) })
        ]
        if let failure {
            object["failure"] = .array([
                .string(failure.text), .double(failure.since), .double(failure.last), .string(failure.function.rawValue)
            ])
        }
        return (try? JSONValue.object(object).serialized()).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }

    private static func numbers(_ json: JSON?) -> [InstanceID: Double] {
        var result: [InstanceID: Double] = [:]
        each(json) { id, value in if let number = value.double, Date.clampedUnixSeconds.contains(number) { result[id] = number } }
        return result
    }

    private static func each(_ json: JSON?, _ body: (InstanceID, JSON) -> Void) {
        json?.forEachMember { name, value in
            if let id = Int64(String(decoding: name, as: UTF8.self)) { body(InstanceID(id), value) }
        }
    }

    private static func object<Value>(_ values: [InstanceID: Value], _ write: (Value) -> JSONValue) -> JSONObject {
        var object = JSONObject()
        for (id, value) in values.sorted(by: { $0.key < $1.key }) { object["\(id.rawValue)"] = write(value) }
        return object
    }
}
