public import CLuaBridge

/// Writes values for Lua: results of a binding, arguments of a call, a table to build.
///
/// Nothing is created in Lua until the writing is done, so nothing here can raise; should memory run out, Lua raises
/// "not enough memory" afterwards. Inside a table, write ``key(_:)`` and then one value for each field, or one value
/// for each ``element(_:)``.
public struct LuaWriter {
    @usableFromInline let raw: UnsafeMutablePointer<vl_call>

    @inlinable
    init(_ raw: UnsafeMutablePointer<vl_call>) {
        self.raw = raw
    }

    /// Writes nil.
    @inlinable public func `nil`() { vl_put_op(raw, UInt8(VL_OP_NIL)) }

    /// Writes `true` or `false`.
    @inlinable public func boolean(_ value: Bool) { vl_put_op(raw, UInt8(value ? VL_OP_TRUE : VL_OP_FALSE)) }

    /// Writes a number of Lua's integer subtype.
    @inlinable public func integer(_ value: Int64) { vl_put_integer(raw, value) }

    /// Writes a number of Lua's integer subtype.
    @inlinable public func integer(_ value: Int) { vl_put_integer(raw, Int64(value)) }

    /// Writes a number of Lua's float subtype, also when its value is integral.
    @inlinable public func number(_ value: Double) { vl_put_number(raw, value) }

    /// Literals take the overload for `StaticString`, which copies nothing.
    @_disfavoredOverload
    public func string(_ value: String) {
        var value = value
        value.withUTF8 { vl_put_string(raw, $0.baseAddress, $0.count) }
    }

    /// Writes a string that is part of the program: nothing is copied on the way to Lua.
    public func string(_ value: StaticString) {
        vl_put_string(raw, value.utf8Start, value.utf8CodeUnitCount)
    }

    /// A string of Lua from bytes of any kind.
    public func bytes(_ value: UnsafeRawBufferPointer) { vl_put_string(raw, value.baseAddress, value.count) }

    /// A string of Lua from bytes of any kind.
    public func bytes(_ value: [UInt8]) { value.withUnsafeBytes { bytes($0) } }

    /// A table; `body` writes its contents. The sizes are hints.
    public func table(array: Int = 0, fields: Int = 0, _ body: () throws -> Void) rethrows {
        vl_put_table(raw, UInt32(clamping: array), UInt32(clamping: fields))
        try body()
    }

    /// A new table that stays open: what follows is written into it, until the writing of this value ends.
    public func openTable(array: Int = 0, fields: Int = 0) {
        vl_put_table(raw, UInt32(clamping: array), UInt32(clamping: fields))
    }

    /// One field of the open table; `value` writes exactly one value.
    @inlinable
    public func field(_ name: StaticString, _ value: () throws -> Void) rethrows {
        try value()
        setField(name)
    }

    /// Ends a field of which only the value was written.
    public func setField(_ name: StaticString) { vl_put_field(raw, name.utf8Start) }

    /// The same for a name that is made while the program runs. Generic, as a literal would else come here and be copied.
    @_disfavoredOverload
    public func field(_ name: some StringProtocol, _ value: () throws -> Void) rethrows {
        string(String(name))
        try value()
        setField()
    }

    /// Ends a field of which the key and one value were written.
    public func setField() { vl_put_op(raw, UInt8(VL_OP_SET)) }

    /// One element of the open table, counted from 1; `value` writes exactly one value.
    public func element(_ position: Int, _ value: () throws -> Void) rethrows {
        try value()
        setElement(position)
    }

    /// Ends an element of which one value was written.
    public func setElement(_ position: Int) { vl_put_word(raw, UInt8(VL_OP_SET_INDEX), UInt64(position)) }

    /// A value that Lua already has; `nil` when its state is not this one.
    public func reference(_ reference: LuaReference) {
        let host = LuaHost.from(raw.pointee.host)
        let state: OpaquePointer = raw.pointee.L
        guard reference.releases === host.releases, lua_checkstack(state, 4) != 0 else { return `nil`() }
        _ = vl_argument_count(raw)
        lua_rawgeti(state, vl_pseudo_registry(), Int64(reference.slot))
        vl_put_stack(raw, lua_gettop(state))
    }

    /// An argument of the call, or another value that is on its stack.
    public func view(_ view: LuaView) {
        if view.index > 0 { vl_put_stack(raw, view.index) } else { `nil`() }
    }

    /// Writes a value with the type that it has.
    public func value(_ value: LuaValue) {
        switch value {
        case .nil: `nil`()
        case .boolean(let value): boolean(value)
        case .integer(let value): integer(value)
        case .number(let value): number(value)
        case .string(let value): string(value)
        case .bytes(let value): bytes(value)
        case .reference(let value): reference(value)
        }
    }

    /// An object of Swift, kept alive until Lua collects it.
    public func object<Object>(_ object: Object, as type: LuaType<Object>) {
        guard LuaHost.from(raw.pointee.host).knows(type.identity) else { return `nil`() }
        owned(object, type.identity.pointer, UInt8(VL_OP_OBJECT))
    }

    /// A function of Swift, kept alive until Lua collects it. `name` is what argument errors show.
    public func function(_ name: String, _ body: @escaping LuaBinding) {
        let host = LuaHost.from(raw.pointee.host)
        let box = LuaBindingBox(name: name, body: body)
        guard host.takesSlot() else { return owned(box, nil, UInt8(VL_OP_ANCHORED)) }
        vl_put_pointer(raw, UInt8(VL_OP_FUNCTION), host.keep(box))
    }

    /// What Lua owns from now on.
    private func owned(_ object: AnyObject, _ type: UnsafeRawPointer?, _ operation: UInt8) {
        let retained = Unmanaged.passRetained(object)
        guard let handle = vl_handle_new(raw.pointee.host, retained.toOpaque(), type) else {
            retained.release()
            raw.pointee.failed = true
            return
        }
        vl_put_pointer(raw, operation, handle)
        handle.pointee.next = raw.pointee.handles
        raw.pointee.handles = handle
    }

    /// A string with the script's "file:line: " before it, as `error` adds it.
    public func positioned(_ text: String) {
        string(text)
        position()
    }

    /// Makes an `__index` of the table of methods just written and a fallback.
    func index(_ name: String, _ fallback: @escaping LuaBinding) {
        let host = LuaHost.from(raw.pointee.host)
        vl_put_pointer(raw, UInt8(VL_OP_LIGHT), host.keep(LuaBindingBox(name: name, body: fallback)))
        vl_put_op(raw, UInt8(VL_OP_INDEX))
    }

    /// Puts the script's "file:line: " before the string just written.
    func position() { vl_put_op(raw, UInt8(VL_OP_POSITION)) }

    /// Gives the table just written a metatable that was registered.
    func metatable(_ key: UnsafeRawPointer) { vl_put_pointer(raw, UInt8(VL_OP_METATABLE), key) }
}
