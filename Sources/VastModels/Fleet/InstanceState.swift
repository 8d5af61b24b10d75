/// What an instance is doing, in one word, derived from the three status fields of the API.
public enum InstanceState: String, Sendable, CaseIterable {
    case running, starting, dead, stopping, stopped, queued, outbid, frozen, offline, failed, unknown
}

/// What an instance costs at the moment.
public enum Billing: String, Sendable, CaseIterable {
    /// GPU and storage.
    case gpu
    /// Storage alone.
    case storage
    case none
    case unknown
}

/// What we know about an instance from earlier readings; the API itself has no field for it.
public struct InstanceHints: Sendable, Hashable {
    /// A start or reboot was asked for within the last minutes, so `exited` still means "pending".
    public var justStarted: Bool
    /// It has been seen running since its last start, so `loading` is a flicker.
    public var wasRunning: Bool
    /// It was on, and nobody has stopped it: an interruptible instance that is off now has lost its GPUs to a higher bid,
    /// also when the service has set its intended status to stopped (Vast API contract, part 2, section C).
    public var isOutbid: Bool

    /// - Parameters:
    ///   - justStarted: whether a start or reboot was asked for within the last minutes.
    ///   - wasRunning: whether it has been seen running since its last start.
    ///   - isOutbid: whether it was on and nobody has stopped it.
    public init(justStarted: Bool = false, wasRunning: Bool = false, isOutbid: Bool = false) {
        self.justStarted = justStarted
        self.wasRunning = wasRunning
        self.isOutbid = isOutbid
    }

    /// For how long after a start or reboot a container that has not begun is still to begin, in seconds (Vast API contract,
    /// section 5).
    package static let startTime = 600.0

    /// Nothing is known from earlier readings.
    public static let none = InstanceHints()
}

extension InstanceState {
    /// Whether it holds a GPU, or is about to: what a stop is for.
    package var isOn: Bool {
        switch self {
        case .running, .starting, .dead, .frozen: true
        case .stopping, .stopped, .queued, .outbid, .offline, .failed, .unknown: false
        }
    }
}
