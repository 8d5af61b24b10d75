package import VastModels

/// Why waiting for a state is in vain: nothing that is under way leads there.
///
/// What may still come is waited for: a start that is queued, an outbid instance, whose GPUs come back by themselves when its
/// bid wins, a machine that is out of reach, which is often brief, and a state that is not known.
package enum WaitObstacle {
    /// A start that was accepted shows in the fleet within this time, in seconds.
    private static let startShows = 60.0
    /// How long after a start of ours it may be stopped still, in seconds (Vast API contract, section 5).
    private static let startTakes = 600.0

    /// - Parameters:
    ///   - wanted: what is waited for.
    ///   - sinceStart: how long ago we have started or rebooted it, in seconds; nil: we have not.
    /// - Returns: what is the matter, in words; nil when it may still come.
    package static func find(_ row: Instance, wanted: InstanceState, sinceStart: Double?) -> String? {
        let started = sinceStart.map { $0 < startTakes } ?? false
        switch (row.state, wanted) {
        case (.failed, .running), (.failed, .starting), (.failed, .dead), (.failed, .stopped), (.failed, .stopping):
            if let sinceStart, sinceStart < startShows, wanted != .stopped { return nil }
            return "it has failed" + message(row)
        case (.dead, .running), (.dead, .starting):
            return started ? nil : "it is dead: its container has ended, and does not begin again by itself" + message(row)
        case (.stopped, .running), (.stopped, .starting), (.stopped, .dead):
            return started ? nil : "it is stopped, and nobody has started it" + message(row)
        case (.stopping, .running), (.stopping, .starting):
            return started ? nil : "it is being stopped, and nobody has started it" + message(row)
        default: return nil
        }
    }

    /// What the service says of it, to go behind other words.
    package static func message(_ row: Instance) -> String {
        guard let text = row.statusMessage, !text.isEmpty, !text.lowercased().hasPrefix("success") else { return "" }
        return ": " + PrintableText.safe(text.trimmingSpaces(), limit: 300)
    }
}
