import VastLua

/// What is asked of a value that may be nil, or that has nothing behind a dot.
extension TypeWalk {
    /// All that was found.
    func findings(hiddenBy comments: CheckComments) -> [Misuse] {
        var found = misuses
        for unknown in unknownFindings(hiddenBy: comments) where !found.contains(unknown) { found.append(unknown) }
        return found + absences.filter { absence in !found.contains { $0.line == absence.line } }
    }

    /// What a call may not have to give, and texts and numbers that may be nil, are tested before they are asked for something.
    ///
    /// An instance that is read by an id which is written out is taken to be there.
    mutating func checkPresence(of value: InferredValue, _ name: String, _ line: Int) {
        guard reports, value.type.canBeNil, let path = value.path, value.mayBeAbsent || isPlain(value) else { return }
        guard !value.isTested, !known.setNames.contains(name) else { return }
        let words = Self.words(path)
        let message = "'\(words)' can be nil, and nil has no '\(name)': test it first: '\(words) and …'"
        let misuse = Misuse(line: line, message: message, isWarning: true)
        if absences.last != misuse { absences.append(misuse) }
    }

    /// Whether it is a text, a number or a truth value; what a variable holds may have become something else.
    private func isPlain(_ value: InferredValue) -> Bool {
        guard value.entries == nil, value.text == nil else { return false }
        if case .words = value.type.shape { return true }
        return value.slot == nil && [.string, .number, .boolean].contains(value.type.kind) && value.path != nil
    }

    /// Texts, numbers and truth values have no fields.
    mutating func checkPlain(_ value: InferredValue, field name: String, _ line: Int) {
        guard reports, !known.setNames.contains(name) else { return }
        if let place = place(value) { return report(line, Self.asked(name, of: value, place)) }
        guard isPlain(value), let kind = value.type.kind else { return }
        if kind == .string, StandardFunctions.ofTexts.contains(name) { return }
        var what = "a \(kind.rawValue)"
        if case .words(let words, _) = value.type.shape { what = "one of the words \(words.joined(separator: ", "))" }
        report(line, "'\(value.path.map(Self.words) ?? "this")' is \(what), which has no field '\(name.prefix(64))'")
    }

    /// Numbers and truth values have no methods; what those of texts are, a script may have changed.
    mutating func checkPlain(_ value: InferredValue, method name: String, _ line: Int) {
        guard reports else { return }
        if let place = place(value) { return report(line, Self.asked(name, of: value, place)) }
        guard isPlain(value), let kind = value.type.kind, kind != .string else { return }
        report(line, "'\(value.path.map(Self.words) ?? "this")' is a \(kind.rawValue), which has no method '\(name.prefix(64))'")
    }

    private static func asked(_ name: String, of value: InferredValue, _ place: TypeScopes.Place) -> String {
        let variable = value.path.map(words) ?? "this"
        return "'\(variable)' is a place in the list, a number without '\(name.prefix(64))': \(place.hint(variable))"
    }

    // MARK: vast itself

    /// What is said of a call of `vast`, or of one of its tables.
    static func calledTable(_ name: String) -> String {
        guard !name.isEmpty else { return "'vast' is a table of functions, and no function: write 'vast.instances()' and the like" }
        let members = Declaration.names.filter { $0.hasPrefix("\(name).") }
        return "'vast.\(name)' is a table of functions, and no function: there are \(members.map { "vast.\($0)" }.joined(separator: ", "))"
    }

    /// The functions of `vast` are no methods of it.
    mutating func checkColon(before name: String, of value: InferredValue, _ line: Int) {
        // What is spelled out is looked at elsewhere.
        guard case .module(let module) = value.type.shape, hidesVast || !value.isSpelledOut else { return }
        let full = DeclaredTypes.name(name, in: module)
        guard DeclaredTypes.functions[full] != nil, !known.replaced.contains(full) else { return }
        report(line, "'vast.\(full)' is a function, not a method: write 'vast.\(full)(...)'")
    }
}
