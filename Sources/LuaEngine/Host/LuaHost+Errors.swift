internal import CLuaBridge

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

extension LuaHost {
    /// A whole warning of a script.
    static func warn(_ handle: OpaquePointer, _ text: UnsafePointer<CChar>, _ length: Int) {
        let line = "Lua warning: " + String(decoding: UnsafeRawBufferPointer(start: text, count: length), as: UTF8.self)
        if let onWarning = from(handle).onWarning { return onWarning(line) }
        putOnStandardError(line)
    }

    /// Reads the error value at `index` of a stack; the value stays there.
    func takeError(_ state: OpaquePointer, status: Int32, at index: Int32) -> LuaError {
        if vl_interrupted(handle) { return interruption() }
        if status == LUA_ERRMEM || status == VL_NO_STACK { return .memory }
        let view = LuaView(state: state, index: index)
        guard let value = try? view.value() else { return .memory }
        let message = errorMessage(view)
        if vl_interrupted(handle) { return interruption() }
        var error = LuaError(message: message, value: value)
        if status == LUA_ERRSYNTAX { error.kind = .syntax(isIncomplete: message.hasSuffix("<eof>")) }
        if status == LUA_ERRFILE { error.kind = .file }
        return error
    }

    /// What the stand-alone interpreter shows for an error value.
    private func errorMessage(_ view: LuaView) -> String {
        let top = lua_gettop(view.state)
        defer { lua_settop(view.state, top) }
        switch vl_error_message(view.state, view.index) {
        case LUA_OK: return LuaView(state: view.state, index: top + 1).withBytes { String(decoding: $0, as: UTF8.self) } ?? ""
        case LUA_ERRMEM: return LuaError.memory.message
        default: return "(error object whose __tostring fails)"
        }
    }

    /// The traceback of a coroutine that has stopped where it is.
    func traceback(of thread: OpaquePointer) -> String? {
        let state: OpaquePointer = vl_host_main(handle)
        let top = lua_gettop(state)
        defer { lua_settop(state, top) }
        guard vl_traceback(state, thread, 0) == LUA_OK else { return nil }
        return LuaView(state: state, index: top + 1).withBytes { String(decoding: $0, as: UTF8.self) }
    }

    /// The error that an interrupted run ends with.
    func interruption() -> LuaError {
        let reason = interrupter.reason ?? .cancelled
        let place = String(cString: vl_interrupt_place(handle))
        let message = place.isEmpty ? reason.name : "\(place): \(reason.name)"
        return LuaError(kind: .interrupted(reason), message: message)
    }
}

private func putOnStandardError(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    _ = bytes.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
}
