#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif
internal import FleetClock
internal import VastJSON

extension VastClient {
    /// Reads the instances that match, all pages of them, as one snapshot.
    ///
    /// A list that changed while it was read is read again, up to three times; after that the snapshot is marked as
    /// not complete. It is never empty because of a bad answer.
    ///
    /// - Throws: ``VastError``.
    public func list(_ query: ListQuery = .all) async throws -> FleetSnapshot {
        var last: Result<ListReading, VastError>?
        var failures = 0
        for _ in 0..<3 {
            do {
                let reading = try await readPages(query)
                // Who counts rows twice cannot prove anything by a count.
                if reading.hasTwins { capabilities.lacksFilters = true }
                if reading.isConsistent { return reading.snapshot(isFiltered: query.isFiltered) }
                last = .success(reading)
            } catch var error as VastError where error.isDoubtfulList {
                failures += max(1, error.attempts)
                error.attempts = failures
                last = .failure(error)
            }
            configuration.logger.debug("the list contradicts itself; reading it again")
        }
        guard let reading = try last?.get(), !reading.rows.isEmpty else {
            throw VastError(
                .server, "the service counts instances but lists none; the answer is not believed",
                request: Route.list.description)
        }
        return reading.snapshot(isFiltered: query.isFiltered)
    }

    /// Reads one instance, nil when the service says that there is none.
    ///
    /// - Throws: ``VastError``.
    public func show(_ id: InstanceID) async throws -> Instance? {
        let endpoint = Endpoint.show(id)
        do {
            let answer = try await send(endpoint)
            guard let member = answer.json?["instances"] else {
                throw VastError(.server, "the answer has no `instances`", status: answer.status, request: endpoint.name)
            }
            if member.isNull { return nil }
            let row = member.kind == .array ? member[0] : member
            guard let instance = row.flatMap({ Instance(row: $0, observedAt: configuration.clock.now) }),
                instance.id == id
            else {
                throw VastError(
                    .server, "the answer is not about instance \(id)", status: answer.status, request: endpoint.name)
            }
            return instance
        } catch let error as VastError where error.meansGone {
            return nil
        }
    }

    /// Reads the named instances; what is missing in the result may be gone, or the service may be behind.
    ///
    /// - Throws: ``VastError``.
    public func instances(_ ids: [InstanceID]) async throws -> [InstanceID: Instance] {
        var found: [InstanceID: Instance] = [:]
        let wanted = Set(ids)
        for part in ids.chunks(of: 300) {
            let snapshot = try await namedRows(part)
            for instance in snapshot.instances where wanted.contains(instance.id) { found[instance.id] = instance }
            if !snapshot.isFiltered { break }
        }
        return found
    }

    /// Reads the account.
    ///
    /// - Throws: ``VastError``.
    public func user() async throws -> User {
        let answer = try await send(.user)
        guard let user = answer.json.flatMap(User.init(json:)) else {
            throw VastError(.server, "the answer is not an account", status: answer.status, request: Endpoint.user.name)
        }
        return user
    }

    /// Reads what the key may do; nil when the service does not say.
    ///
    /// - Throws: ``VastError``.
    package func permissions(of key: Int64) async throws -> KeyPermissions? {
        try await send(.apiKeys).json.flatMap { KeyPermissions(json: $0, of: key) }
    }

    private func namedRows(_ ids: [InstanceID]) async throws -> FleetSnapshot {
        if !capabilities.lacksFilters {
            do {
                let snapshot = try await list(.ids(ids))
                let wanted = Set(ids)
                if snapshot.instances.allSatisfy({ wanted.contains($0.id) }) { return snapshot }
            } catch let error as VastError where error.kind == .invalidArgument {}
            capabilities.lacksFilters = true
        }
        return try await list(.all)
    }

    private func readPages(_ query: ListQuery) async throws -> ListReading {
        var reading = ListReading(observedAt: configuration.clock.now)
        var token: String?
        repeat {
            token = try reading.add(try await page(query, after: token))
        } while token != nil
        return reading
    }

    /// Reads one page.
    func page(_ query: ListQuery, after token: String?) async throws -> ListPage {
        let answer = try await send(try .list(query, after: token))
        return try ListPage(answer)
    }
}

extension VastError {
    /// Whether the list that failed so may be whole when it is read again: a token of a list that has changed, or a
    /// well-formed answer that is no list. What is between here and the service has had its tries.
    var isDoubtfulList: Bool {
        code == "invalid_token" || (kind == .server && (status ?? 200) == 200 && code == nil && !(cause is ForeignAnswer))
    }
}
