extension VastError {
    /// Any error as one of ours: what an observer throws refuses the change.
    static func of(_ error: any Error) -> VastError {
        switch error {
        case let error as VastError: error
        case is CancellationError: VastError(.cancelled, "cancelled")
        default: VastError(.guard, "\(error)", code: "observer", cause: error)
        }
    }

    /// Whether the service does not know the route at all, as opposed to an instance.
    var meansMissingRoute: Bool {
        guard kind != .unauthorized, kind != .forbidden, code != "no_such_instance" else { return false }
        switch status {
        case 405, 501: return true
        case 404, 410: return code != "not_found" && code != "invalid_args"
        default: return false
        }
    }

    /// For what something between here and the service has answered with a refusal, and what the service does not show: the
    /// refusal, when it was answered so again.
    var refusalOnTheWay: VastError? {
        guard effect == .unknown, let status else { return nil }
        let isRefusal = kind != .timeout && (300..<500).contains(status)
        guard isRefusal || (cause as? ForeignAnswer)?.isPage == true else { return nil }
        var copy = self
        copy.effect = .none
        return copy
    }
}
