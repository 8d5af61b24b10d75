package import FleetRules
import VastAPI
import VastJSON

extension GuardMiddleware {
    /// The rows with what earlier readings, our own changes and the account's audit log say of lost bids.
    ///
    /// - Parameter isClose: whether the audit log is read anew for what is known to be outbid, too: who looks at one instance
    ///   is about to act on it.
    func knowingOutbid(_ rows: [Instance], isClose: Bool = false) async -> [Instance] {
        for id in books.outbid.unseen(rows) { if let time = await settings.lastOn(id) { books.outbid.note(id, onAt: time) } }
        for id in books.outbid.unseenComing(rows) {
            // Nobody has seen it stopped since it ran.
            if let last = await settings.lastState(id), [.running, .dead, .outbid].contains(last.state),
                await !isSwitchedByOthers(id, since: last.began)
            {
                books.outbid.note(id, onAt: last.began)
            }
        }
        let open = books.outbid.note(rows)
        // What we have switched ourselves since it was on comes for that reason.
        let coming = books.outbid.coming(rows).filter { !isSwitchedByUs($0.key, since: $0.value) }
        guard !open.isEmpty || !coming.isEmpty else { return rows }
        let readAt = rows.map(\.observedAt.timeIntervalSince1970).min() ?? clock.unixTime
        await settleOutbid(open.merging(coming) { $1 }, at: readAt, isClose)
        // It is wanted, so that nobody has to have read the log: only a stop in it speaks against.
        let lost = books.outbid.lost(among: open.keys).union(books.outbid.known(among: coming.keys))
        return rows.map { row in
            guard lost.contains(row.id) else { return row }
            var copy = row
            copy.hints.isOutbid = true
            return copy
        }
    }

    /// - Parameters:
    ///   - open: since when nobody may have stopped each.
    ///   - readAt: when the reading began, in Unix seconds.
    private func settleOutbid(_ open: [InstanceID: Double], at readAt: Double, _ isClose: Bool) async {
        let others = (try? await settings.others((open.values.min() ?? 0) - FleetKnowledge.freshness))?.entries ?? []
        var rest = open
        for (id, time) in open where isStoppedByUs(id, since: time, others) {
            books.outbid.settle(id, at: time, isOutbid: false)
            rest[id] = nil
        }
        let known = books.outbid.lost(among: rest.keys)
        let isNew = isClose || rest.keys.contains { !known.contains($0) }
        // What is outbid may be stopped by its owner later on.
        guard !rest.isEmpty, books.outbid.isAuditDue(at: clock.unixTime, forNew: isNew) else { return }
        let read = await auditLog()
        books.outbid.noteAudit(at: clock.unixTime, isRead: read != nil)
        guard let log = read else { return }
        for (id, time) in rest {
            books.outbid.settle(id, at: readAt, isOutbid: !log.hasStop(of: id, since: time, own: ledger.withdrawals(of: id)))
        }
    }

    private func isSwitchedByOthers(_ id: InstanceID, since time: Double) async -> Bool {
        guard let others = try? await settings.others(time - FleetKnowledge.freshness) else { return true }
        return others.entries.contains { $0.id == id && $0.verb.map { $0.rules.switchesTo != nil || $0.rules.boots } ?? true }
    }

    private func isSwitchedByUs(_ id: InstanceID, since time: Double) -> Bool {
        ledger.changes(of: id).contains {
            ($0.verb.rules.switchesTo != nil || $0.verb.rules.boots) && $0.wasSent && $0.time >= time - FleetKnowledge.freshness
        }
    }

    private func isStoppedByUs(_ id: InstanceID, since time: Double, _ others: [GuardEntry]) -> Bool {
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
