internal import Synchronization
import VastAPI

/// What a process has let through, so that it counts against the limits: per run, or per firing of a job in a process
/// that lives for months, and per hour.
package final class GuardBook: Sendable {
    private struct Entry {
        var entry: GuardEntry
        var scope: UInt64
        /// In Unix seconds.
        var time: Double
        var ticket: Int
    }

    private struct State {
        var entries: [Entry] = []
        var tickets = 0
    }

    /// How long the changes of a firing are remembered, in seconds; those of the main chunk always are.
    private static let memory = 86_400.0
    private static let hour = 3_600.0

    private let state = Mutex(State())

    package init() {}

    /// Judges and counts at once, so that two calls at the same time do not share what is left.
    ///
    /// - Parameters:
    ///   - added: what counts from now on, if it is let through.
    ///   - judge: is given what counts in the scope and in the last hour, and says whether it is.
    /// - Returns: the judgement, and the number for ``release(_:of:)``.
    func admit<Verdict>(
        _ added: [GuardEntry], scope: UInt64, at now: Double,
        judge: (_ run: [GuardEntry], _ hour: [GuardEntry]) -> (verdict: Verdict, isAdmitted: Bool)
    ) -> (verdict: Verdict, ticket: Int) {
        state.withLock { state in
            state.entries.removeAll { $0.scope != 0 && now - $0.time > Self.memory }
            let run = state.entries.lazy.filter { $0.scope == scope }.map(\.entry)
            let hour = state.entries.lazy.filter { now - $0.time < Self.hour }.map(\.entry)
            let judged = judge(Array(run), Array(hour))
            guard judged.isAdmitted else { return (judged.verdict, 0) }
            state.tickets += 1
            state.entries += added.map { Entry(entry: $0, scope: scope, time: now, ticket: state.tickets) }
            return (judged.verdict, state.tickets)
        }
    }

    /// Some of what was let through has certainly not been made.
    func release(_ ticket: Int, of ids: Set<InstanceID>) {
        guard !ids.isEmpty else { return }
        state.withLock { $0.entries.removeAll { $0.ticket == ticket && ids.contains($0.entry.id) } }
    }
}
