import FleetStore
import VastModels
import VastJSON

/// How fields that a decision saw are read again and compared.
enum PlanFields {
    /// What follows from the time of reading alone, and what the label says, which is compared itself.
    private static let derivedFields: Set<String> = ["age", "ends_in", "observed_at", "duration", "uptime_mins", "tags"]

    /// Measurements never repeat themselves exactly: as far as this apart, they say the same.
    private static let tolerances: [String: Double] = [
        "gpu_util": 10, "gpu_temp": 15, "cpu_util": 10, "mem_usage": .infinity, "vmem_usage": .infinity, "disk_usage": .infinity,
        "disk_util": .infinity, "inet_up": .infinity, "inet_down": .infinity, "reliability2": .infinity, "score": .infinity
    ]

    /// What is compared: all that the decision saw, and label and state in any case.
    static func compared(_ action: PlanAction) -> [(name: String, seen: JSONValue?)] {
        var seen = action.seen
        if seen["label"] == nil { seen["label"] = .string(action.before.label) }
        if seen["state"] == nil { seen["state"] = .string(action.before.state.rawValue) }
        // Whether a bid is a raise or a cut depends on the present one.
        if action.verb.aspect == .price, seen["dph_base"] == nil { seen["dph_base"] = action.before.bid?.json ?? .null }
        return seen.filter { !derivedFields.contains($0.name) }.map { ($0.name, $0.value) }
    }

    /// The value of a field under the name that scripts use; nil when there is none.
    static func value(_ name: String, of instance: Instance) -> JSONValue? {
        switch name {
        case "label": .string(instance.label)
        case "state": .string(instance.state.rawValue)
        case "billing": .string(instance.billing.rawValue)
        case "rate": instance.rate?.json
        case "rate_on": instance.rateOn?.json
        case "rate_off": instance.rateOff?.json
        default: instance.raw(name)?.value
        }
    }

    static func isSame(_ name: String, _ seen: JSONValue?, _ now: JSONValue?) -> Bool {
        if let seen = number(seen), let now = number(now) {
            // Prices are sums of floating-point numbers.
            let tolerance = tolerances[name] ?? max(abs(seen), abs(now)) * 1e-6
            return abs(seen - now) <= tolerance
        }
        return (seen ?? .null) == (now ?? .null)
    }

    private static func number(_ value: JSONValue?) -> Double? {
        switch value {
        case .integer(let number)?: Double(number)
        case .unsigned(let number)?: Double(number)
        case .double(let number)?: number
        default: nil
        }
    }
}
