/// The two questions that a row of the fleet answers about a change. They are asked nowhere else.
extension Change.Verb {
    /// Whether the row shows the wish of the change: the service has accepted it. What it leads to may take a while, or
    /// never come.
    ///
    /// - Parameter label: the label that a `label` change sets.
    /// - Returns: false for verbs that leave no wish in a row.
    public func isAccepted(by row: Instance, label: String? = nil) -> Bool {
        switch self {
        case .stop: row.intendedStatus == "stopped"
        // Without its GPU a start is queued, and may bill later.
        case .start: row.intendedStatus == "running" && row.curState == "running"
        case .label: row.label == (label ?? "")
        case .reboot: row.actualStatus == "rebooting"
        case .recycle: row.actualStatus == "recycling"
        case .destroy, .other: false
        }
    }

    /// Whether a row cannot tell whether the change was made: what runs may have run all the time.
    public var leavesNoTrace: Bool {
        switch self {
        case .reboot, .recycle, .other: true
        case .start, .stop, .label, .destroy: false
        }
    }

    /// Whether a reading shows what the user pays for to have happened.
    ///
    /// - Parameters:
    ///   - row: nil when the instance is gone: a complete reading of the whole fleet lacks it.
    ///   - label: the label that a `label` change sets.
    public func isSettled(by row: Instance?, label: String? = nil) -> Bool {
        guard let row else { return self == .stop || self == .destroy }
        switch self {
        case .stop: return row.billing != .gpu && (row.state == .stopped || row.state == .outbid)
        case .start, .reboot, .recycle: return row.state == .running
        case .label: return isAccepted(by: row, label: label)
        case .destroy: return false
        case .other: return true
        }
    }
}

extension Instance {
    /// Whether a start is wanted and the GPU is not there.
    public var isStartQueued: Bool { intendedStatus == "running" && curState == "stopped" }
}
