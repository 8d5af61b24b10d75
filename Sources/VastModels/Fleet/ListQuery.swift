public import VastJSON

/// What to ask the service for; everything else is filtered by the caller.
public struct ListQuery: Sendable, Hashable {
    /// Column, operator (`eq neq gt gte lt lte in notin`) and value; computed columns are refused by the service.
    public var filters: JSONObject
    /// Rows in a page, 1 to 25; nil for the largest.
    public var pageSize: Int?

    /// - Parameters:
    ///   - filters: what the service is to filter by; empty: the whole fleet.
    ///   - pageSize: rows in a page, 1 to 25; nil for the largest.
    public init(filters: JSONObject = [:], pageSize: Int? = nil) {
        self.filters = filters
        self.pageSize = pageSize
    }

    /// The whole fleet.
    public static let all = ListQuery()

    /// The instances with these ids.
    public static func ids(_ ids: some Sequence<InstanceID>) -> ListQuery {
        ListQuery(filters: ["id": .object(["in": .array(ids.map { .integer($0.rawValue) })])])
    }

    /// The same query with one more condition.
    public func filtered(_ column: String, _ operation: String, _ value: JSONValue) -> ListQuery {
        var copy = self
        copy.filters[column] = .object([operation: value])
        return copy
    }

    /// Whether it asks for a part, so that absence from the answer means nothing.
    package var isFiltered: Bool { filters.count > 0 }
}
