#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif
internal import FleetClock
package import VastJSON

extension InstanceFacts {
    /// The facts as a JSON object, under the API's names where there are such; what is not known is left out.
    package var json: JSONObject {
        var object: JSONObject = ["id": .integer(id.rawValue), "label": .string(label), "state": .string(state.rawValue)]
        object["intended_status"] = intendedStatus.map { .string($0) }
        object["rate"] = rate?.json
        object["rate_on"] = rateOn?.json
        object["rate_off"] = rateOff?.json
        object["gpu_name"] = gpuName.map { .string($0) }
        object["num_gpus"] = gpuCount.map { .integer(Int64($0)) }
        object["is_bid"] = isInterruptible.map { .bool($0) }
        object["bid"] = bid?.json
        object["machine_id"] = machineID.map { .integer(Int64($0)) }
        object["end_date"] = endDate.flatMap { $0.isFinite ? .double($0) : nil }
        return object
    }

    /// Reads what ``json`` wrote; nil when there is no id.
    package init?(json: JSON) {
        guard let id = json["id"]?.integral else { return nil }
        self.init(
            id: InstanceID(id), label: json["label"]?.string ?? "",
            state: json["state"]?.string.flatMap(InstanceState.init(rawValue:)) ?? .unknown)
        intendedStatus = json["intended_status"]?.string
        rate = json["rate"]?.double.map { USDPerHour($0) }
        rateOn = json["rate_on"]?.double.map { USDPerHour($0) }
        rateOff = json["rate_off"]?.double.map { USDPerHour($0) }
        gpuName = json["gpu_name"]?.string
        gpuCount = json["num_gpus"]?.integral.flatMap { (0...1_000_000).contains($0) ? Int($0) : nil }
        isInterruptible = json["is_bid"]?.bool
        bid = json["bid"]?.double.map { USDPerHour($0) }
        machineID = json["machine_id"]?.integral.flatMap { Int(exactly: $0) }
        endDate = json["end_date"]?.double.map { Date(clampingUnixSeconds: $0).timeIntervalSince1970 }
    }
}

extension USDPerHour {
    /// The number; nil when it is not finite, which JSON cannot say.
    package var json: JSONValue? { rawValue.isFinite ? .double(rawValue) : nil }
}
