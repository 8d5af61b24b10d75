package import VastJSON

/// A request without a query, as verbs look at it to see whether it is theirs.
package struct RequestShape: Sendable {
    /// Method and path, with `{id}` in place of numbers.
    package let route: Route
    /// The id at the end of the path, written as ids are.
    private let pathID: InstanceID?
    /// The members of the body; nil when it is no object.
    private let members: JSONObject?
    private let hasNoBody: Bool

    init(_ route: Route, _ segments: [Substring], _ body: JSONValue?) {
        self.route = route
        pathID = segments.last.flatMap(Self.id)
        members = if case .object(let members)? = body { members } else { nil }
        hasNoBody = body == nil || body == .object([:]) || body == .array([])
    }

    /// The instances of a request that manages one, by its path, or many, by its body.
    package var ids: [InstanceID]? { route == .manage ? pathID.map { [$0] } : route == .bulk ? Self.ids(members?["ids"]) : nil }

    /// The state that a request sets for one instance or for many, and nothing else.
    package var state: JSONValue? {
        switch route {
        case .manage: only("state")
        case .bulk: members?.count == 2 && members?["ids"] != nil ? members?["state"] : nil
        default: nil
        }
    }

    /// A member that stands alone in the body.
    package func only(_ name: String) -> JSONValue? { members?.count == 1 ? members?[name] : nil }

    /// Members of the body, when it has these and no others.
    package func exactly(_ names: Set<String>) -> JSONObject? {
        members.flatMap { members in Set(members.map(\.name)) == names && members.count == names.count ? members : nil }
    }

    /// The instance of a route without a body.
    package func bare(_ wanted: Route) -> [InstanceID]? { route == wanted && hasNoBody ? pathID.map { [$0] } : nil }

    /// The instance of a route with an id in its path.
    package func single(_ wanted: Route) -> [InstanceID]? { route == wanted ? pathID.map { [$0] } : nil }

    /// A list of ids that stands alone in the body.
    package func listed(_ name: String) -> [InstanceID]? { Self.ids(only(name)) }

    /// Ids as whole numbers above zero, each once; nil for anything else.
    private static func ids(_ value: JSONValue?) -> [InstanceID]? {
        guard case .array(let elements)? = value, !elements.isEmpty else { return nil }
        var ids: [InstanceID] = []
        for element in elements {
            guard case .integer(let id) = element, id > 0 else { return nil }
            ids.append(InstanceID(id))
        }
        return ids.unique
    }

    /// The id that a path names in the one way in which ids are written.
    private static func id(_ segment: Substring) -> InstanceID? {
        guard let number = Int64(segment), number > 0, String(number) == segment else { return nil }
        return InstanceID(number)
    }
}
