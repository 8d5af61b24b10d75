import VastAPI

/// What helps with a failure of some kind, where nobody knows better.
enum ErrorHints {
    /// - Parameter kind: a kind as scripts see it; one that we do not raise has a hint, too.
    static func usual(for kind: VastError.Kind) -> String {
        switch kind {
        case .invalidArgument: "correct the call: vast.help says what it takes, and vast-lua check finds such mistakes before a run"
        case .notFound: "read the fleet again with vast.instances(): it is gone, or belongs to another account"
        case .unauthorized: "look at the key with vast-lua doctor"
        case .forbidden: "use a key that has this permission; vast-lua doctor shows what the key may do"
        case .rateLimited: "try again later, and less often"
        case .unavailable: "try again later, or use vast.start(id, {unavailable = \"retry\"})"
        case .billing: "add credit or a means of payment to the account, then try again"
        case .conflict: "read the instance again with inst:refresh() and decide anew"
        case .guard: "vast.guard sets the limits, and docs/safety.md says what each refusal means"
        case .partial: "results[id] says what became of each one, and results[id].retryable whether to try it again"
        case .timeout: "read the instance with inst:refresh() to see what became of it before trying again"
        case .network: "look at the connection with vast-lua doctor, then try again"
        case .server: "try again later; read the instance first when a change may have arrived"
        case .cancelled: "somebody ended the task or the run; what was sent before is in vast-lua history"
        default: "vast-lua history shows what was sent"
        }
    }

    /// A hint that somebody gave for just this failure; nil for the usual one of its kind.
    static func own(_ hint: String?, kind: String?) -> String? {
        hint == kind.map({ usual(for: VastError.Kind(rawValue: $0)) }) ? nil : hint
    }
}
