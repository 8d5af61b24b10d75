import FleetRules
import VastAPI

extension GuardMiddleware {
    /// The rows with what changes of ours and of other runs say of containers that have not begun yet: what was started or
    /// rebooted minutes ago is no dead one.
    func knowingStarts(_ rows: [Instance]) async -> [Instance] {
        let dead = Set(rows.lazy.filter { $0.state == .dead }.map(\.id))
        guard !dead.isEmpty else { return rows }
        let since = clock.unixTime - InstanceHints.startTime
        let others = (try? await settings.others(since))?.entries ?? []
        var started = Set(others.lazy.filter { $0.verb?.rules.boots ?? false }.map(\.id))
        for id in dead where ledger.changes(of: id).contains(where: { $0.isAccepted && $0.verb.rules.boots && $0.time >= since }) {
            started.insert(id)
        }
        guard !started.isDisjoint(with: dead) else { return rows }
        return rows.map { row in
            var copy = row
            if dead.contains(row.id), started.contains(row.id) { copy.hints.justStarted = true }
            return copy
        }
    }
}
