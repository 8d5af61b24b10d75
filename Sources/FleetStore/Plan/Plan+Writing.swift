internal import FleetClock
internal import VastModels
package import VastJSON

extension Plan {
    /// The plan as it stands in a file: JSON, one action on a line, with a hash over everything else.
    ///
    /// - Throws: ``PlanError`` of kind `unwritable` for numbers that JSON does not have.
    package func encoded() throws(PlanError) -> [UInt8] {
        do {
            let head = try header.map { "\(try Self.text(.string($0.name))): \(try Self.text($0.value))" }
            let lines = try actions.map { "    \(try Self.text(.object($0.json)))" }
            let hash = "\"hash\": \"\(try Self.hash(of: json))\""
            let members = head + [hash, "\"actions\": [\n\(lines.joined(separator: ",\n"))\n  ]"]
            return Array("{\n  \(members.joined(separator: ",\n  "))\n}\n".utf8)
        } catch {
            throw PlanError(.unwritable, "the plan cannot be written: \(error)")
        }
    }

    private var header: JSONObject {
        var object: JSONObject = [
            "vast_lua_plan": .integer(Self.version), "account": .string(account), "script": .string(script),
            "created": .double(created), "observed": .double(observed)
        ]
        object["script_hash"] = scriptHash.map { .string($0) }
        object["limits"] = limits.planJSON
        return object
    }

    private var json: JSONObject {
        var object = header
        object["actions"] = .array(actions.map { .object($0.json) })
        return object
    }

    /// The hash of a plan without its hash: over its JSON with the members of every object in the order of their names.
    static func hash(of object: JSONObject) throws -> String {
        var object = object
        object["hash"] = nil
        return "sha256:\(ContentHash.sha256(try JSONValue.object(object).sorted.serialized()))"
    }

    private static func text(_ value: JSONValue) throws -> String { String(decoding: try value.serialized(), as: UTF8.self) }
}

extension PlanAction {
    /// The action as it stands in a plan file, and for `--json`.
    package var json: JSONObject {
        var object: JSONObject = ["verb": .string(verb.rawValue), "before": .object(before.json), "seen": .object(seen)]
        if let payload { object[payload.afterName] = payload.json }
        object["reason"] = reason.map { .string($0) }
        object["line"] = line.map { .string($0) }
        object["rate_after"] = rateAfter?.json
        if unavailable != .cancel { object["unavailable"] = unavailable.planJSON }
        if !risks.isEmpty { object["risks"] = .array(risks.map { .string($0) }) }
        return object
    }
}

extension UnavailableRule {
    /// `"cancel"`, `"queue"`, or `{"every": 300, "within": 7200, "max_rate": 4}` in seconds and $/h.
    fileprivate var planJSON: JSONValue {
        switch self {
        case .cancel: return "cancel"
        case .queue: return "queue"
        case .retry(let every, let within, let maxRate):
            var object: JSONObject = ["every": .double(every.seconds), "within": .double(within.seconds)]
            object["max_rate"] = maxRate?.json
            return .object(object)
        }
    }
}

extension JSONValue {
    /// The same value with the members of every object in the order of their names.
    fileprivate var sorted: JSONValue {
        switch self {
        case .object(let object):
            .object(
                JSONObject(
                    object.map { ($0.name, $0.value.sorted) }.sorted { Array($0.0.utf8).lexicographicallyPrecedes(Array($1.0.utf8)) }))
        case .array(let elements): .array(elements.map(\.sorted))
        default: self
        }
    }
}
