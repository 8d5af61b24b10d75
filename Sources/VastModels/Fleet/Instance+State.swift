extension Instance {
    /// What the instance is doing, by ``InstanceHints`` and the three status fields together.
    public var state: InstanceState {
        // A row without the fields (`select_cols`) says nothing; a null `actual_status` means provisioning.
        guard let actualField = raw("actual_status") else { return .unknown }
        let actual = actualField.string
        if actual == "offline" || actual == "unknown" { return .offline }
        if actual == "frozen" { return .frozen }
        if !actualField.isNull && actual == nil { return .unknown }
        switch (intendedStatus, curState) {
        case ("running", "running"): return stateWhenOn(actual)
        case ("running", "stopped"): return stateWhenWaiting(actual)
        case ("stopped", "stopped"): return stateWhenOff(actual)
        case ("stopped", "running"): return actual == "running" ? .stopping : .unknown
        default: return .unknown
        }
    }

    private func stateWhenOn(_ actual: String?) -> InstanceState {
        switch actual {
        case "running": .running
        case "loading": hints.wasRunning ? .running : .starting
        case nil, "created", "rebooting", "recycling": .starting
        case "exited": hints.justStarted ? .starting : .dead
        case "stopped": hints.justStarted ? .starting : .unknown
        default: .unknown
        }
    }

    private func stateWhenWaiting(_ actual: String?) -> InstanceState {
        guard actual == "exited" || actual == "stopped" else { return .unknown }
        guard let isInterruptible else { return .unknown }
        return isInterruptible ? .outbid : .queued
    }

    private func stateWhenOff(_ actual: String?) -> InstanceState {
        switch actual {
        case "running": .stopping
        case "exited", "stopped": hints.isOutbid && isInterruptible == true ? .outbid : .stopped
        case "created", "loading": statusTellsOfError ? .failed : .unknown
        default: .unknown
        }
    }

    private var statusTellsOfError: Bool {
        guard let message = statusMessage?.lowercased(), !message.hasPrefix("success") else { return false }
        return ["error", "fail", "oci runtime", "denied", "invalid", "no such", "unable"].contains { message.contains($0) }
    }
}
