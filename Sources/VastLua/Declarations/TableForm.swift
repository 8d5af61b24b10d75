import LuaEngine
import VastAPI

/// What a table may hold, where not everything will do.
package indirect enum TableForm: Sendable, Equatable {
    /// Options by name, and no others, with what they have to be together.
    case options([Parameter], [TableRule])
    /// Named parts, and no others.
    case parts([Parameter])
    /// Fields of instances, besides some options.
    case query([Parameter])
    /// Signals of idleness, of which a script may have some of its own.
    case signals
    /// Elements that are all alike.
    case list(ValueType)

    /// Why a name is no signal; nil where it is one, or may be the script's own: only what is nearly one of ours is a mistake.
    package static func problem(withSignal name: String) -> String? {
        let names = SamplesModule.signalNames
        guard name.utf8.count <= 64, !names.contains(name), LuaSuggestion.closest(to: name, among: names) != nil else { return nil }
        return LuaSuggestion.unknown("signal", name, among: names)
    }

    /// Why a text cannot be the value of a field in a query, found by what reads queries when the script runs.
    package static func problem(with text: String, ofQueried field: String) -> String? {
        if let problem = QueriedType(field)?.problem(with: text) { return "query: \(problem)" }
        do { try Query.Condition.checkWord(text, field, "query") } catch { return (error as? VastError)?.message }
        return nil
    }
}

extension Parameter {
    /// What its table may hold; nil: anything.
    package var tables: TableForm? {
        guard let options else { return type.tables }
        return takesQuery ? .query(options) : .options(options, rules)
    }
}
