/// What the modules do that a script requires: to its globals, and to the tables of Lua itself.
struct RequiredModules {
    /// More of them are not read.
    private static let most = 200

    /// Finds the source of a module; nil where there is none that can be read.
    let find: (String) -> [UInt8]?

    /// - Parameter names: what the script requires.
    func globals(of names: Set<String>) -> GlobalNames {
        var (found, waiting, known) = (GlobalNames(), names.sorted(), names)
        while let name = waiting.popLast() {
            // Lua's own libraries are there already.
            if StandardLibrary.tables[name] != nil || name == "_G" { continue }
            guard known.count <= Self.most, let source = find(name), let learned = TypeCheck(source).learned() else {
                found.hasUnreadModule = true
                continue
            }
            found.formUnion(learned.names)
            for name in learned.required.subtracting(known).sorted() {
                known.insert(name)
                waiting.append(name)
            }
        }
        return found
    }
}
