import LuaEngine

/// A global, or a name behind one of Lua's own tables, that nobody sets.
struct UnknownName {
    enum Kind: Equatable {
        case global
        /// Of a table of Lua's own.
        case field(of: String)
        /// Of texts or files.
        case method(of: String)
        /// A global that is set, and that nobody reads.
        case unread
    }

    let kind: Kind
    let name: String
    let line: Int
    /// What was probably meant.
    let closest: String?
    /// Whether something is asked of it, which raises when it is nil.
    let isUsed: Bool
    /// Whether the script asks whether it is there.
    var isTested = false

    /// With its table.
    var fullName: String { if case .field(let table) = kind { "\(table).\(name)" } else { name } }

    /// What comments call such findings.
    var subject: CheckComments.Subject { kind == .global || kind == .unread ? .globals : .fields }

    /// Whether the meant name is long enough to be told from others.
    var isCertain: Bool { closest != nil && name.utf8.count > 2 && StandardLibrary.former[fullName] == nil }

    /// What is said of it.
    var message: String {
        let short = String(name.prefix(64))
        if let instead = StandardLibrary.former[fullName] {
            return "Lua 5.4 has no '\(fullName)': write \(instead)"
        }
        switch kind {
        case .global:
            return LuaSuggestion.unknown("global", short, among: closest.map { [$0] } ?? [])
                + (closest == nil ? ": nothing here sets it" : "")
        case .field(let table):
            return LuaSuggestion.unknown("name", "\(table).\(short)", among: closest.map { ["\(table).\($0)"] } ?? [])
        case .method(let what): return "unknown method '\(short)' of \(what)\(LuaSuggestion.didYouMean(closest))"
        case .unread: return "this sets a global '\(short)' that nothing reads\(LuaSuggestion.didYouMean(closest))"
        }
    }
}
