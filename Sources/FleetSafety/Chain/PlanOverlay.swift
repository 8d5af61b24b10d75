import VastAPI
import VastJSON

/// How planned changes would show: fields that are put over what is read.
struct PlanOverlay {
    private var fields: [InstanceID: JSONObject] = [:]
    private var destroyed: Set<InstanceID> = []

    /// Puts a change over an instance, as if the service had made it at once.
    mutating func apply(_ verb: Change.Verb, to row: Instance, _ payload: ChangePayload?) {
        if verb.rules.endsRental {
            destroyed.insert(row.id)
        } else {
            put(verb.rules.overlay(on: row, payload), on: row.id)
        }
    }

    /// An instance as it would look; nil when it would be gone.
    func shown(_ instance: Instance) -> Instance? {
        if destroyed.contains(instance.id) { return nil }
        return fields[instance.id].map { instance.overlaid(with: $0) } ?? instance
    }

    func shown(_ snapshot: FleetSnapshot) -> FleetSnapshot {
        if fields.isEmpty, destroyed.isEmpty { return snapshot }
        var planned = snapshot.with(snapshot.instances.compactMap(shown))
        planned.isPlanned = true
        return planned
    }

    private mutating func put(_ added: JSONObject, on id: InstanceID) {
        for (name, value) in added { fields[id, default: [:]][name] = value }
    }
}
