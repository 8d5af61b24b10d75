import LuaEngine
import VastAPI

/// What scripts read who ask an object for what it does not have.
extension ObjectDeclaration {
    /// The metamethod that raises for the names that an object without fields does not have.
    var absence: (name: String, body: LuaBinding) {
        (
            "__index",
            { call in
                let name = String((call.argument(2).string ?? call.argument(2).typeName).prefix(64))
                throw VastError.invalidArgument("unknown method '\(name)' (\(self.name))\(meant(by: name))")
            }
        )
    }

    /// The metamethods of the operators that an object does not have.
    var missingOperators: [(name: String, body: LuaBinding)] {
        Self.allOperators.filter { $0.isUnary || !operators.contains($0.symbol) }.map { name, symbol, isUnary in
            (name, { _ in throw VastError.invalidArgument(missingOperator(symbol, isUnary: isUnary)) })
        }
    }

    /// All that give a value of another kind than a truth value (Lua manual, section 2.4), and the two of order.
    private static let allOperators: [(name: String, symbol: String, isUnary: Bool)] = [
        ("__add", "+", false), ("__sub", "-", false), ("__mul", "*", false), ("__div", "/", false), ("__mod", "%", false),
        ("__pow", "^", false), ("__idiv", "//", false), ("__band", "&", false), ("__bor", "|", false), ("__bxor", "~", false),
        ("__shl", "<<", false), ("__shr", ">>", false), ("__concat", "..", false), ("__lt", "<", false), ("__le", "<", false),
        ("__unm", "-", true), ("__bnot", "~", true)
    ]
}
