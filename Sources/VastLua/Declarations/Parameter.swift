import LuaEngine

/// A parameter of a function, or a field of the table that it takes.
package struct Parameter: Sendable, Equatable {
    /// As messages and the reference call it; `...` stands for any number of arguments.
    package let name: String
    /// What it may hold, which is checked before the function begins.
    package let type: ValueType
    /// What it is for, with its unit; what its numbers have to be is in ``type``.
    package let summary: String
    /// Whether it may be nil or missing.
    package let isOptional: Bool
    /// What a table of options, or one with named parts, may have; nil: no such table.
    package let options: [Parameter]?
    /// What ``options`` have to be together.
    package let rules: [TableRule]
    /// Whether names besides ``options`` are fields of instances.
    package let takesQuery: Bool

    init(
        _ name: String, _ type: ValueType, _ summary: String = "", optional isOptional: Bool = false,
        options: [Parameter]? = nil, rules: [TableRule] = [], takesQuery: Bool = false
    ) {
        self.rules = rules
        self.name = name
        self.type = type
        self.summary = summary
        self.isOptional = isOptional
        self.options = options
        self.takesQuery = takesQuery
    }

    /// `...`
    static func rest(_ summary: String) -> Parameter { Parameter("...", .any, summary, optional: true) }

    /// A table with named options, which may be absent.
    static func options(_ options: [Parameter], rules: [TableRule] = [], takesQuery: Bool = false) -> Parameter {
        Parameter("options", .table, optional: true, options: options, rules: rules, takesQuery: takesQuery)
    }

    static func query(optional: Bool = true) -> Parameter {
        Parameter(
            "query", .query, "which instances; nothing is all of them", optional: optional, options: [.wherePredicate], takesQuery: true)
    }

    /// The option of queries that decides by a function.
    package static let wherePredicate = Parameter(
        "where", .function("(inst: vast.Instance): boolean?"), "a function that decides", optional: true)
    static let target = Parameter("target", .target, "an id, an instance, or a list of either")

    /// The summary, with what its numbers have to be.
    var described: String {
        guard let remark = type.numbers?.remark else { return summary }
        return summary.isEmpty ? remark : "\(summary); \(remark)"
    }

    /// The options of its table without which there is an error.
    package var requiredOptions: [Parameter] { (options ?? []).filter { !$0.isOptional } }

    /// Whether it stands for any number of arguments.
    package var isVariadic: Bool { name == "..." }
    /// Whether there is anything to look at before the function begins.
    var isChecked: Bool { !isVariadic && (type.kinds != nil || (options != nil && !takesQuery)) }

    /// - Throws: `LuaArgumentError`.
    func check(_ call: borrowing LuaCall, _ position: Int) throws {
        let argument = call.argument(position)
        if argument.isNil, isOptional { return }
        guard type.accepts(argument) else { throw call.wrong(position, name, type.problem(with: argument)) }
        guard let options, !takesQuery else { return }
        try argument.forEachField { key, _ in
            guard let option = key.string else {
                throw call.wrong(position, name, "option names are strings, got a \(key.typeName)")
            }
            if options.contains(where: { $0.name == option }) { return }
            throw call.wrong(position, name, LuaSuggestion.unknown("option", option, among: options.map(\.name)))
        }
    }
}
