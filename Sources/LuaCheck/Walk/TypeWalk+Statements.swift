/// Statements.
extension TypeWalk {
    /// One statement.
    ///
    /// - Returns: whether what stands behind it is not reached.
    mutating func statement() throws -> Bool {
        switch cursor.kind() {
        case .name("if"): return try branches()
        case .name("while"): try whileLoop()
        case .name("for"): try forLoop()
        case .name("repeat"): try repeatLoop()
        case .name("do"):
            cursor.advance()
            let ends = try block()
            try cursor.expect("end")
            return ends
        case .name("function"): try functionStatement()
        case .name("local"): try local()
        case .name("return"):
            let line = cursor.line
            cursor.advance()
            let values = isAtBlockEnd || cursor.isNext(";") ? [] : try expressions()
            checkReturned(values, line)
            if !returns.isEmpty { returns[returns.count - 1].add(values) }
            _ = cursor.accept(";")
            return true
        case .name("break"):
            cursor.advance()
            _ = cursor.accept(";")
            return true
        case .name("goto"):
            cursor.advance()
            _ = try cursor.expectName()
            _ = cursor.accept(";")
            return true
        case .symbol(UInt8(ascii: ";")): cursor.advance()
        case .symbol(UInt8(ascii: ":")):
            for _ in 0..<2 { try cursor.expect(":") }
            _ = try cursor.expectName()
            for _ in 0..<2 { try cursor.expect(":") }
        default: return try assignmentOrCall()
        }
        return false
    }

    private mutating func branches() throws -> Bool {
        var excluded: [String] = []
        // What is not nil at the end of each branch from which the statement behind is reached.
        var reaching: [String]?
        // The variables that one of these branches has given new values.
        var assigned: Set<String> = []
        func reach(_ paths: [String], _ new: Set<String>) {
            let paths = paths.filter { !new.contains(String(TypeScopes.root($0))) }
            reaching = reaching.map { $0.filter(paths.contains) } ?? paths
            assigned.formUnion(new)
        }
        scopes.open()
        while cursor.accept("if") || cursor.accept("elseif") {
            let condition = try self.condition()
            try cursor.expect("then")
            if try !block(condition.whenTrue, goesOn: false) { reach(excluded + condition.whenTrue, scopes.lastAssigned) }
            excluded = InferredValue.limited(excluded + condition.whenFalse)
            scopes.note(condition.whenFalse)
        }
        if !cursor.accept("else") {
            reach(excluded, [])
        } else if try !block(goesOn: false) {
            reach(excluded, scopes.lastAssigned)
        }
        scopes.close()
        try cursor.expect("end")
        scopes.forget(assigned)
        scopes.note(reaching ?? [])
        return reaching == nil
    }

    /// What decides whether something is done.
    private mutating func condition() throws -> InferredValue {
        let line = cursor.line
        let value = try expression()
        noteTruth(of: value, line)
        return value
    }

    private mutating func whileLoop() throws {
        let start = beginLoop()
        cursor.advance()
        let condition = try self.condition()
        try cursor.expect("do")
        _ = try block(condition.whenTrue)
        endLoop(start)
        try cursor.expect("end")
        scopes.note(condition.whenFalse)
    }

    /// What the body gives a new value has it from the second time on.
    private mutating func beginLoop() -> Int {
        scopes.forget(known.assignedInLoops[cursor.index] ?? [])
        return cursor.index
    }

    private mutating func endLoop(_ start: Int) {
        if !scopes.lastAssigned.isEmpty { learned.assignedInLoops[start] = scopes.lastAssigned }
    }

    private mutating func repeatLoop() throws {
        let start = beginLoop()
        cursor.advance()
        scopes.open()
        _ = try statements()
        try cursor.expect("until")
        let condition = try self.condition()
        scopes.close()
        endLoop(start)
        scopes.note(condition.whenTrue)
    }

    private mutating func forLoop() throws {
        let loop = beginLoop()
        cursor.advance()
        let names = try namesInFor()
        var types = [InferredType(shape: .plain("number"))]
        var list: String?
        if cursor.accept("=") {
            _ = try expressions()
        } else {
            try cursor.expect("in")
            let (start, line) = (cursor.index, cursor.line)
            let values = try expressions()
            if case .iterator(let found) = values.first?.type.shape { types = found } else { types = [] }
            if types.first?.kind == .number { list = cursor.text(from: start) ?? "…" }
            checkIterator(values.first, names, start, line)
        }
        try cursor.expect("do")
        scopes.open()
        declare(loopVariables: names, types, through: list)
        _ = try statements()
        scopes.close()
        endLoop(loop)
        try cursor.expect("end")
    }

    private mutating func namesInFor() throws -> [String] {
        var names = [try cursor.expectName()]
        while cursor.accept(",") { names.append(try cursor.expectName()) }
        return names
    }
}
