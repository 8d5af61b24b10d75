import VastAPI
import VastJSON

/// How planned changes would show: fields that are put over what is read.
struct PlanOverlay {
    private var fields: [InstanceID: JSONObject] = [:]
    private var destroyed: Set<InstanceID> = []

    /// Puts a change over an instance, as if the service had made it at once.
    mutating func apply(_ verb: Change.Verb, to row: Instance, label: String?) {
        switch verb {
        case .stop: put(Self.switched(row, to: "stopped", actual: "exited", rate: row.rateOff), on: row.id)
        case .start: put(Self.switched(row, to: "running", actual: "running", rate: row.rateOn), on: row.id)
        case .label: put(["label": label.map { $0.isEmpty ? .null : .string($0) } ?? .null], on: row.id)
        case .destroy: destroyed.insert(row.id)
        case .reboot, .recycle, .other: break
        }
    }

    /// An instance as it would look; nil when it would be gone.
    func shown(_ instance: Instance) -> Instance? {
        if destroyed.contains(instance.id) { return nil }
        return fields[instance.id].map { instance.overlaid(with: $0) } ?? instance
    }

    func shown(_ snapshot: FleetSnapshot) -> FleetSnapshot {
        if fields.isEmpty, destroyed.isEmpty { return snapshot }
        return FleetSnapshot(
            instances: snapshot.instances.compactMap(shown), observedAt: snapshot.observedAt, total: snapshot.total,
            labelCounts: snapshot.labelCounts, isComplete: snapshot.isComplete, isFiltered: snapshot.isFiltered)
    }

    private mutating func put(_ added: JSONObject, on id: InstanceID) {
        for (name, value) in added { fields[id, default: [:]][name] = value }
    }

    private static func switched(_ row: Instance, to status: JSONValue, actual: JSONValue, rate: USDPerHour?) -> JSONObject {
        var object: JSONObject = ["intended_status": status, "cur_state": status, "actual_status": actual]
        if status == "stopped" { object["gpu_util"] = .null }
        // What it costs stands in a group of its own (Vast API contract, section 4).
        if case .object(var costs)? = row.raw("instance")?.value {
            costs["totalHour"] = rate.map { .double($0.rawValue) } ?? .null
            object["instance"] = .object(costs)
        }
        return object
    }
}
