package import FleetRules
#if canImport(FoundationEssentials)
package import FoundationEssentials
#else
package import Foundation
#endif
package import VastJSON
package import VastModels

/// Rows and snapshots for tests, as the service would send them.
package enum TestFleet {
    package static let readAt = Date(timeIntervalSince1970: 1_795_000_000)

    /// A row in one of the usual states.
    package static func row(
        _ id: Int64, _ state: InstanceState = .running, label: String = "", rateOn: Double? = 1, rateOff: Double = 0.1,
        more: JSONObject = [:]
    ) throws -> Instance {
        let (actual, intended, current) =
            switch state {
            case .running: ("running", "running", "running")
            case .stopping: ("running", "stopped", "running")
            case .queued, .outbid: ("exited", "running", "stopped")
            case .offline: ("offline", "running", "running")
            case .dead: ("exited", "running", "running")
            default: ("exited", "stopped", "stopped")
            }
        var row: JSONObject = [
            "id": .integer(id), "actual_status": .string(actual), "intended_status": .string(intended),
            "cur_state": .string(current), "is_bid": .bool(state == .outbid), "num_gpus": 2, "gpu_name": "RTX 4090",
            "label": label.isEmpty ? nil : .string(label), "gpu_util": 50, "storage_total_cost": .double(rateOff),
            "jupyter_token": "SECRET-TOKEN", "onstart": "SECRET-START"
        ]
        row["search"] = rateOn.map { ["totalHour": .double($0)] }
        row["instance"] = ["totalHour": .double(state == .running ? rateOn ?? 0 : rateOff)]
        for (name, value) in more { row[name] = value }
        let document = try JSONDocument(parsing: JSONValue.object(row).serialized())
        guard let instance = Instance(row: document.root, observedAt: readAt) else { throw JSONMissing() }
        return instance
    }

    package struct JSONMissing: Error {}

    package static func snapshot(
        _ instances: [Instance], isComplete: Bool = true, isFiltered: Bool = false, total: Int? = nil
    ) -> FleetSnapshot {
        FleetSnapshot(
            instances: instances.sorted { $0.id < $1.id }, observedAt: readAt, total: total, isComplete: isComplete,
            isFiltered: isFiltered)
    }

    /// `on` running instances with the ids from 1, then `off` stopped ones with the ids that follow.
    package static func guarded(on: Int, off: Int = 0, isWhole: Bool = true) throws -> GuardFleet {
        let rows = try (0..<(on + off)).map { try row(Int64($0 + 1), $0 < on ? .running : .stopped) }
        return GuardFleet(rows.map(InstanceFacts.init), isWhole: isWhole)
    }
}

extension [InstanceID] {
    /// The ids of a range.
    package init(_ range: ClosedRange<Int64>) { self = range.map { InstanceID($0) } }
}
