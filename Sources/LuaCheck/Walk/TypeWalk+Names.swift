/// Names, and what follows them.
extension TypeWalk {
    /// A name or a bracket, and all that follows it.
    ///
    /// - Parameter isStatement: whether it begins one, and so may be assigned to.
    mutating func suffixed(_ expected: ExpectedType?, isStatement: Bool = false) throws -> InferredValue {
        var value: InferredValue
        if cursor.accept("(") {
            value = try expression(expected)
            try cursor.expect(")")
            (value.results, value.slot, value.global, value.target) = (nil, nil, nil, nil)
            value.table = nil
            (value.body, value.isSpelledOut) = (nil, false)
        } else {
            value = variable(try cursor.expectName(), expected, isStatement)
        }
        while let next = try suffix(of: value, isStatement) { value = next }
        return value
    }

    private mutating func suffix(of value: InferredValue, _ isStatement: Bool) throws -> InferredValue? {
        switch cursor.kind() {
        case .symbol(UInt8(ascii: ".")):
            guard let name = cursor.name(1) else { return nil }
            let line = cursor.line
            cursor.advance(2)
            checkPresence(of: value, name, line)
            return member(name, of: value, line, component: ".\(name)", isAssigned: isAssigned(isStatement))
        case .symbol(UInt8(ascii: "[")): return try indexed(value, isStatement)
        case .symbol(UInt8(ascii: ":")):
            guard let name = cursor.name(1) else { return nil }
            let line = cursor.line
            cursor.advance(2)
            checkPresence(of: value, name, line)
            return try methodCall(name, on: value, line)
        case .symbol(UInt8(ascii: "(")), .symbol(UInt8(ascii: "{")), .string: return try functionCall(value)
        default: return nil
        }
    }

    private mutating func variable(_ name: String, _ expected: ExpectedType?, _ isStatement: Bool) -> InferredValue {
        guard let number = scopes.variable(name) else { return global(name, isAssigned: isAssigned(isStatement)) }
        let slot = InferredValue.Slot(variable: number)
        let variable = scopes.variables[number]
        let settled = known.settled(slot)
        if let body = variable.body { noteUse(body, expected) }
        if variable.isTable, !namesField() {
            learned.shared.insert(number)
            learned.uses[number, default: 0] += 1
        }
        var value = InferredValue(type: settled ?? variable.type, path: "\(number):\(name)", body: variable.body, slot: slot)
        value.isTested = variable.isTested || known.tested.contains(number)
        if settled == nil {
            (value.whenTrue, value.whenFalse) = (variable.whenTrue, variable.whenFalse)
            (value.aliases, value.proofs) = (variable.aliases, variable.proofs)
            (value.table, value.mayBeAbsent) = (variable.table, variable.mayBeAbsent)
        }
        return narrowed(value)
    }

    /// A use of a function of the script other than a call: the place may say what it is called with.
    private mutating func noteUse(_ body: Int, _ expected: ExpectedType?) {
        switch cursor.kind() {
        case .symbol(UInt8(ascii: "(")), .symbol(UInt8(ascii: "{")), .string: break
        case .symbol(UInt8(ascii: ",")), .symbol(UInt8(ascii: ")")), .symbol(UInt8(ascii: "}")), .symbol(UInt8(ascii: ";")):
            learned.use(body, expected?.parameters.map(\.type) ?? [])
        default: learned.use(body, [])
        }
    }

    /// Whether the name of a field follows.
    func namesField() -> Bool {
        if cursor.isNext(".") { return cursor.name(1) != nil }
        guard cursor.isNext("["), case .string(_?) = cursor.kind(1) else { return false }
        return cursor.isNext("]", 2)
    }

    /// A value whose own paths stand for it from now on, without nil where that is known.
    func narrowed(_ value: InferredValue) -> InferredValue {
        var value = value
        if value.type.canBeNil, value.allProofs.contains(where: scopes.isKnown) { value.type = value.type.present }
        value.whenTrue = InferredValue.limited(value.ownPaths + value.whenTrue)
        return value
    }
}
