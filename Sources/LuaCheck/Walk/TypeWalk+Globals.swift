import LuaEngine

/// Globals, and what stands in the tables of Lua itself.
extension TypeWalk {
    /// What a name is that no variable has.
    ///
    /// - Parameter isAssigned: whether it is assigned to.
    mutating func global(_ name: String, isAssigned: Bool) -> InferredValue {
        var value = InferredValue(table: setsUnnamed ? nil : known.table(ofGlobal: name), global: name)
        if !isAssigned { noteRead(of: name) }
        guard !names.assigned.contains(name) else { return value }
        if name == "vast" {
            value.type = InferredType(shape: .module(""))
            (value.path, value.isSpelledOut) = (name, true)
        } else {
            checkModule(name)
            value.type = InferredType(shape: .standard(name))
            if !isAssigned, !StandardLibrary.globals.contains(name) { value.unknown = noteUnknown(name, .global) }
        }
        return value
    }

    private mutating func noteRead(of name: String) {
        learned.names.read.insert(name)
        if Self.loaders.contains(name) { learned.names.setsUnnamed = true }
    }

    /// What may set globals without naming them.
    private static let loaders: Set<String> = ["load", "loadfile", "dofile"]

    /// What stands under a name in `_G`: nobody is told that it is not there, since that is how scripts ask.
    mutating func globalField(_ name: String, isAssigned: Bool) -> InferredValue {
        if !isAssigned { noteRead(of: name) }
        var value = InferredValue(global: name)
        guard !names.assigned.contains(name) else { return value }
        value.type = InferredType(shape: name == "vast" ? .module("") : .standard(name))
        return value
    }

    /// A name behind one of Lua's own tables has to be there.
    mutating func checkStandardField(_ name: String, of table: String) -> Int? {
        guard let there = StandardLibrary.tables[table], !there.contains(name), !names.fields.contains(name),
            !names.extended.contains(table)
        else { return nil }
        return noteUnknown(name, .field(of: table))
    }

    /// A method of a text or a file has to be there.
    mutating func checkStandardMethod(_ name: String, of value: InferredValue) {
        guard !names.fields.contains(name) else { return }
        if value.type.kind == .string, !names.extended.contains("string"), !StandardFunctions.ofTexts.contains(name) {
            _ = noteUnknown(name, .method(of: "a text"))
        } else if case .standard(let global) = value.type.shape, StandardLibrary.files.contains(global),
            !StandardLibrary.ofFiles.contains(name)
        {
            _ = noteUnknown(name, .method(of: "a file"))
        }
    }

    /// A global that is set and that nobody reads is probably a variable that is misspelt.
    mutating func checkUnread(_ name: String, _ line: Int) {
        guard reports, looksAtGlobals, !names.read.contains(name), !StandardLibrary.globals.contains(name), !names.setsUnnamed,
            let closest = closest(to: name, among: scopes.visibleNames.filter { $0.utf8.count > 2 }), name.utf8.count > 2
        else { return }
        unknownNames.append(UnknownName(kind: .unread, name: name, line: line, closest: closest, isUsed: false))
    }

    /// Notes what nobody sets as far as has been read, and gives its position.
    private mutating func noteUnknown(_ name: String, _ kind: UnknownName.Kind) -> Int? {
        guard reports, looksAtGlobals, unknownNames.count < 1000 else { return nil }
        let others: [String]
        switch kind {
        case .global, .unread: others = scopes.visibleNames + StandardLibrary.globals + names.assigned
        case .field(let table): others = Array(StandardLibrary.tables[table] ?? [])
        case .method(let what): others = Array(what == "a file" ? StandardLibrary.ofFiles : StandardFunctions.ofTexts)
        }
        let line = cursor.tokens[max(0, cursor.index - 1)].line
        let found = UnknownName(kind: kind, name: name, line: line, closest: closest(to: name, among: others), isUsed: isFollowed)
        unknownNames.append(found)
        return unknownNames.count - 1
    }

    private func closest(to name: String, among names: [String]) -> String? {
        guard name.utf8.count <= 64 else { return nil }
        return LuaSuggestion.closest(to: name, among: names.filter { abs($0.utf8.count - name.utf8.count) <= max(1, name.utf8.count / 2) })
    }

    /// Whether something stands behind a value that is not for nil: an index or a call.
    private var isFollowed: Bool {
        switch cursor.kind() {
        case .symbol(UInt8(ascii: ".")): cursor.name(1) != nil
        case .symbol(UInt8(ascii: "[")), .symbol(UInt8(ascii: ":")), .symbol(UInt8(ascii: "(")), .symbol(UInt8(ascii: "{")), .string: true
        default: false
        }
    }

    /// The script asks whether something is there.
    mutating func noteTest(of value: InferredValue) {
        if let position = value.unknown { unknownNames[position].isTested = true }
    }

    // MARK: what changes globals and tables of Lua without naming them

    /// A computed name in `_G` or in a table of Lua's own is assigned to.
    mutating func noteComputedAssignment(to value: InferredValue) {
        guard case .standard(let table) = value.type.shape else { return }
        noteExtension(of: table)
    }

    private mutating func noteExtension(of table: String) {
        if table == "_G" { learned.names.setsUnnamed = true } else { learned.names.extended.insert(table) }
    }

    /// Functions that leave the tables alone that they are given.
    private static let readers: Set<String> = [
        "pairs", "ipairs", "next", "type", "tostring", "print", "rawget", "rawlen", "rawequal", "select", "assert", "table.unpack",
        "getmetatable"
    ]

    /// Whatever gets one of Lua's own tables may add to it.
    mutating func noteHandedOn(_ arguments: [InferredValue], to function: String? = nil) {
        if let function, Self.readers.contains(function) {
            // The metatable of texts has the methods of all of them.
            if function == "getmetatable", arguments.first?.type.kind == .string { noteExtension(of: "string") }
            return
        }
        for case .standard(let table) in arguments.map(\.type.shape) where table == "_G" || StandardLibrary.tables[table] != nil {
            guard function == "rawset", let name = arguments.dropFirst().first?.text else { return noteExtension(of: table) }
            if table == "_G" { learned.names.assigned.insert(name) } else { learned.setNames.insert(name) }
        }
    }

    /// `require`
    mutating func noteRequired(_ arguments: [InferredValue]) {
        if let name = arguments.first?.text { learned.required.insert(name) } else { learned.requiresUnnamed = true }
    }

    // MARK: findings

    /// Those among the unknown names that are mistakes.
    func unknownFindings(hiddenBy comments: CheckComments) -> [Misuse] {
        let tested = Set(unknownNames.filter(\.isTested).map(\.fullName))
        return unknownNames.filter { found in
            if comments.hides(found.subject, in: found.line) { return false }
            if found.kind == .global, names.setsUnnamed { return false }
            return found.isCertain || !tested.contains(found.fullName) && !(found.kind == .global && names.hasUnreadModule)
        }.map { found in
            let isWarning = found.kind == .unread || found.closest == nil && !found.isUsed && found.kind == .global
            return Misuse(line: found.line, message: found.message, isWarning: isWarning)
        }
    }
}
