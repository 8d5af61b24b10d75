import VastAPI
import VastJSON

extension Guarded {
    /// The rows with what earlier readings, our own changes and the account's audit log say of lost bids.
    func knowingOutbid(_ rows: [Instance]) async -> [Instance] {
        let open = books.outbid.note(rows)
        guard !open.isEmpty else { return rows }
        let known = books.outbid.lost(among: open.keys)
        var unsettled: [InstanceID: Double] = [:]
        let others = (try? await settings.others((open.values.min() ?? 0) - FleetKnowledge.freshness))?.entries ?? []
        for (id, time) in open {
            if isChangedByUs(id, since: time, others) {
                books.outbid.settle(id, since: time, isOutbid: false)
            } else if !known.contains(id) {
                unsettled[id] = time
            }
        }
        if !unsettled.isEmpty, let log = await auditLog() {
            for (id, time) in unsettled { books.outbid.settle(id, since: time, isOutbid: !log.hasChange(of: id, since: time)) }
        }
        let lost = books.outbid.lost(among: open.keys)
        return rows.map { row in
            guard lost.contains(row.id) else { return row }
            var copy = row
            copy.hints.isOutbid = true
            return copy
        }
    }

    private func isChangedByUs(_ id: InstanceID, since time: Double, _ others: [GuardEntry]) -> Bool {
        // A reading soon after a stop may show the instance as it was.
        let time = time - FleetKnowledge.freshness
        return ledger.changes(of: id).contains { $0.verb.rules.switchesTo == false && $0.wasSent && $0.time >= time }
            || others.contains { $0.id == id && $0.verb.map { $0.rules.switchesTo == false } ?? true && $0.time >= time }
    }

    /// nil when the key may not read it, or it could not be read.
    private func auditLog() async -> AuditLog? {
        guard let json = try? await next.request(RequestOrder(.get, "/api/v0/audit_logs/")) else { return nil }
        return AuditLog(json)
    }
}
