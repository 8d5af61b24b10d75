import FleetRules
import LuaEngine
import VastAPI

/// What `vast.budget` was told.
struct BudgetOrder {
    var budget = Budget()
    /// Whom to stop, those of the first query first.
    var order: [Query] = []
    var interval = Duration.seconds(600)
    var notify: LuaReference?
    var name = "budget"

    /// - Throws: `LuaArgumentError` or `VastError` of kind `invalid_argument`.
    init(_ call: borrowing LuaCall) throws {
        _ = try call.table(1, "budget")
        try call.options(1, "budget") { try read($0, $1) }
        guard budget != Budget() else { throw Self.wrong(TableRule.bound.message) }
        guard !order.isEmpty else {
            throw Self.wrong("order says what is stopped first: a list of queries such as {{label = \"dev*\"}, {label = \"train*\"}}")
        }
        guard interval >= .seconds(1) else { throw Self.wrong("every is at least 1 second") }
    }

    private mutating func read(_ name: String, _ value: LuaView) throws {
        switch name {
        case "per_day": budget.perDay = try Self.dollars(value, name)
        case "per_month": budget.perMonth = try Self.dollars(value, name)
        case "runway": budget.runway = try value.length(name)
        case "every": interval = try value.length(name)
        case "order": order = try Self.queries(value)
        case "notify":
            guard value.kind == .function else { throw Self.wrong("notify is a function, not a \(value.typeName)") }
            notify = try value.reference()
        default:
            guard let text = value.string, !text.isEmpty else { throw Self.wrong("name is a text that is not empty") }
            self.name = text
        }
    }

    private static func wrong(_ message: String) -> VastError { .invalidArgument("vast.budget: \(message)") }

    private static func dollars(_ value: LuaView, _ name: String) throws -> Double {
        guard let number = value.number, number >= 0, number.isFinite else {
            throw wrong("\(name) is an amount in $ from 0 up, not \(value.shownInMessage)")
        }
        return number
    }

    private static func queries(_ value: LuaView) throws -> [Query] {
        guard value.kind == .table else { throw wrong("order is a list of queries, not a \(value.typeName)") }
        var queries: [Query] = []
        try value.forEachElement { position, element in
            guard element.kind == .table else { throw wrong("element \(position) of order is a query, not a \(element.typeName)") }
            let query = try Query(element, function: "vast.budget: order")
            try query.checkSpelling("vast.budget: order")
            guard query.isRestricted else { throw wrong("element \(position) of order leaves nothing out") }
            guard query.functions.isEmpty else { throw wrong("element \(position) of order has a function; its queries have values only") }
            queries.append(query)
        }
        return queries
    }
}
