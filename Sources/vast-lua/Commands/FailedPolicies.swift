import FleetClock
import FleetRules
import FleetStore

/// What `vast-lua doctor` says of policies that could not work when they last looked at the fleet.
enum FailedPolicies {
    /// What has not failed for so long belongs to a script that nobody runs any more, in seconds.
    private static let memory = 2 * 86_400.0
    private static let prefix = "policy "

    /// - Parameter now: Unix seconds.
    static func findings(_ database: StateDatabase, account: String, now: Double) -> [Finding] {
        guard database.exists, let kept = try? JobStore.memories(database, account: account, prefix: prefix) else { return [] }
        return kept.compactMap { script, name, memory in
            guard let failure = memory.mark.flatMap({ PolicyMemory(json: $0).failure }), abs(now - failure.last) < Self.memory else {
                return nil
            }
            let since = DurationFormat.format(Duration(clampingSeconds: max(0, now - failure.since).rounded()))
            let text = PrintableText.safe(failure.text, limit: 300)
            return Finding(
                name: "policy", status: .warning,
                detail: "'\(name.dropFirst(prefix.count))' of \(script) cannot work, since \(since): \(text)")
        }
    }
}
