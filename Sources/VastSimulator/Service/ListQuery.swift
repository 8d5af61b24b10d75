import VastJSON

/// The parameters of a list, checked (API contract, list v1).
struct ListQuery: Sendable {
    struct Order: Sendable, Equatable {
        let column: String
        let descending: Bool
    }
    struct Condition: Sendable {
        let column: String
        let comparison: Comparison
        let value: JSONValue
    }
    enum Comparison: String, Sendable {
        case eq, neq, gt, gte, lt, lte, `in`, notin
    }

    var limit: Int
    var orders: [Order]
    /// nil for all columns.
    var columns: [String]?
    var conditions: [Condition]
    /// The values of the last row of the previous page.
    var after: [JSONValue]?
    /// What decides which rows there are, and in which order, as text.
    let selection: String

    /// - Throws: a ``Refusal`` that says which parameter is wrong.
    init(_ query: [String: String], pageSize: Int, behaviour: Behaviour) throws(Refusal) {
        limit = try Self.limit(query["limit"], pageSize: pageSize)
        orders = try Self.orders(query["order_by"])
        columns = try Self.columns(query["select_cols"])
        conditions = try Self.conditions(query["select_filters"], behaviour)
        selection = "\(query["order_by"] ?? "")|\(query["select_filters"] ?? "")"
        if let token = query["after_token"], !token.isEmpty {
            guard let values = PageToken.values(of: token, columns: orders.map(\.column)) else {
                throw Refusal(response: .queryFailure(400, "invalid_token", "Invalid after_token"))
            }
            after = values
        }
    }

    /// The columns that are stored on the contract record; only they can be filtered and ordered by.
    static let storedColumns: Set<String> = [
        "id", "label", "actual_status", "gpu_name", "verification", "intended_status", "cur_state", "next_state",
        "machine_id", "host_id", "bundle_id", "template_id", "template_hash_id", "image_uuid", "image_runtype", "is_bid",
        "start_date", "end_date", "status_msg", "disk_space", "onstart"
    ]

    private static func bad(_ message: String) -> Refusal {
        Refusal(response: .queryFailure(400, "invalid_request", "Error in query parameters: \(message)"))
    }

    private static func limit(_ text: String?, pageSize: Int) throws(Refusal) -> Int {
        guard let text else { return pageSize }
        guard let limit = Int(text) else { throw bad("limit must be an integer") }
        return limit <= 0 ? min(5, pageSize) : min(limit, pageSize)
    }

    private static func parsed(_ text: String, _ name: String) throws(Refusal) -> JSONValue {
        guard let document = try? JSONDocument(parsing: text) else { throw bad("\(name) is not valid JSON") }
        return document.root.value
    }

    private static func orders(_ text: String?) throws(Refusal) -> [Order] {
        var orders: [Order] = []
        if let text, !text.isEmpty {
            guard let list = try parsed(text, "order_by").elements else { throw bad("order_by must be a list") }
            for entry in list {
                guard let column = entry["col"]?.text, storedColumns.contains(column) else {
                    throw bad("\(entry["col"]?.text ?? "?") is not a valid order key")
                }
                if orders.contains(where: { $0.column == column }) { continue }
                orders.append(Order(column: column, descending: entry["dir"]?.text == "desc"))
            }
        }
        if !orders.contains(where: { $0.column == "id" }) { orders.append(Order(column: "id", descending: false)) }
        return orders
    }

    private static func columns(_ text: String?) throws(Refusal) -> [String]? {
        guard let text, !text.isEmpty else { return nil }
        guard let list = try parsed(text, "select_cols").elements else { throw bad("select_cols must be a list") }
        let names = list.compactMap(\.text)
        guard names.count == list.count else { throw bad("select_cols must be a list of names") }
        return names.contains("*") || names.isEmpty ? nil : names
    }

    private static func conditions(_ text: String?, _ behaviour: Behaviour) throws(Refusal) -> [Condition] {
        guard let text, !text.isEmpty else { return [] }
        guard case .object(let object) = try parsed(text, "select_filters") else { throw bad("select_filters must be an object") }
        var conditions: [Condition] = []
        for (column, operations) in object {
            let isState = column == "intended_status" || column == "cur_state" || column == "next_state"
            guard storedColumns.contains(column), behaviour.stateFilters || !isState else {
                throw bad("\(column) is not a valid search key")
            }
            guard case .object(let operations) = operations else { throw bad("\(column) must have an operator") }
            for (name, value) in operations { conditions.append(try condition(column, name, value)) }
        }
        return conditions
    }

    private static func condition(_ column: String, _ name: String, _ value: JSONValue) throws(Refusal) -> Condition {
        guard let comparison = Comparison(rawValue: name) else { throw bad("\(name) is not a valid operator") }
        let values: [JSONValue]
        if comparison == .in || comparison == .notin {
            guard let list = value.elements else { throw bad("\(name) needs a list") }
            values = list
        } else {
            values = [value]
        }
        if column == "id", values.contains(where: { $0 != .null && $0.wholeNumber == nil }) {
            throw bad("id must be an integer")
        }
        return Condition(column: column, comparison: comparison, value: value)
    }
}

extension ListQuery.Condition {
    /// Whether a stored value satisfies this. As in SQL, null equals only null and is neither less nor greater than anything.
    func admits(_ stored: JSONValue) -> Bool {
        switch comparison {
        case .eq: Self.same(stored, value)
        case .neq: !Self.same(stored, value) && (stored != .null || value == .null)
        case .gt: Self.order(stored, value).map { $0 > 0 } ?? false
        case .gte: Self.order(stored, value).map { $0 >= 0 } ?? false
        case .lt: Self.order(stored, value).map { $0 < 0 } ?? false
        case .lte: Self.order(stored, value).map { $0 <= 0 } ?? false
        case .in: value.elements?.contains { Self.same(stored, $0) } ?? false
        case .notin: !(value.elements?.contains { Self.same(stored, $0) } ?? false) && stored != .null
        }
    }

    private static func same(_ left: JSONValue, _ right: JSONValue) -> Bool {
        left == right || (order(left, right) == 0)
    }

    /// Below, at or above zero as `left` is less than, the same as or greater than `right`; nil when they do not compare.
    static func order(_ left: JSONValue, _ right: JSONValue) -> Int? {
        if let left = left.wholeNumber, let right = right.wholeNumber { return left < right ? -1 : left > right ? 1 : 0 }
        if let left = left.number, let right = right.number { return left < right ? -1 : left > right ? 1 : 0 }
        if let left = left.text, let right = right.text { return left < right ? -1 : left > right ? 1 : 0 }
        if let left = left.truth, let right = right.truth { return left == right ? 0 : right ? -1 : 1 }
        return nil
    }

    /// As ``order(_:_:)``, but for sorting: null comes after everything, and all compare.
    static func sorting(_ left: JSONValue, _ right: JSONValue) -> Int {
        switch (left == .null, right == .null) {
        case (true, true): 0
        case (true, false): 1
        case (false, true): -1
        case (false, false): order(left, right) ?? 0
        }
    }
}
