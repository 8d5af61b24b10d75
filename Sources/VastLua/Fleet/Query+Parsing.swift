import FleetSafety
import LuaEngine
import VastAPI

extension Query {
    /// Reads a query table.
    ///
    /// - Parameters:
    ///   - view: a table; nil and absent are the empty query.
    ///   - options: names in the table that are not part of the query, such as `every` of `vast.observe`.
    /// - Throws: ``VastError`` of kind `invalid_argument` for keys and values that mean nothing.
    init(_ view: LuaView, function: String, ignoring options: Set<String> = []) throws {
        self.options = options.sorted()
        try view.forEachField { key, value in
            guard let name = key.string, key.kind == .string else {
                throw VastError.invalidArgument("\(function): a query has names such as label or state as keys")
            }
            if options.contains(name) { return }
            if name == "where" {
                guard value.kind == .function else {
                    throw VastError.invalidArgument("\(function): where is a function, not a \(value.typeName)")
                }
                predicate = try value.reference()
            } else {
                conditions.append((name, try Condition(value, field: name, function: function)))
            }
        }
        conditions.sort { $0.field < $1.field }
    }
}

extension Query.Condition {
    init(_ view: LuaView, field: String, function: String) throws {
        if field == "tags", view.kind != .function { throw Self.tags(function) }
        try QueriedType(field)?.check(view, function)
        switch view.kind {
        case .boolean: self = .boolean(view.isTrue)
        case .number: self = .numbers([view.number ?? .nan])
        case .string: self = .texts([try Self.pattern(view, field, function)])
        case .function: self = .function(try view.reference())
        case .table: self = try Self.list(view, field, function)
        default: throw VastError.invalidArgument("\(function): \(field) cannot be compared with a \(view.typeName)")
        }
    }

    private static func list(_ view: LuaView, _ field: String, _ function: String) throws -> Self {
        var (texts, numbers, others) = ([Query.TextPattern](), [Double](), [Self]())
        try view.forEachElement { _, element in
            try QueriedType(field)?.check(element, function)
            switch element.kind {
            case .string: texts.append(try pattern(element, field, function))
            case .number: numbers.append(element.number ?? .nan)
            case .boolean: others.append(.boolean(element.isTrue))
            default:
                throw VastError.invalidArgument("\(function): the list for \(field) contains a \(element.typeName)")
            }
        }
        if !numbers.isEmpty { others.append(.numbers(numbers)) }
        if !texts.isEmpty { others.append(.texts(texts)) }
        // An empty list is "none of these", not "no condition": nothing widens by accident.
        return others.count == 1 ? others[0] : .any(others)
    }

    private static func pattern(_ view: LuaView, _ field: String, _ function: String) throws -> Query.TextPattern {
        guard let text = view.string else {
            throw VastError.invalidArgument("\(function): the text for \(field) is not UTF-8")
        }
        try checkWord(text, field, function)
        return Query.TextPattern(text, isLabel: field == "label")
    }

    /// A table is nothing that a text or a number could be compared with.
    private static func tags(_ function: String) -> VastError {
        VastError.invalidArgument(
            "\(function): tags are a table; ask for one with where = function(i) return i.tags.owner == \"anna\" end, or by the label, "
                + "label = \"*owner=anna*\"")
    }

    /// A misspelt state would silently match nothing.
    static func checkWord(_ text: String, _ field: String, _ function: String) throws {
        let words: [String]
        switch field {
        case "tags": throw tags(function)
        case "state": words = InstanceState.allCases.map(\.rawValue)
        case "billing": words = Billing.allCases.map(\.rawValue)
        default: return
        }
        let bare = text.hasPrefix("!") ? String(text.dropFirst()) : text
        if words.contains(bare) || bare.contains("*") || bare.contains("?") { return }
        let hint = LuaSuggestion.didYouMean(LuaSuggestion.closest(to: bare, among: words))
        throw VastError.invalidArgument(
            "\(function): there is no \(field) '\(bare)'\(hint) It is one of \(words.joined(separator: ", "))")
    }
}
