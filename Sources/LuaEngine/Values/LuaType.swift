internal import CLuaBridge
import Synchronization

/// Declares how objects of a Swift class look to scripts.
///
/// A field is looked up in `methods` first, then by the `__index` of `metamethods`. A script cannot get at the
/// metatable (`getmetatable` gives the name), and `__gc` is ours.
public final class LuaType<Object: AnyObject> {
    /// What `tostring`, `getmetatable` and messages call its objects.
    public let name: String
    let identity: LuaTypeIdentity
    let methods: [(name: String, body: LuaBinding)]
    let metamethods: [(name: String, body: LuaBinding)]

    /// - Parameters:
    ///   - name: shown by `tostring`, and in "`name` expected".
    ///   - methods: called as `object:method()`; the object is argument 1.
    ///   - metamethods: `__index`, `__newindex`, `__tostring`, `__pairs`, `__eq`, `__len`, `__close`, `__call`, …
    public init(
        _ name: String, methods: [(name: String, body: LuaBinding)] = [],
        metamethods: [(name: String, body: LuaBinding)] = []
    ) {
        self.name = name
        self.methods = methods
        self.metamethods = metamethods
        identity = LuaTypeIdentity(name)
    }
}

/// The address by which Lua knows a type, with its name behind it.
final class LuaTypeIdentity: Sendable {
    let name: String

    init(_ name: String) {
        self.name = name
    }

    /// Valid as long as the identity; states keep those that were registered.
    var pointer: UnsafeMutableRawPointer { Unmanaged.passUnretained(self).toOpaque() }

    static func name(of pointer: UnsafeRawPointer) -> String {
        Unmanaged<LuaTypeIdentity>.fromOpaque(pointer).takeUnretainedValue().name
    }
}

extension LuaHost {
    /// Makes a type known to this state; before its first object is written.
    ///
    /// - Throws: `LuaError` of kind `memory`.
    public func register<Object>(_ type: LuaType<Object>) throws {
        guard !knows(type.identity) else { return }
        try checkUsable()
        let state: OpaquePointer = vl_host_current(handle)
        let top = lua_gettop(state)
        defer { lua_settop(state, top) }
        guard vl_register_metatable(handle, type.identity.pointer) == LUA_OK else { throw LuaError.memory }
        let metatable = LuaView(state: state, index: top + 1)
        identities[UnsafeRawPointer(type.identity.pointer)] = type.identity
        try set("__name", of: metatable) { $0.string(type.name) }
        try set("__metatable", of: metatable) { $0.string(type.name) }
        for (name, body) in type.metamethods {
            try set(name, of: metatable) { $0.function("\(type.name).\(name)", body) }
        }
        guard !type.methods.isEmpty else { return }
        try setIndex(of: metatable, type)
    }

    private func setIndex<Object>(of metatable: LuaView, _ type: LuaType<Object>) throws {
        let methods: (LuaWriter) -> Void = { writer in
            writer.table(fields: type.methods.count) {
                for (name, body) in type.methods {
                    writer.field(name) { writer.function("\(type.name):\(name)", body) }
                }
            }
        }
        if let fallback = type.metamethods.first(where: { $0.name == "__index" }) {
            try set("__index", of: metatable) { writer in
                methods(writer)
                writer.index("\(type.name).__index", fallback.body)
            }
        } else {
            try set("__index", of: metatable, methods)
        }
    }

    func knows(_ identity: LuaTypeIdentity) -> Bool {
        identities[UnsafeRawPointer(identity.pointer)] != nil
    }
}
