import VastLua

/// Options that change what a call returns.
extension CallCheck {
    /// Whether a call gives an option, and neither nil nor false; nil where that cannot be told.
    ///
    /// - Parameters:
    ///   - declaration: of what is called.
    ///   - opening: where the arguments begin.
    ///   - isWhole: whether it is known that the last argument is one value, although it is a call.
    func isGiven(_ option: String, to declaration: Declaration, opening: Int, isWhole: Bool) -> Bool? {
        guard let call = LuaArguments(tokens, opening: opening),
            let position = declaration.parameters.firstIndex(where: { $0.options?.contains { $0.name == option } ?? false })
        else { return nil }
        guard call.arguments.indices.contains(position) else { return call.arguments.last?.isMany == true && !isWhole ? nil : false }
        let options = call.arguments[position]
        if options.kind == .nil { return false }
        guard options.kind == .table else { return nil }
        let entries = call.entries(of: options)
        // A key that is computed may be the option.
        if entries.contains(where: isComputed) { return nil }
        guard let entry = entries.last(where: { $0.name == option }) else { return false }
        switch entry.kind {
        case .nil: return false
        case .boolean: return tokens[entry.tokens.lowerBound].kind == .name("true")
        case .number, .string: return true
        default: return nil
        }
    }
}
