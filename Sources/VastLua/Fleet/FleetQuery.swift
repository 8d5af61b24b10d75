import FleetSafety
import LuaEngine
package import VastAPI

/// A query as words of a command line: `state=running`, `gpu_name=RTX*`, a label, or an id. Words about one field are
/// alternatives, and so are values with commas between them; each field has to fit.
package struct FleetQuery: Sendable {
    private struct Word: Sendable {
        var field: String
        var values: [String]
    }

    private let words: [Word]

    /// - Throws: `VastError` of kind `invalid_argument` for a field or state that there is not.
    package init(_ words: [String]) throws {
        var fields: [String: [String]] = [:]
        for word in words {
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let field = parts.count == 2 ? parts[0] : word.allSatisfy(\.isNumber) ? "id" : "label"
            guard FieldDeclaration.instanceNames.contains(field) else {
                throw VastError.invalidArgument(FieldDeclaration.unknown(field, among: FieldDeclaration.instanceNames))
            }
            let values = parts.last.map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) } ?? []
            try values.forEach { try Query.Condition.checkWord($0, field, "ls") }
            fields[field, default: []] += values
        }
        self.words = fields.map { Word(field: $0.key, values: $0.value) }
    }

    /// Whether an instance is meant.
    package func matches(_ instance: Instance) -> Bool { query.matchesValues(instance) }

    /// What is said of patterns that match nothing and are perhaps not meant as they are read.
    package func hints(_ rows: [Instance]) -> [String] { query.hints(rows) }

    private var query: Query {
        var query = Query()
        query.conditions = words.map { ($0.field, Self.condition($0)) }
        return query
    }

    /// A text that is a number or a truth value means that too.
    private static func condition(_ word: Word) -> Query.Condition {
        var kinds: [Query.Condition] = [.texts(word.values.map { Query.TextPattern($0, isLabel: word.field == "label") })]
        let numbers = word.values.compactMap(Double.init)
        if !numbers.isEmpty { kinds.append(.numbers(numbers)) }
        if word.values.contains("true") { kinds.append(.boolean(true)) }
        if word.values.contains("false") { kinds.append(.boolean(false)) }
        return kinds.count == 1 ? kinds[0] : .any(kinds)
    }
}
