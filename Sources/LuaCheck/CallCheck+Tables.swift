import VastLua

/// Options that are missing, or do not go together.
extension CallCheck {
    /// What is wrong with a table as a whole; nothing where it may have more than can be seen.
    func missing(
        _ entries: [LuaArguments.Argument], _ options: [Parameter], _ rules: [TableRule], _ line: Int, _ message: (String) -> String
    ) -> [Misuse] {
        guard !entries.contains(where: isComputed) else { return [] }
        let given = Dictionary(
            entries.compactMap { entry in entry.name.map { ($0, entry) } }.filter { !isNothing($0.1, options) }.map { ($0, $1.text) }
        ) { $1 }
        // What is misspelt is no other one that is missing.
        guard given.keys.allSatisfy({ name in options.contains { $0.name == name } }) else { return [] }
        let required = options.filter { !$0.isOptional && given[$0.name] == nil }.map { "it needs \(Self.missing($0))" }
        let broken = rules.filter { $0.isBroken(by: given) }.map(\.message)
        return (required + broken).map { Misuse(line: line, message: message($0)) }
    }

    /// Whether an option is as good as absent: nil, or a query that leaves nothing out.
    private func isNothing(_ entry: LuaArguments.Argument, _ options: [Parameter]) -> Bool {
        let isQuery = options.contains { $0.name == entry.name && $0.type == .query }
        return entry.kind == .nil || isQuery && entry.kind == .table && entry.tokens.count == 2
    }

    /// What is said of an option that is missing.
    static func missing(_ option: Parameter) -> String { "option '\(option.name)': \(option.summary)" }

    /// Whether the key of an entry is only known when the script runs.
    func isComputed(_ entry: LuaArguments.Argument) -> Bool {
        entry.name == nil && tokens[entry.tokens.lowerBound].kind == .symbol(UInt8(ascii: "["))
    }
}
