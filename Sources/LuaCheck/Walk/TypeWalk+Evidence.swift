import VastLua

/// What a call is given, for comparing it with the declaration.
extension TypeWalk {
    /// Keeps what is known of an argument, or of a value in a table.
    mutating func note(_ value: InferredValue) -> InferredValue {
        guard reports, let tokens = value.tokens, let evidence = evidence(value, tokens) else { return value }
        calls.evidence[tokens.lowerBound] = evidence
        return value
    }

    private func evidence(_ value: InferredValue, _ tokens: Range<Int>) -> Evidence? {
        // What is written out says itself what it is.
        if value.entries != nil || value.body != nil && value.slot == nil || value.text != nil { return nil }
        let isOnce = value.slot.map { known.settled($0) == nil } ?? true
        let isFunction = value.body != nil && isOnce
        let table = table(of: value)
        let type = table != nil ? Self.table : isFunction ? InferredType(shape: .plain("function")) : value.type
        let isNothing = value.results?.isEmpty ?? false
        guard type.kind != nil || isNothing else { return nil }
        return Evidence(tokens: tokens, type: type, table: table, isCall: value.results != nil, isNothing: isNothing)
    }

    private static let table = InferredType(shape: .plain("table"))

    /// Where the table stands that a variable or a field holds.
    private func table(of value: InferredValue) -> Evidence.Table? {
        guard let literal = value.table else { return nil }
        guard let slot = value.slot else { return Evidence.Table(literal: literal) }
        guard known.isAssignedOnce(slot) else { return nil }
        guard slot.member == nil, scopes.variables[slot.variable].isTable else { return Evidence.Table(literal: literal) }
        var table = Evidence.Table(literal: literal, members: members[slot.variable] ?? [])
        let isAssignedBefore = known.members(of: slot.variable).isSubset(of: learned.members(of: slot.variable))
        table.isWhole = known.uses[slot.variable] == 1 && isAssignedBefore
        return table
    }

    /// Compares a call with its declaration.
    ///
    /// - Parameter isSpelledOut: whether what is written in the call is looked at elsewhere.
    mutating func checkCall(of declaration: Declaration, named name: String, _ start: Int, _ line: Int, isSpelledOut: Bool) {
        guard reports else { return }
        var found = calls.misuses(of: declaration, named: name, opening: start, line: line)
        if isSpelledOut {
            let plain = plainCalls.misuses(of: declaration, named: name, opening: start, line: line)
            found.removeAll(where: plain.contains)
        }
        // A table that is passed twice has the same mistakes.
        misuses += found.filter { !misuses.contains($0) }
    }

    /// What is called by another function that passes its arguments on, and where these begin; `pcall` may be meant to catch
    /// what is wrong with them.
    private func passed(by name: String, _ values: [InferredValue]) -> (function: InferredValue, first: Int)? {
        switch name {
        case "try" where values.count > 1 && values[0].text != "invalid_argument": (values[1], 2)
        case "spawn": values.first.map { ($0, 1) }
        default: nil
        }
    }

    /// Compares what `vast.try` and the like pass on with the declaration of what they call.
    mutating func checkPassed(by name: String, _ values: [InferredValue], _ start: Int, _ line: Int) {
        guard reports, let (function, first) = passed(by: name, values) else { return }
        if case .declared(let name) = function.type.shape, let declaration = DeclaredTypes.functions[name] {
            misuses += calls.misuses(of: declaration, named: "vast.\(name)", opening: start, line: line, after: first)
        } else if let method = function.method, let declaration = DeclaredTypes.method(method.name, of: method.object) {
            let name = "\(method.object):\(method.name)"
            misuses += calls.misuses(of: declaration, named: name, opening: start, line: line, after: first + 1)
        }
    }

    /// Whether a number is written out: whoever writes an id means one that there is.
    func isNumber(_ value: InferredValue?) -> Bool {
        guard let tokens = value?.tokens, tokens.count == 1, case .number = cursor.tokens[tokens.lowerBound].kind else { return false }
        return true
    }
}

extension InferredValue {
    /// The same, of a call that gives certain types; nil: nobody knows which.
    func giving(_ results: [InferredType]?) -> InferredValue {
        guard let results else { return self }
        var value = self
        (value.results, value.type) = (results, results.first ?? .unknown)
        return value
    }
}
