internal import FleetClock
package import VastModels
package import VastJSON

/// What one stop has saved so far: the rate while it ran less the storage that goes on billing, for as long as it was off.
package struct Saving: Sendable, Equatable {
    /// A restart sooner than this after a stop was a stop too many.
    package static let regret = Duration.seconds(1_800)

    /// The instance that was stopped.
    package var instance: InstanceID
    /// Its label before the stop; empty when it had none, or nobody knew.
    package var label: String
    /// The id of the run that stopped it.
    package var run: String
    /// The policy that stopped it; nil: the script did by itself.
    package var policy: String?
    /// When it was off, in Unix seconds.
    package var from: Double
    /// When it was on again, or until when it is known to have been off.
    package var to: Double
    /// Whether it was started again at ``to``.
    package var isOver: Bool
    /// What was saved in an hour, net of storage; nil when a rate was not known.
    package var rate: USDPerHour?

    /// In dollars; nil when a rate was not known.
    package var amount: Double? { rate.map { $0.rawValue * max(0, to - from) / 3_600 } }

    /// Whether somebody had to start it again soon.
    package var isRegretted: Bool { isOver && to - from < Self.regret.seconds }

    /// For `--json`.
    package var json: JSONObject {
        var object: JSONObject = [
            "instance": .integer(instance.rawValue), "label": .string(label), "run": .string(run), "from": .double(from),
            "to": .double(to), "over": .bool(isOver), "regret": .bool(isRegretted)
        ]
        object["policy"] = policy.map { .string($0) }
        object["rate_saved"] = rate.flatMap(\.json)
        object["saved"] = amount.flatMap { $0.isFinite ? .double($0) : nil }
        return object
    }
}
