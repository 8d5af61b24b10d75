/// What a request asks an instance to become.
public enum TargetState: String, Sendable {
    case running, stopped
}

/// What a request changes.
public struct Change: Sendable, Hashable {
    public enum Verb: String, Sendable, CaseIterable {
        case start, stop, label, reboot, recycle, destroy
        /// A change that this library has no name for.
        case other
    }

    public var verb: Verb
    public var instances: [InstanceID]
    /// The new label.
    public var label: String?
    /// Whether it undoes an earlier change of the same call: free of caps, not of freeze.
    public var isCompensation: Bool

    public init(_ verb: Verb, _ instances: [InstanceID], label: String? = nil, isCompensation: Bool = false) {
        self.verb = verb
        self.instances = instances
        self.label = label
        self.isCompensation = isCompensation
    }

    /// The instance, when it is about one alone.
    var onlyInstance: InstanceID? { instances.count == 1 ? instances[0] : nil }
}
