/// Functions that are written out.
extension TypeWalk {
    /// `function name() … end`
    mutating func functionStatement() throws {
        cursor.advance()
        let name = try cursor.expectName()
        var members: [String] = []
        var isMethod = false
        while cursor.isNext(".") || cursor.isNext(":") {
            isMethod = cursor.isNext(":")
            cursor.advance()
            members.append(try cursor.expectName())
        }
        assignFunction(name, members, isMethod: isMethod)
        try functionBody(nil, isMethod: isMethod)
    }

    private mutating func assignFunction(_ name: String, _ members: [String], isMethod: Bool) {
        guard let last = members.last else {
            if let variable = scopes.variable(name) {
                learned.assign(.unknown, to: InferredValue.Slot(variable: variable))
            } else {
                learned.assign(global: name, nil)
            }
            return
        }
        if name == "_G", members.count == 1, scopes.variable(name) == nil { return learned.assign(global: last, nil) }
        learned.setNames.insert(last)
        guard let variable = scopes.variable(name) else { return }
        if members.count == 1 { learned.assign(.unknown, to: InferredValue.Slot(variable: variable, member: last)) }
        learned.uses[variable, default: 0] += 1
        if isMethod { learned.shared.insert(variable) }
    }

    /// Parameters and body.
    ///
    /// - Parameter expected: what the place says where the function stands.
    mutating func functionBody(_ expected: ExpectedType?, isMethod: Bool = false) throws {
        let body = cursor.index
        returns.append(ReturnedTypes())
        var types = (expected?.parameters.map(\.type) ?? known.arguments(of: cursor.index))[...]
        let isCalled = expected == nil && known.called.contains(cursor.index)
        try cursor.expect("(")
        scopes.open()
        defer { scopes.close(goesOn: false) }
        if isMethod { declare("self", .unknown) }
        while !cursor.accept(")") {
            if cursor.accept(".") {
                for _ in 0..<2 { try cursor.expect(".") }
            } else {
                let number = declare(try cursor.expectName(), types.popFirst() ?? .unknown)
                if isCalled { scopes.change(number) { $0.isTested = true } }
            }
            if !cursor.accept(","), !cursor.isNext(")") { throw TokenCursor.Unreadable() }
        }
        _ = try statements()
        try cursor.expect("end")
        if let found = returns.popLast() { learned.note(found, of: body) }
    }

    /// Begins a variable, and gives its number.
    @discardableResult
    mutating func declare(_ name: String, _ type: InferredType) -> Int {
        let number = scopes.declare(TypeScopes.Variable(name: name, type: type))
        learned.assign(type, to: InferredValue.Slot(variable: number))
        return number
    }
}
