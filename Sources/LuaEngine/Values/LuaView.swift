internal import CLuaBridge

/// A value on Lua's stack, looked at without copying it. Valid during the call or closure that handed it out.
///
/// Everything here reads raw: no metamethod runs, nothing raises, and numbers are not made from strings.
public struct LuaView {
    let state: OpaquePointer
    let index: Int32

    /// The type that Lua has for it; `none` where there is no value, which is not nil.
    public var kind: LuaKind {
        guard index != noArgument else { return .none }  // as lua_type says of slots beyond the top
        switch lua_type(state, index) {
        case LUA_TNIL: return .nil
        case LUA_TBOOLEAN: return .boolean
        case LUA_TNUMBER: return .number
        case LUA_TSTRING: return .string
        case LUA_TTABLE: return .table
        case LUA_TFUNCTION: return .function
        case LUA_TUSERDATA: return .userdata
        case LUA_TTHREAD: return .thread
        case LUA_TLIGHTUSERDATA: return .lightUserdata
        default: return .none
        }
    }

    /// Whether it is nil or absent.
    public var isNil: Bool { index == noArgument || lua_type(state, index) <= LUA_TNIL }

    /// What counts as a condition: everything but nil and false.
    public var isTrue: Bool { index != noArgument && lua_toboolean(state, index) != 0 }

    /// The boolean; nil for every other type.
    public var boolean: Bool? { kind == .boolean ? lua_toboolean(state, index) != 0 : nil }

    /// The integer, also of a float with an integral value.
    public var integer: Int64? {
        guard index != noArgument, lua_type(state, index) == LUA_TNUMBER else { return nil }
        var isInteger: Int32 = 0
        let value = lua_tointegerx(state, index, &isInteger)
        return isInteger != 0 ? value : nil
    }

    /// Whether it is a number of Lua's integer subtype.
    public var isInteger: Bool { index != noArgument && lua_isinteger(state, index) != 0 }

    /// The number, of either subtype; nil for every other type.
    public var number: Double? {
        guard index != noArgument, lua_type(state, index) == LUA_TNUMBER else { return nil }
        return lua_tonumberx(state, index, nil)
    }

    /// The text; nil when it is no string, or not UTF-8.
    public var string: String? {
        withBytes { bytes in String(validating: bytes, as: UTF8.self) } ?? nil
    }

    /// A copy of the bytes of a string; nil when it is none.
    public var bytes: [UInt8]? { withBytes { Array($0) } }

    /// The bytes of a string, without copying them; nil when it is no string.
    public func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result? {
        guard index != noArgument else { return nil }
        var length = 0
        guard let start = vl_string_at(state, index, &length) else { return nil }
        return try body(UnsafeRawBufferPointer(start: start, count: length))
    }

    /// The Swift object behind a userdata of `type`.
    public func object<Object>(_ type: LuaType<Object>) -> Object? {
        guard index != noArgument, let handle = vl_object_at(state, index),
            handle.pointee.type == UnsafeRawPointer(type.identity.pointer), let object = handle.pointee.object
        else { return nil }
        return Unmanaged<Object>.fromOpaque(object).takeUnretainedValue()
    }

    /// The name of its type as messages show it: that of an object's ``LuaType``, else Lua's.
    public var typeName: String {
        if index != noArgument, let handle = vl_object_at(state, index), let type = handle.pointee.type {
            return LuaTypeIdentity.name(of: type)
        }
        return kind.rawValue
    }

    /// Where a table, function, thread or userdata is, to tell whether two are the same; nil for plain values.
    public var identity: UnsafeRawPointer? {
        switch kind {
        case .table, .function, .userdata, .thread: UnsafeRawPointer(lua_topointer(state, index))
        default: nil
        }
    }

    /// The length of a table's border or a string, raw.
    public var length: Int { index == noArgument ? 0 : Int(lua_rawlen(state, index)) }

    /// A copy that may be kept.
    ///
    /// - Throws: `LuaError` of kind `memory` when Lua has no room for a reference.
    public func value() throws -> LuaValue {
        switch kind {
        case .none, .nil: return .nil
        case .boolean: return .boolean(isTrue)
        case .number: return isInteger ? .integer(lua_tointegerx(state, index, nil)) : .number(lua_tonumberx(state, index, nil))
        case .string: return string.map(LuaValue.string) ?? .bytes(bytes ?? [])
        default: return .reference(try reference())
        }
    }

    /// Keeps the value itself.
    ///
    /// - Throws: `LuaError` of kind `memory` when Lua has no room for it.
    public func reference() throws -> LuaReference {
        var slot: Int32 = 0
        let status = index == noArgument ? LUA_ERRMEM : vl_ref(state, index, &slot)
        guard status == LUA_OK else { throw LuaError.helper(status) }
        return LuaHost.from(vl_host_of(state)).reference(slot: slot, kind: kind)
    }
}

extension LuaView {
    /// Visits every field of a table, in no particular order and without metamethods; the table must not be changed.
    ///
    /// - Throws: what `body` throws; `LuaError` of kind `memory` when the stack cannot grow.
    public func forEachField(_ body: (_ key: LuaView, _ value: LuaView) throws -> Void) throws {
        guard kind == .table else { return }
        guard lua_checkstack(state, 6) != 0 else { throw LuaError.memory }
        let top = lua_gettop(state)
        defer { lua_settop(state, top) }
        lua_pushnil(state)
        while lua_next(state, index) != 0 {
            try body(LuaView(state: state, index: top + 1), LuaView(state: state, index: top + 2))
            lua_settop(state, top + 1)
        }
    }

    /// Visits the elements 1, 2, … of a table up to its border, without metamethods.
    ///
    /// - Throws: what `body` throws; `LuaError` of kind `memory` when the stack cannot grow.
    public func forEachElement(_ body: (_ position: Int, _ value: LuaView) throws -> Void) throws {
        guard kind == .table, length > 0 else { return }
        guard lua_checkstack(state, 4) != 0 else { throw LuaError.memory }
        let top = lua_gettop(state)
        defer { lua_settop(state, top) }
        for position in 1...length {
            lua_rawgeti(state, index, Int64(position))
            try body(position, LuaView(state: state, index: top + 1))
            lua_settop(state, top)
        }
    }

    /// One field of a table, raw.
    ///
    /// - Throws: what `body` throws; `LuaError` of kind `memory` when Lua runs out of it.
    public func withField<Result>(_ name: String, _ body: (LuaView) throws -> Result) throws -> Result {
        guard kind == .table else { return try body(LuaView(state: state, index: noArgument)) }
        let top = lua_gettop(state)
        defer { lua_settop(state, top) }
        var name = name
        let status = name.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { vl_raw_field(state, index, $0.baseAddress, $0.count) }
        }
        guard status == LUA_OK else { throw LuaError.memory }
        return try body(LuaView(state: state, index: top + 1))
    }
}

extension LuaView {
    /// Whether its metatable has a metamethod of that name, such as `__tostring`.
    ///
    /// - Throws: `LuaError` of kind `memory`.
    public func hasMetamethod(_ name: String) throws -> Bool {
        guard index != noArgument, lua_checkstack(state, 4) != 0, lua_getmetatable(state, index) != 0 else { return false }
        let top = lua_gettop(state)
        defer { lua_settop(state, top - 1) }
        return try LuaView(state: state, index: top).withField(name) { !$0.isNil }
    }
}
