internal import VastJSON

extension Endpoint {
    /// One page of the fleet.
    package static func list(_ query: ListQuery, after token: String?) throws -> Endpoint {
        var parameters = [(name: "limit", value: String(query.pageSize ?? 25))]
        if query.isFiltered {
            let text = try JSONValue.object(query.filters).serialized()
            parameters.append(("select_filters", String(decoding: text, as: UTF8.self)))
        }
        if let token { parameters.append(("after_token", token)) }
        return Endpoint(.get, Route.list.template, route: .list, query: parameters, repetition: .read)
    }

    /// One instance.
    package static func show(_ id: InstanceID) -> Endpoint {
        Endpoint(
            .get, "/api/v0/instances/\(id)/", route: .show, query: [("owner", "me")], repetition: .read)
    }

    /// The account.
    package static let user = Endpoint(.get, Route.user.template, route: .user, repetition: .read)
    /// Reads the keys of the account, with what each may do.
    package static let apiKeys = Endpoint(.get, Route.apiKeys.template, route: .apiKeys, repetition: .read)

    /// Sets the target state of one instance.
    package static func setState(_ state: TargetState, of id: InstanceID, isCompensation: Bool = false) -> Endpoint {
        Endpoint(
            .put, "/api/v0/instances/\(id)/", route: .manage, body: ["state": .string(state.rawValue)],
            repetition: .never,
            change: Change(state == .stopped ? .stop : .start, [id], isCompensation: isCompensation))
    }

    /// Sets the target state of up to 64 instances.
    package static func setState(_ state: TargetState, of ids: [InstanceID], isCompensation: Bool = false) -> Endpoint {
        Endpoint(
            .put, Route.bulk.template, route: .bulk,
            body: ["state": .string(state.rawValue), "ids": .array(ids.map { .integer($0.rawValue) })],
            repetition: .never,
            change: Change(state == .stopped ? .stop : .start, ids, isCompensation: isCompensation))
    }
}
