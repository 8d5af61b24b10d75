/// A function of Swift that scripts can call.
///
/// It reads its arguments from the call and says by its result what shall happen. What it throws becomes an error of
/// Lua; see ``LuaHost/describeError``.
public typealias LuaBinding = (borrowing LuaCall) throws -> LuaOutcome

/// A declared function: the closure and the name that messages show.
final class LuaBindingBox {
    let name: String
    let body: LuaBinding

    init(name: String, body: @escaping LuaBinding) {
        self.name = name
        self.body = body
    }
}

/// What a binding wants to happen next.
public enum LuaOutcome {
    /// Return what was written to ``LuaCall/results``.
    case values
    /// Sleep until the deadline that ``LuaCall/sleep(_:)`` has noted, then return nothing.
    case sleep
    /// Wait, then continue.
    case wait(LuaWait)
    /// Call a function of the script, then continue.
    case call(LuaFunctionCall)
}

/// A binding's request to call a function; see ``LuaCall/call(_:arguments:then:)``.
public final class LuaFunctionCall {
    let isProtected: Bool
    let next: LuaContinuation?

    init(isProtected: Bool, next: LuaContinuation?) {
        self.isProtected = isProtected
        self.next = next
    }
}

/// The rest of a binding after a wait or a call.
final class LuaContinuation {
    let box: LuaBindingBox
    let argumentCount: Int32
    let body: LuaBinding

    init(_ call: borrowing LuaCall, _ body: @escaping LuaBinding) {
        box = call.box
        argumentCount = Int32(call.count)
        self.body = body
    }
}
