import VastJSON

extension Instance {
    /// The fields of this row as they would be after a stop or a start.
    func switched(to status: JSONValue, actual: JSONValue, rate: USDPerHour?) -> JSONObject {
        var object: JSONObject = ["intended_status": status, "cur_state": status, "actual_status": actual]
        if status == "stopped" { object["gpu_util"] = .null }
        // What it costs stands in a group of its own (Vast API contract, section 4).
        if case .object(var costs)? = raw("instance")?.value {
            costs["totalHour"] = rate.map { .double($0.rawValue) } ?? .null
            object["instance"] = .object(costs)
        }
        return object
    }
}
