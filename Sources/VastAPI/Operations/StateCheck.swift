internal import VastJSON

/// Finds out whether instances have taken on a target state, by positive proof in one request where the service can
/// filter: as many rows with these ids and this state as there are ids. An empty answer proves nothing.
struct StateCheck {
    let client: VastClient
    let target: TargetState

    /// Those of `ids` (300 at most) that are not shown to have the target state.
    ///
    /// - Throws: ``VastError`` when reading fails.
    func notProven(_ ids: [InstanceID]) async throws -> [InstanceID] {
        guard !ids.isEmpty else { return [] }
        if let late = try await byCount(ids) { return late }
        let rows = try await client.instances(ids)
        return ids.filter { id in rows[id].map { !isProven($0) } ?? true }
    }

    private func isProven(_ instance: Instance) -> Bool {
        (target == .stopped ? Change.Verb.stop : .start).isAccepted(by: instance)
    }

    /// By counting at the service; nil when that tells nothing.
    private func byCount(_ ids: [InstanceID]) async throws -> [InstanceID]? {
        guard !client.capabilities.lacksFilters else { return nil }
        do {
            let page = try await client.page(query(ids), after: nil)
            guard let total = page.total, isPlausible(page, total, ids) else {
                client.capabilities.lacksFilters = true
                return nil
            }
            if total == ids.count { return [] }
            return target == .stopped ? try await rest(ids, proven: total) : nil
        } catch let error as VastError where error.kind == .invalidArgument {
            client.capabilities.lacksFilters = true
            return nil
        } catch let error as VastError where error.isDoubtfulList {
            return nil
        }
    }

    private func query(_ ids: [InstanceID]) -> ListQuery {
        var query = ListQuery.ids(ids).filtered("intended_status", "eq", .string(target.rawValue))
        if target == .running { query = query.filtered("cur_state", "eq", "running") }
        query.pageSize = 1
        return query
    }

    // A service that ignores filters counts too much or shows a row that does not match.
    private func isPlausible(_ page: ListPage, _ total: Int, _ ids: [InstanceID]) -> Bool {
        guard total <= ids.count, page.rows.isEmpty == (total == 0) else { return false }
        let wanted = Set(ids)
        return page.rows.allSatisfy { row in
            guard let id = row["id"]?.integral else { return false }
            return wanted.contains(InstanceID(id)) && row["intended_status"]?.string == target.rawValue
        }
    }

    /// The instances with another state, when they and the proven ones together are all; nil otherwise.
    private func rest(_ ids: [InstanceID], proven: Int) async throws -> [InstanceID]? {
        let query = ListQuery.ids(ids).filtered("intended_status", "neq", .string(target.rawValue))
        let others = try await client.list(query).instances
        let wanted = Set(ids)
        guard proven + others.count == ids.count, others.allSatisfy({ wanted.contains($0.id) && !isProven($0) }) else {
            return nil
        }
        return others.map(\.id)
    }
}
