import LuaEngine
import VastLua

/// The name `vast` itself.
extension TypeWalk {
    /// The names of functions and sub-tables that stand in `vast`.
    private static let members = Set(Declaration.names.map { String($0.prefix { $0 != "." }) })
    /// What may set a global that the source does not.
    private static let setters: Set<String> = ["_G", "load", "loadfile", "dofile"]

    /// A global that nobody sets, that is nearly `vast`, and behind which stands what `vast` has, is `vast` misspelt.
    mutating func checkModule(_ name: String) {
        guard namesField() || cursor.isNext(":") else {
            learned.asked.insert(name)
            return
        }
        guard reports, !hidesVast, (3...5).contains(name.utf8.count), !known.asked.contains(name), let member = cursor.name(1),
            Self.members.contains(member), LuaSuggestion.closest(to: name, among: ["vast"]) != nil,
            !cursor.tokens.contains(where: { if case .name(let name) = $0.kind { Self.setters.contains(name) } else { false } })
        else { return }
        report(cursor.tokens[cursor.index - 1].line, LuaSuggestion.unknown("global", name, among: ["vast"]))
    }
}
