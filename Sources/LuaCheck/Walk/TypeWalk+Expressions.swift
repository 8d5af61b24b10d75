/// Expressions and their operators.
extension TypeWalk {
    /// Expressions with commas between them.
    mutating func expressions() throws -> [InferredValue] {
        var values = [try expression()]
        while cursor.accept(",") { values.append(try expression()) }
        return values
    }

    /// One expression.
    ///
    /// - Parameters:
    ///   - expected: what the place says where it stands.
    ///   - limit: operators that bind no tighter end it.
    mutating func expression(_ expected: ExpectedType? = nil, above limit: Int = 0) throws -> InferredValue {
        try cursor.enter()
        defer { cursor.leave() }
        let start = cursor.index
        var left = try operand(expected)
        while let found = LuaOperator(cursor), found.binding > limit {
            let line = cursor.line
            cursor.advance(found.length)
            scopes.open(found.kind == .and ? left.whenTrue : found.kind == .or ? left.whenFalse : [])
            let right = try expression(found.isLogical ? expected : nil, above: found.rightBinding)
            scopes.close()
            left = combine(left, found, right, line)
        }
        left.tokens = start..<cursor.index
        return left
    }

    private mutating func operand(_ expected: ExpectedType?) throws -> InferredValue {
        if cursor.accept("not") {
            let value = try expression(above: LuaOperator.unary)
            noteTruth(of: value, cursor.line)
            var result = InferredValue.plain("boolean")
            (result.whenTrue, result.whenFalse) = (value.whenFalse, value.whenTrue)
            return result
        }
        let line = cursor.line
        if cursor.accept("#") {
            checkOperand("#", try expression(above: LuaOperator.unary), line)
            return .plain("number")
        }
        if cursor.isNext("-") || cursor.isNext("~") {
            let symbol = cursor.isNext("-") ? "-" : "~"
            cursor.advance()
            let value = try expression(above: LuaOperator.unary)
            warnIfNil(value, line, "calculated with")
            checkOperand(symbol, value, line)
            return .plain("number")
        }
        return try simple(expected)
    }

    private mutating func simple(_ expected: ExpectedType?) throws -> InferredValue {
        switch cursor.kind() {
        case .number:
            cursor.advance()
            return .plain("number")
        case .name("nil"):
            cursor.advance()
            return InferredValue(type: InferredType(shape: .nil))
        case .name("true"), .name("false"):
            cursor.advance()
            return .plain("boolean")
        case .name("function"):
            cursor.advance()
            let body = cursor.index
            try functionBody(expected)
            return InferredValue(body: body)
        case .symbol(UInt8(ascii: "{")): return try table(expected)
        case .symbol(UInt8(ascii: ".")): return try dots()
        case .string(let text):
            cursor.advance()
            return InferredValue(type: InferredType(shape: .plain("string")), text: text)
        default: return try suffixed(expected)
        }
    }

    /// `...`, or a number that begins with a dot.
    private mutating func dots() throws -> InferredValue {
        cursor.advance()
        if case .number = cursor.kind() {
            cursor.advance()
            return .plain("number")
        }
        for _ in 0..<2 { try cursor.expect(".") }
        return InferredValue()
    }

    // MARK: operators

    private mutating func combine(
        _ left: InferredValue, _ found: LuaOperator, _ right: InferredValue, _ line: Int
    ) -> InferredValue {
        switch found.kind {
        case .and:
            noteTruth(of: left, line, isWhole: false)
            return Self.both(left, right)
        case .or:
            noteTruth(of: left, line, isWhole: false)
            noteTest(of: right)
            return Self.either(left, right)
        case .equal:
            noteComparison(left, right, line)
            checkWords(left, right, line)
            return Self.equality(left, right)
        case .unequal:
            noteComparison(left, right, line)
            checkWords(left, right, line)
            let value = Self.equality(left, right)
            return InferredValue(type: value.type, whenTrue: value.whenFalse, whenFalse: value.whenTrue)
        case .order:
            checkUncalled([left, right], line)
            for value in [left, right] { warnIfNil(value, line, "compared") }
            checkOperands(left, found, right, line)
            let paths = InferredValue.limited(left.ownPaths + right.ownPaths)
            return InferredValue(type: InferredType(shape: .plain("boolean")), whenTrue: paths, whenFalse: paths)
        case .concatenation:
            checkUncalled([left, right], line)
            checkOperands(left, found, right, line)
            for value in [left, right] { warnIfNil(value, line, "concatenated") }
            return .plain("string")
        case .arithmetic:
            checkUncalled([left, right], line)
            checkOperands(left, found, right, line)
            for value in [left, right] { warnIfNil(value, line, "calculated with") }
            return Self.calculation(left.type, found.symbol, right.type)
        }
    }

    /// What is compared with nil is asked for.
    private mutating func noteComparison(_ left: InferredValue, _ right: InferredValue, _ line: Int) {
        if left.type.shape == .nil { noteTest(of: right) }
        if right.type.shape == .nil { noteTest(of: left) }
        for (value, other) in [(left, right), (right, left)] where other.type.shape != .nil && other.method == nil && other.isPresent {
            checkUncalled([value], line)
        }
    }

    private mutating func warnIfNil(_ value: InferredValue, _ line: Int, _ use: String) {
        guard value.type.canBeNil, let path = value.path else { return }
        let words = Self.words(path)
        // No default in its place: nil is unknown, which is neither idle nor busy.
        report(line, "'\(words)' can be nil, and nil cannot be \(use): test it first: '\(words) and …'", isWarning: true)
    }

    /// A number, unless one side has the operator itself: the left one is asked first.
    private static func calculation(_ left: InferredType, _ symbol: String, _ right: InferredType) -> InferredValue {
        if left.takes(symbol) { return InferredValue(type: left.present) }
        // Of what nothing is known, the operator may be one of its own.
        let isNumber = [left, right].allSatisfy { $0.kind != nil && $0.objects.isEmpty }
        return isNumber ? .plain("number") : InferredValue()
    }
}
