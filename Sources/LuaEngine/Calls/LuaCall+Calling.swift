internal import CLuaBridge

extension LuaCall {
    /// Calls a function of the script once the binding has returned, and continues with its results.
    ///
    /// - Parameters:
    ///   - function: an argument of this call, or anything else on its stack.
    ///   - arguments: writes the arguments.
    ///   - body: the rest of the binding, which finds the results in ``calleeResults``; nil returns them all.
    public func call(
        _ function: LuaView, arguments: (LuaWriter) throws -> Void = { _ in }, then body: LuaBinding? = nil
    ) throws -> LuaOutcome {
        try call(isProtected: false, callee: { $0.view(function) }, arguments: arguments, then: body)
    }

    /// The same, for a function that Swift holds.
    ///
    /// - Parameters:
    ///   - function: one of this state.
    ///   - arguments: writes the arguments.
    ///   - body: the rest of the binding, which finds the results in ``calleeResults``; nil returns them all.
    public func call(
        _ function: LuaReference, arguments: (LuaWriter) throws -> Void = { _ in }, then body: LuaBinding? = nil
    ) throws -> LuaOutcome {
        try call(isProtected: false, callee: { $0.reference(function) }, arguments: arguments, then: body)
    }

    /// The same, and an error of the function does not go on: see ``calleeFailed`` and ``calleeError()``.
    public func protectedCall(
        _ function: LuaView, arguments: (LuaWriter) throws -> Void = { _ in }, then body: @escaping LuaBinding
    ) throws -> LuaOutcome {
        try call(isProtected: true, callee: { $0.view(function) }, arguments: arguments, then: body)
    }

    /// The same, for a function that Swift holds: an error of it does not go on, see ``calleeFailed`` and
    /// ``calleeError()``.
    public func protectedCall(
        _ function: LuaReference, arguments: (LuaWriter) throws -> Void = { _ in }, then body: @escaping LuaBinding
    ) throws -> LuaOutcome {
        try call(isProtected: true, callee: { $0.reference(function) }, arguments: arguments, then: body)
    }

    private func call(
        isProtected: Bool, callee: (LuaWriter) -> Void, arguments: (LuaWriter) throws -> Void, then body: LuaBinding?
    ) throws -> LuaOutcome {
        raw.pointee.count = 0
        callee(results)
        try arguments(results)
        return .call(LuaFunctionCall(isProtected: isProtected, next: body.map { LuaContinuation(self, $0) }))
    }

    /// Returns what the callee returned.
    public func returnCalleeResults() -> LuaOutcome {
        for offset in 0..<calleeResults.count { results.view(calleeResults[offset]) }
        return .values
    }
}
