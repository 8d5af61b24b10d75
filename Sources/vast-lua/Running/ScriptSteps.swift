import Glibc
import LuaCheck
import LuaEngine
import VastLua

/// What `lua` does in its main function, step by step: LUA_INIT, the options, the script, the prompt. Jobs and tasks that
/// the script leaves behind go on afterwards.
struct ScriptSteps {
    let host: LuaHost
    let invocation: ScriptInvocation
    let runtime: Runtime
    /// What a signal shall end instead of the process; nil while another state of the script is the one that runs.
    let watcher: RunTerminationThread?
    /// Shows a prompt, until its input ends.
    let prompt: () throws -> Void

    init(
        _ host: LuaHost, _ invocation: ScriptInvocation, _ runtime: Runtime, _ watcher: RunTerminationThread?,
        prompt: @escaping () throws -> Void
    ) {
        self.host = host
        self.invocation = invocation
        self.runtime = runtime
        self.watcher = watcher
        self.prompt = prompt
    }

    /// - Throws: the `LuaError` that ends the run.
    func run() throws {
        try setArguments()
        if let folder = invocation.scriptFolder { try host.prependSearchPath(folder: folder) }
        if !invocation.ignoresEnvironment { try runInit() }
        for prelude in invocation.preludes { try run(prelude) }
        try runSource()
        if invocation.isInteractive { try prompt() }
    }

    /// `arg`: 0 is the script, what stood before it is at negative positions.
    private func setArguments() throws {
        let words = invocation.words.raw
        let after = invocation.scriptIndex == 0 ? Array(words.dropFirst()) : invocation.arguments
        let script = invocation.scriptIndex
        try host.setGlobal("arg") { writer in
            writer.openTable(array: after.count, fields: script + 1)
            for (index, word) in words.prefix(script + 1).enumerated() {
                writer.integer(index - script)
                writer.bytes(word)
                writer.setField()
            }
            for (index, word) in after.enumerated() {
                writer.integer(index + 1)
                writer.bytes(word)
                writer.setField()
            }
        }
    }

    // MARK: before the script

    /// LUA_INIT_5_4, else LUA_INIT: Lua source, or `@` and the name of a file.
    private func runInit() throws {
        for name in ["LUA_INIT_5_4", "LUA_INIT"] {
            guard let text = ProcessEnvironment.bytes(of: name) else { continue }
            if text.first == UInt8(ascii: "@") {
                try start(try loadFile(Array(text.dropFirst())))
            } else {
                try start(try load(text, name: "=\(name)"))
            }
            return
        }
    }

    private func run(_ prelude: Prelude) throws {
        switch prelude {
        case .execute(let text): try start(try load(text, name: "=(command line)"))
        case .warningsOn: try start(try host.load("warn('@on')", name: "=-W"))
        case .require(let global, let module):
            let chunk = try host.load("local name, module = ... _ENV[name] = require(module)", name: "=-l")
            try start(chunk) { writer in
                writer.string(global)
                writer.string(module)
            }
        }
    }

    // MARK: the script

    private func runSource() throws {
        switch invocation.source {
        case .file(let path): try startScript(try loadFile(path))
        case .standardInput: try startScript(try host.loadFile(nil))
        case .none where invocation.isInteractive || invocation.hasStatements: return
        case .none where invocation.becomesPrompt:
            try prompt()
        case .none: try start(try host.loadFile(nil))
        }
    }

    private func startScript(_ chunk: LuaReference) throws {
        try start(chunk) { writer in
            for argument in invocation.arguments { writer.bytes(argument) }
        }
    }

    private func start(_ chunk: LuaReference, arguments: @escaping (LuaWriter) -> Void = { _ in }) throws {
        let run = { _ = try host.run(chunk, name: "main", arguments: arguments) }
        guard let watcher else { return try run() }
        try watcher.whileRunning(run)
    }

    private func load(_ text: [UInt8], name: String) throws -> LuaReference {
        try host.load(bytes: text, name: name)
    }

    /// A path that is not UTF-8 cannot be told to the engine: its bytes are read here.
    private func loadFile(_ path: [UInt8]) throws -> LuaReference {
        if let path = String(validating: path, as: UTF8.self) {
            do { return try host.loadFile(path) } catch let error as LuaError {
                guard case .syntax = error.kind, let source = FileBytes.ofRegularFile(path) else { throw error }
                throw ForeignCharacter.explained(error, in: source)
            }
        }
        let shown = String(decoding: path, as: UTF8.self)
        let descriptor = (path.map { CChar(bitPattern: $0) } + [0]).withUnsafeBufferPointer {
            open($0.baseAddress.unsafelyUnwrapped, O_RDONLY | O_CLOEXEC)
        }
        guard descriptor >= 0 else {
            throw LuaError(kind: .file, message: "cannot open \(shown): \(String(cString: strerror(errno)))")
        }
        defer { close(descriptor) }
        return try host.loadFile("/proc/self/fd/\(descriptor)")
    }
}
