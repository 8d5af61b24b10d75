internal import CLuaBridge

/// An error that came out of Lua, with the value that was raised.
public struct LuaError: Error, Sendable {
    /// Where an error comes from.
    public enum Kind: Sendable, Equatable {
        /// Raised by a script or by a binding.
        case runtime
        /// The chunk does not parse; `isIncomplete` when more input could complete it.
        case syntax(isIncomplete: Bool)
        /// The memory limit, or the machine's memory, is used up.
        case memory
        /// A file cannot be read.
        case file
        /// The run was interrupted.
        case interrupted(LuaInterrupt)
        /// The state is closed, or a value belongs to another state.
        case invalidState
    }

    /// Where it comes from.
    public var kind: Kind
    /// The error as `lua` would show it, with the script's position when the value carries one.
    public var message: String
    /// Lua's traceback of where it was raised, and of the tasks it crossed.
    public var traceback: String?
    /// What was raised; it keeps its identity when it is raised again.
    public var value: LuaValue

    /// - Parameters:
    ///   - message: the error as `lua` would show it.
    ///   - traceback: of where it was raised; nil when there is none.
    ///   - value: what was raised; nil: the message.
    public init(kind: Kind = .runtime, message: String, traceback: String? = nil, value: LuaValue? = nil) {
        self.kind = kind
        self.message = message
        self.traceback = traceback
        self.value = value ?? .string(message)
    }

    /// What a status of a helper of the bridge means; there are only two reasons for which these can fail.
    static func helper(_ status: Int32) -> LuaError {
        status == LUA_ERRMEM ? memory : LuaError(message: "stack overflow")
    }

    static let memory = LuaError(kind: .memory, message: "not enough memory")
    /// What is raised by the functions of something that is gone.
    package static let closed = LuaError(kind: .invalidState, message: "the Lua state is closed")
}

extension LuaError: CustomStringConvertible {
    public var description: String { message }
}

/// Why a run is interrupted. The embedder chooses the name; `code` is the exit code of ``exit(_:)``.
public struct LuaInterrupt: Sendable, Equatable {
    /// What the interrupted run says of itself, for people.
    public var name: String
    /// The exit code of ``exit(_:)``; 0 for all others.
    public var code: Int32

    /// - Parameters:
    ///   - name: why, for people.
    ///   - code: the exit code that a script asked for.
    public init(_ name: String, code: Int32 = 0) {
        self.name = name
        self.code = code
    }

    /// The user or the embedder asked for it.
    public static let cancelled = LuaInterrupt("cancelled")
    /// The script ran longer than it may.
    public static let timeLimit = LuaInterrupt("time limit reached")
    /// The script called `os.exit`.
    public static func exit(_ code: Int32) -> LuaInterrupt { LuaInterrupt("exit", code: code) }
}
