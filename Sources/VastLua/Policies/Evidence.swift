import FleetControl
import LuaEngine

/// What a function of the script has asked about an instance while a policy was judging it: kept with what is done, so
/// that "why was it stopped" has an answer.
final class Evidence {
    struct Item {
        /// In few words, for the journal.
        var text: String
        /// Predicate by predicate, for `explain`.
        var lines: [PolicyFinding.Line]
        /// When it would say yes if nothing changed, in Unix seconds; nil: never, or not known.
        var expected: Double?
    }

    private var items: [UInt64: [Item]] = [:]

    /// A task begins to judge an instance.
    func begin(_ task: LuaTask?) { if let task { items[task.id] = [] } }

    /// Notes what was asked; outside of a judgement nobody wants to know.
    func note(_ item: @autoclosure () -> Item, by task: LuaTask?) {
        guard let task, items[task.id] != nil else { return }
        items[task.id]?.append(item())
    }

    /// What was asked since it began.
    func end(_ task: LuaTask?) -> [Item] { task.flatMap { items.removeValue(forKey: $0.id) } ?? [] }
}
