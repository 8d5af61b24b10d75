package import VastJSON
package import VastModels

extension InstanceState {
    /// The status fields of a row that show this state (Vast API contract, section 5); none for ``unknown``.
    package var statusFields: JSONObject {
        switch self {
        case .running: Self.fields("running", "running", "running")
        case .starting: Self.fields("loading", "running", "running")
        case .dead: Self.fields("exited", "running", "running")
        case .stopping: Self.fields("running", "stopped", "running")
        case .stopped: Self.fields("exited", "stopped", "stopped")
        case .queued: Self.fields("exited", "running", "stopped", ["is_bid": false])
        case .outbid: Self.fields("exited", "running", "stopped", ["is_bid": true])
        case .frozen: Self.fields("frozen", "frozen", "running")
        case .offline: Self.fields("offline", "running", "running")
        case .failed: Self.fields("created", "stopped", "stopped", ["status_msg": .string(RecordedFields.failureMessage)])
        case .unknown: [:]
        }
    }

    private static func fields(_ actual: String, _ intended: String, _ contract: String, _ more: JSONObject = [:]) -> JSONObject {
        var fields: JSONObject = [
            "actual_status": .string(actual), "intended_status": .string(intended), "cur_state": .string(contract)
        ]
        for (name, value) in more { fields[name] = value }
        return fields
    }
}
