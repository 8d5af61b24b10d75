/// What a request asks an instance to become.
public enum TargetState: String, Sendable {
    case running, stopped
}

/// What a request changes.
public struct Change: Sendable, Hashable {
    /// What is to be done.
    public var verb: Verb
    /// What it is to be done to; empty for a request that names no instance.
    public var instances: [InstanceID]
    /// What is set beside the verb, such as the new label.
    public var payload: ChangePayload?
    /// Whether it undoes an earlier change of the same call: free of caps, not of freeze.
    public var isCompensation: Bool

    /// - Parameters:
    ///   - payload: what is set beside the verb; nil for verbs that set nothing.
    ///   - isCompensation: whether it undoes an earlier change of the same call.
    public init(_ verb: Verb, _ instances: [InstanceID], payload: ChangePayload? = nil, isCompensation: Bool = false) {
        self.verb = verb
        self.instances = instances
        self.payload = payload
        self.isCompensation = isCompensation
    }

    /// A change of the label.
    public init(_ verb: Verb, _ instances: [InstanceID], label: String) {
        self.init(verb, instances, payload: .label(label))
    }

    /// The new label, for a change of it.
    public var label: String? { payload?.label }

    /// The instance, when it is about one alone.
    package var onlyInstance: InstanceID? { instances.count == 1 ? instances[0] : nil }
}
