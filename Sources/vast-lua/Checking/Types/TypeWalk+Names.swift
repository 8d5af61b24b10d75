import LuaEngine
import VastLua

/// Names, and what stands behind a dot.
extension TypeWalk {
    /// A name or a bracket, and all that follows it.
    ///
    /// - Parameter isStatement: whether it begins one, and so may be assigned to.
    mutating func suffixed(_ expected: ExpectedType?, isStatement: Bool = false) throws -> InferredValue {
        var value: InferredValue
        if cursor.accept("(") {
            value = try expression(expected)
            try cursor.expect(")")
            (value.results, value.slot, value.global, value.target, value.isSpelledOut) = (nil, nil, nil, nil, false)
        } else {
            value = variable(try cursor.expectName())
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
            return member(name, of: value, line, component: ".\(name)", isAssigned: isAssigned(isStatement))
        case .symbol(UInt8(ascii: "[")): return try indexed(value, isStatement)
        case .symbol(UInt8(ascii: ":")):
            guard let name = cursor.name(1) else { return nil }
            let line = cursor.line
            cursor.advance(2)
            return try methodCall(name, on: value, line)
        case .symbol(UInt8(ascii: "(")), .symbol(UInt8(ascii: "{")), .string: return try functionCall(value)
        default: return nil
        }
    }

    private mutating func variable(_ name: String) -> InferredValue {
        guard let number = scopes.variable(name) else { return global(name) }
        let slot = InferredValue.Slot(variable: number)
        let variable = scopes.variables[number]
        let settled = known.settled(slot)
        if variable.isTable, !namesField() { learned.shared.insert(number) }
        var value = InferredValue(type: settled ?? variable.type, path: "\(number):\(name)", slot: slot)
        if settled == nil {
            (value.whenTrue, value.whenFalse) = (variable.whenTrue, variable.whenFalse)
            (value.aliases, value.proofs) = (variable.aliases, variable.proofs)
        }
        return narrowed(value)
    }

    /// Whether the name of a field follows.
    private func namesField() -> Bool {
        if cursor.isNext(".") { return cursor.name(1) != nil }
        guard cursor.isNext("["), case .string(_?) = cursor.kind(1) else { return false }
        return cursor.isNext("]", 2)
    }

    private mutating func global(_ name: String) -> InferredValue {
        var value = InferredValue(global: name)
        guard !known.globals.contains(name) else { return value }
        if name == "vast" {
            value.type = InferredType(shape: .module(""))
            (value.path, value.isSpelledOut) = (name, true)
        } else {
            value.type = InferredType(shape: .standard(name))
        }
        return value
    }

    /// A value whose own paths stand for it from now on, without nil where that is known.
    func narrowed(_ value: InferredValue) -> InferredValue {
        var value = value
        if value.type.canBeNil, value.allProofs.contains(where: scopes.isKnown) { value.type = value.type.present }
        value.whenTrue = InferredValue.limited(value.ownPaths + value.whenTrue)
        return value
    }

    // MARK: fields

    private mutating func indexed(_ value: InferredValue, _ isStatement: Bool) throws -> InferredValue {
        let (start, line) = (cursor.index, cursor.line)
        cursor.advance()
        let key = try expression()
        try cursor.expect("]")
        let component = cursor.text(from: start)
        let isAssigned = isAssigned(isStatement)
        if let name = key.text { return member(name, of: value, line, component: component, isAssigned: isAssigned) }
        // What is assigned to an element may be anything.
        if isAssigned, let slot = value.slot { learned.assign(.unknown, to: slot) }
        return narrowed(InferredValue(type: value.type.element, path: Self.path(value, component)))
    }

    private func isAssigned(_ isStatement: Bool) -> Bool {
        cursor.isNext("=") && !cursor.isNext("=", 1) || isStatement && cursor.isNext(",")
    }

    private mutating func member(
        _ name: String, of value: InferredValue, _ line: Int, component: String?, isAssigned: Bool
    ) -> InferredValue {
        var result = InferredValue(path: Self.path(value, component), isSpelledOut: value.isSpelledOut)
        result.target = InferredValue.Target(base: value.type, name: name)
        if let slot = value.slot, slot.member == nil, scopes.variables[slot.variable].isTable {
            let slot = InferredValue.Slot(variable: slot.variable, member: name)
            result.slot = slot
            if !known.shared.contains(slot.variable) { result.type = known.settled(slot) ?? .unknown }
            return narrowed(result)
        }
        switch value.type.shape {
        case .module(let module): result.type = moduleMember(name, of: module, line, isLookedAt: !isAssigned && (hidesVast || !value.isSpelledOut))
        case .standard(let table): result.type = InferredType(shape: .standard("\(table).\(name)"))
        default:
            let objects = value.type.objects
            result.type = Self.field(name, of: objects) ?? value.type.element(named: name)
            if !isAssigned { checkField(name, of: objects, line) }
        }
        return narrowed(result)
    }

    private static func field(_ name: String, of objects: [String]) -> InferredType? {
        let types = objects.map { DeclaredTypes.fields[$0]?[name] }
        guard let first = types.first, types.allSatisfy({ $0 == first }) else { return nil }
        return first
    }

    private mutating func moduleMember(_ name: String, of module: String, _ line: Int, isLookedAt: Bool) -> InferredType {
        let full = DeclaredTypes.name(name, in: module)
        if known.replaced.contains(full) { return .unknown }
        if let type = DeclaredTypes.member(name, of: module) { return type }
        if isLookedAt, name.utf8.count <= 64 {
            report(line, LuaSuggestion.unknown("function", "vast.\(full)", among: Declaration.names.map { "vast.\($0)" }))
        }
        return .unknown
    }

    /// The path of what stands behind a value.
    static func path(_ value: InferredValue, _ component: String?) -> String? {
        guard let base = value.path, let component, base.utf8.count + component.utf8.count <= 240 else { return nil }
        return base + component
    }
}

extension InferredType {
    /// What stands under a name in a table whose values are all alike.
    fileprivate func element(named name: String) -> InferredType {
        if case .map(let value) = shape { value } else { .unknown }
    }
}
