public import CLuaBridge

/// One call of a binding: its arguments, and where its results go.
///
/// It is valid while the binding runs. What it offers never raises into Lua: a binding describes what shall happen by
/// what it returns or throws, and C code does it once no Swift frame is left.
public struct LuaCall: ~Copyable {
    @usableFromInline let raw: UnsafeMutablePointer<vl_call>
    /// Kept by the host as long as the state; not counted here, as that costs more than the rest of a call.
    private let unmanagedBox: Unmanaged<LuaBindingBox>
    var box: LuaBindingBox { unmanagedBox.takeUnretainedValue() }

    init(_ raw: UnsafeMutablePointer<vl_call>, box: Unmanaged<LuaBindingBox>) {
        self.raw = raw
        unmanagedBox = box
    }

    /// How many arguments were given.
    public var count: Int { Int(vl_argument_count(raw)) }

    /// The name under which the function is declared, such as `vast.stop`.
    public var name: String { box.name }

    /// The state that calls.
    public var host: LuaHost { LuaHost.from(raw.pointee.host) }

    /// Where the results are written.
    @inlinable public var results: LuaWriter { LuaWriter(raw) }

    /// The argument at `position`, counted from 1.
    public func argument(_ position: Int) -> LuaView {
        LuaView(state: raw.pointee.L, index: vl_argument(raw, Int64(position)))
    }

    /// In the continuation of a call: what the callee returned, or the error value when ``calleeFailed``.
    public var calleeResults: LuaViews {
        LuaViews(state: raw.pointee.L, first: raw.pointee.result_base, end: lua_gettop(raw.pointee.L) + 1)
    }

    /// In the continuation of a protected call: whether the callee raised.
    public var calleeFailed: Bool { raw.pointee.status != LUA_OK }

    /// In the continuation of a protected call that failed: the error, its value kept.
    public func calleeError() -> LuaError {
        LuaHost.from(raw.pointee.host).takeError(raw.pointee.L, status: raw.pointee.status, at: raw.pointee.result_base)
    }
}

/// An index that is never valid, far above any stack.
let noArgument: Int32 = 0

/// Several neighbouring values.
public struct LuaViews {
    let state: OpaquePointer
    let first: Int32
    let end: Int32

    /// How many values they are.
    public var count: Int { Int(max(0, end - first)) }

    /// The value at `offset`, counted from 0; none when there is no such value.
    public subscript(offset: Int) -> LuaView {
        LuaView(state: state, index: offset < count ? first + Int32(offset) : noArgument)
    }
}
