import LuaEngine
import VastLua

/// What stands behind a dot, or in brackets.
extension TypeWalk {
    /// What `[…]` gives.
    mutating func indexed(_ value: InferredValue, _ isStatement: Bool) throws -> InferredValue {
        let (start, line) = (cursor.index, cursor.line)
        cursor.advance()
        let key = try expression()
        try cursor.expect("]")
        let component = cursor.text(from: start)
        let isAssigned = isAssigned(isStatement)
        if let name = key.text {
            checkPresence(of: value, name, line)
            return member(name, of: value, line, component: component, isAssigned: isAssigned)
        }
        // What is assigned to an element may be anything.
        if isAssigned, let slot = value.slot { learned.assign(.unknown, to: slot) }
        if isAssigned { noteComputedAssignment(to: value) }
        return narrowed(InferredValue(type: value.type.element, path: Self.path(value, component)))
    }

    /// Whether a value is assigned to what ends here.
    func isAssigned(_ isStatement: Bool) -> Bool {
        cursor.isNext("=") && !cursor.isNext("=", 1) || isStatement && cursor.isNext(",")
    }

    /// Whether what ends here is called.
    private var isCalled: Bool {
        switch cursor.kind() {
        case .symbol(UInt8(ascii: "(")), .symbol(UInt8(ascii: "{")), .string: true
        default: false
        }
    }

    /// A field by its name.
    mutating func member(
        _ name: String, of value: InferredValue, _ line: Int, component: String?, isAssigned: Bool
    ) -> InferredValue {
        var result = InferredValue(path: Self.path(value, component), isSpelledOut: value.isSpelledOut)
        if let component { result.aliases = value.aliases.prefix(4).filter { $0.utf8.count < 240 }.map { $0 + component } }
        result.target = InferredValue.Target(base: value.type, name: name)
        if let slot = value.slot, slot.member == nil, scopes.variables[slot.variable].isTable {
            let slot = InferredValue.Slot(variable: slot.variable, member: name)
            result.slot = slot
            if !known.shared.contains(slot.variable) { result.type = known.settled(slot) ?? .unknown }
            if known.isAssignedOnce(slot) { result.table = scopes.variables[slot.variable].fieldTables[name] }
            return narrowed(result)
        }
        switch value.type.shape {
        case .module(let module):
            // What is spelled out is looked at elsewhere.
            let isLookedAt = !isAssigned && (hidesVast || !value.isSpelledOut)
            result.type = moduleMember(name, of: module, line, isLookedAt: isLookedAt)
        case .standard("_G"): return globalField(name, isAssigned: isAssigned)
        // Nothing of Lua's own has a long name.
        case .standard(let table):
            if table.utf8.count <= 32 { result.type = InferredType(shape: .standard("\(table).\(name)")) }
            if !isAssigned { result.unknown = checkStandardField(name, of: table) }
        default:
            let objects = objects(of: value)
            result.type = field(name, of: objects, value.type) ?? value.type.element(named: name)
            if known.setNames.contains(name) || value.isTested { result.type = result.type.present }
            if known.setNames.contains(name), !isReadOnly(objects) { result.type = result.type.withoutWords }
            if !isAssigned {
                if isCalled { checkMethod(name, of: objects, line) } else { checkField(name, of: objects, line) }
                checkPlain(value, field: name, line)
                result.method = method(name, of: objects).map { InferredValue.Method(name: name, object: $0, base: value.path) }
            }
        }
        return narrowed(result)
    }

    private func field(_ name: String, of objects: [String], _ type: InferredType) -> InferredType? {
        if type.mayBeError, name == "kind" { return DeclaredTypes.fields[InferredType.errorName]?[name] }
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
