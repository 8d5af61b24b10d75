internal import VastModels
package import VastJSON

extension PolicyFinding {
    /// For `--json`.
    package var json: JSONObject {
        var object: JSONObject = [
            "policy": .string(policy), "instance": .integer(id.rawValue), "conclusion": .string(conclusion),
            "predicates": .array(lines.map { .object($0.json) })
        ]
        object["would_act_at"] = wouldActAt.map { .double($0) }
        return object
    }
}

extension PolicyFinding.Line {
    var json: JSONObject {
        var object: JSONObject = [
            "name": .string(name), "value": .string(value), "wanted": .string(threshold), "verdict": .string(verdict.rawValue)
        ]
        object["age"] = age.map { .double($0) }
        return object
    }
}
