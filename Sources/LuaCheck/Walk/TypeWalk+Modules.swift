import LuaEngine
import VastLua

/// The name `vast` itself.
extension TypeWalk {
    /// The names of functions and sub-tables that stand in `vast`.
    private static let members = Set(Declaration.names.map { String($0.prefix { $0 != "." }) })
    /// What may set a global without naming it.
    private static let setters: Set<String> = ["_G", "load", "loadfile", "dofile"]

    /// Whether a source may set globals that it does not name.
    static func setsUnnamed(_ tokens: [LuaTokens.Token]) -> Bool {
        tokens.contains { if case .name(let name) = $0.kind { setters.contains(name) } else { false } }
    }

    /// A global that nobody sets, that is nearly `vast`, and behind which stands what `vast` has, is `vast` misspelt.
    mutating func checkModule(_ name: String) {
        guard namesField() || cursor.isNext(":") else {
            learned.asked.insert(name)
            return
        }
        guard reports, !hidesVast, !setsUnnamed, !known.asked.contains(name), let member = cursor.name(1), Self.members.contains(member),
            (3...5).contains(name.utf8.count), LuaSuggestion.closest(to: name, among: ["vast"]) != nil
        else { return }
        report(cursor.tokens[cursor.index - 1].line, LuaSuggestion.unknown("global", name, among: ["vast"]))
    }
}
