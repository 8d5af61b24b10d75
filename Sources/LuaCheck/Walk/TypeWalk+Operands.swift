import VastLua

/// Operators with objects that do not have them.
extension TypeWalk {
    /// An operator is a finding where neither side can have it.
    mutating func checkOperands(_ left: InferredValue, _ found: LuaOperator, _ right: InferredValue, _ line: Int) {
        guard reports, !left.type.mayTake(found.symbol), !right.type.mayTake(found.symbol) else { return }
        // Two numbers, texts and the like are Lua's own matter.
        guard let object = (left.type.objects + right.type.objects).first else { return }
        report(line, Self.missingOperator(found, object))
    }

    /// An operator before its only operand.
    mutating func checkOperand(_ symbol: String, _ value: InferredValue, _ line: Int) {
        guard reports, let object = value.type.objects.first, !value.type.mayTake("unary \(symbol)") else { return }
        report(line, DeclaredTypes.objects[object]?.missingOperator(symbol, isUnary: true) ?? "")
    }

    private static func missingOperator(_ found: LuaOperator, _ object: String) -> String {
        let symbol = found.kind == .order ? String(found.symbol.prefix(1)) : found.symbol
        return DeclaredTypes.objects[object]?.missingOperator(symbol) ?? ""
    }
}

extension InferredType {
    /// Whether an operator with such a value on its left gives another one of its kind.
    func takes(_ symbol: String) -> Bool {
        guard case .object(let name) = shape else { return false }
        return DeclaredTypes.objects[name]?.operators.contains(symbol) ?? false
    }

    /// Whether a value may bring an operator with it; a script may give what is a table a metatable of its own.
    fileprivate func mayTake(_ symbol: String) -> Bool {
        switch shape {
        case .plain(let name): name == "table" || name == "userdata"
        case .words, .nil: false
        default: objects.isEmpty || objects.contains { DeclaredTypes.objects[$0]?.hasOperator(symbol) ?? true }
        }
    }
}

extension ObjectDeclaration {
    fileprivate func hasOperator(_ symbol: String) -> Bool {
        operators.contains(symbol) || symbol == "unary #" && readOnly == nil
    }
}
