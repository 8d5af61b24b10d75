import VastLua

/// Calls.
extension TypeWalk {
    /// The arguments that stand here, and what the function gives.
    mutating func functionCall(_ callee: InferredValue) throws -> InferredValue {
        let (start, line) = (cursor.index, cursor.line)
        switch callee.type.shape {
        case .declared(let name):
            guard let declaration = DeclaredTypes.functions[name] else { break }
            let values = try arguments(declaration)
            checkCall(of: declaration, named: "vast.\(name)", start, line, isSpelledOut: callee.isSpelledOut && !hidesVast)
            checkPassed(by: name, values, start, line)
            checkPlace(values, of: declaration, line)
            var value = result(of: declaration, on: values.first?.type ?? .unknown, values, callee.path, start)
            value.mayBeAbsent = value.type.canBeNil && !isNumber(values.first)
            return name == "try" ? Self.tried(value, values) : value
        case .standard(let name): return standardCall(name, try arguments(nil), line)
        case .module(let name): report(line, Self.calledTable(name))
        default: break
        }
        let values = try arguments(nil)
        noteHandedOn(values)
        if let method = callee.method { checkDot(before: method, values, start, line) }
        if let body = callee.body { learned.called.insert(body) }
        if let body = callee.body, let last = values.last {
            learned.use(body, values.dropLast().map(\.type) + (last.results ?? [last.type]))
        }
        return returned(by: callee, values)
    }

    /// What a function of the script gives.
    private func returned(by callee: InferredValue, _ values: [InferredValue]) -> InferredValue {
        var value = Self.unknownResult(values)
        guard let body = callee.body, callee.slot.map({ known.settled($0) == nil }) ?? true, let found = known.returned(by: body) else {
            return value
        }
        value.type = found.type
        value.table = found.table
        return value
    }

    /// Of a function that nothing is known of: it may have been asked whether its arguments are nil.
    static func unknownResult(_ arguments: [InferredValue]) -> InferredValue {
        let asked = InferredValue.limited(arguments.flatMap(\.ownPaths))
        return InferredValue(whenTrue: asked, whenFalse: asked)
    }

    /// The arguments that stand here, and what the method gives.
    mutating func methodCall(_ name: String, on value: InferredValue, _ line: Int) throws -> InferredValue {
        let start = cursor.index
        let objects = objects(of: value)
        guard let object = objects.first(where: { DeclaredTypes.method(name, of: $0) != nil }),
            let method = DeclaredTypes.method(name, of: object)
        else {
            checkMethod(name, of: objects, line)
            checkColon(before: name, of: value, line)
            checkPlain(value, method: name, line)
            checkStandardMethod(name, of: value)
            let values = try arguments(nil)
            noteHandedOn(values)
            return Self.unknownResult(values)
        }
        let values = try arguments(method)
        checkCall(of: method, named: "\(object):\(name)", start, line, isSpelledOut: false)
        let path = value.path.map { "\($0):\(name)" }
        var result = result(of: method, on: value.type, values, path, start)
        result.mayBeAbsent = result.type.canBeNil
        return result
    }

    private func result(
        of declaration: Declaration, on target: InferredType, _ values: [InferredValue], _ callee: String?, _ start: Int
    ) -> InferredValue {
        let results = results(of: declaration, on: target, values, start)
        var value = InferredValue(type: results.first ?? .unknown, results: results)
        value.path = Self.path(InferredValue(path: callee), cursor.text(from: start))
        return narrowed(value)
    }

    // MARK: arguments

    /// The values between the brackets, or the only one without brackets.
    ///
    /// - Parameter declaration: the function or method that is called, where that is known.
    private mutating func arguments(_ declaration: Declaration?) throws -> [InferredValue] {
        var values: [InferredValue] = []
        guard cursor.accept("(") else {
            if cursor.isNext("{") { return [note(try table(expectation(declaration, values)))] }
            guard case .string(let text) = cursor.kind() else { throw TokenCursor.Unreadable() }
            cursor.advance()
            return [InferredValue(type: InferredType(shape: .plain("string")), text: text)]
        }
        while !cursor.accept(")") {
            values.append(note(try expression(expectation(declaration, values))))
            if !cursor.accept(","), !cursor.isNext(")") { throw TokenCursor.Unreadable() }
        }
        return values
    }

    private func expectation(_ declaration: Declaration?, _ before: [InferredValue]) -> ExpectedType? {
        guard let parameters = declaration?.parameters, parameters.indices.contains(before.count) else { return nil }
        let list = zip(parameters, before).first { $0.0.name == "list" }
        return ExpectedType(parameters[before.count], elements: list?.1.type.element ?? .unknown)
    }

    // MARK: Lua's own functions

    private mutating func standardCall(_ name: String, _ arguments: [InferredValue], _ line: Int) -> InferredValue {
        if ["print", "tostring", "tonumber", "string.format"].contains(name) { checkPrinted(arguments, line) }
        noteHandedOn(arguments, to: name)
        guard let first = arguments.first else {
            return InferredValue(neverReturns: name == "os.exit" || name == "error").giving(StandardFunctions.results[name])
        }
        switch name {
        case "ipairs": return iterator([InferredType(shape: .plain("number")), first.type.element])
        case "pairs": return iterator([.unknown, first.type.element])
        case "type", "math.type":
            noteTest(of: first)
            return InferredValue(type: InferredType(shape: .plain("string")), kindOf: first.ownPaths)
        case "pcall": return Self.protected(arguments)
        case "require":
            noteRequired(arguments)
            return Self.unknownResult(arguments)
        case "error", "os.exit":
            learned.errorNames.formUnion(first.entries?.map(\.name) ?? [])
            return InferredValue(neverReturns: true)
        case "assert":
            scopes.note(first.whenTrue)
            return InferredValue(type: first.type.present)
        case "table.insert", "setmetatable", "rawset":
            // From here on its elements, or its methods, may be others.
            if let slot = first.slot { learned.assign(.unknown, to: slot) }
            return InferredValue().giving(StandardFunctions.results[name])
        default: return Self.unknownResult(arguments).giving(StandardFunctions.results[name])
        }
    }

    private func iterator(_ types: [InferredType]) -> InferredValue { InferredValue(type: InferredType(shape: .iterator(types))) }

    // MARK: tables

    /// A table that is written out.
    ///
    /// - Parameter expected: what the place says where it stands.
    mutating func table(_ expected: ExpectedType?) throws -> InferredValue {
        try cursor.enter()
        defer { cursor.leave() }
        let start = cursor.index
        try cursor.expect("{")
        var entries: [InferredValue.Entry] = []
        while !cursor.accept("}") {
            if let name = cursor.name(), cursor.isNext("=", 1), !cursor.isNext("=", 2) {
                cursor.advance(2)
                let value = note(try expression(expected?.entry(name)))
                entries.append(InferredValue.Entry(name: name, type: value.type, table: value.table))
            } else if cursor.accept("[") {
                let name = try expression().text
                for word in ["]", "="] { try cursor.expect(word) }
                let value = note(try expression(name.flatMap { expected?.entry($0) }))
                if let name { entries.append(InferredValue.Entry(name: name, type: value.type, table: value.table)) }
            } else {
                _ = note(try expression(expected?.listed))
            }
            if !cursor.accept(","), !cursor.accept(";"), !cursor.isNext("}") { throw TokenCursor.Unreadable() }
        }
        // What looks like an error may be raised somewhere.
        if entries.contains(where: { $0.name == "kind" || $0.name == "message" }) { learned.errorNames.formUnion(entries.map(\.name)) }
        var value = InferredValue(type: InferredType(shape: .plain("table")), entries: entries)
        value.table = start..<cursor.index
        return value
    }
}
