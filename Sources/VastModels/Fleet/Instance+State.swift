extension Instance {
    /// What the instance is doing, by ``InstanceHints`` and the three status fields together.
    public var state: InstanceState {
        StatusWords(self).state(isInterruptible: isInterruptible, hints: hints, tellsOfError: statusTellsOfError)
    }

    /// The words of the three status fields as the service wrote them, `actual_status` first, such as `exited/running/stopped`;
    /// a field that is not there is `-`.
    public var statusWords: String {
        ["actual_status", "intended_status", "cur_state"].map { name in
            guard let value = raw(name) else { return "-" }
            if value.isNull { return "null" }
            return value.string.map { String($0.prefix(40)).replacing(/[^A-Za-z0-9 _.-]/, with: "?") } ?? "?"
        }.joined(separator: "/")
    }

    /// The one-word state; with the service's own words where they say nothing that is known.
    package var describedState: String { state == .unknown ? "unknown (\(statusWords))" : state.rawValue }

    private var statusTellsOfError: Bool { statusMessage.map(FailureWords.tellOfFailure) ?? false }
}
