import LuaEngine
import VastLua

/// A small interactive loop, as `lua` without its line editor: an expression is shown, a statement is run, an
/// incomplete one goes on in the next line.
struct Prompt {
    let host: LuaHost
    let runtime: Runtime
    let watcher: RunWatcher
    let voice: StandardError

    /// Shows the prompt and reads a line with Lua's own buffer of standard input; nil at its end.
    private static let reader = """
        local input, output = io.stdin, io.stdout
        return function(prompt)
          output:write(prompt)
          output:flush()
          return input:read("L")
        end
        """

    /// Runs until the input ends.
    ///
    /// - Throws: `LuaError` of kind `interrupted` when the script asks for the end, or a signal does.
    func run() throws {
        guard case .reference(let read)? = try host.run(Self.reader, name: "=prompt").first else { return }
        while let chunk = try nextChunk(read) {
            do {
                try evaluate(chunk)
            } catch let error as LuaError {
                try tell(error)
            }
        }
        print()
    }

    /// Reads lines until they make a chunk; nil at the end of the input.
    private func nextChunk(_ read: LuaReference) throws -> Chunk? {
        guard var text = try line(read, prompt: "> ") else { return nil }
        while true {
            if let chunk = try? host.load(bytes: Array("return ".utf8) + text, name: "=stdin") {
                return .expression(chunk)
            }
            do {
                return .statement(try host.load(bytes: text, name: "=stdin"))
            } catch let error as LuaError where error.kind == .syntax(isIncomplete: true) {
                guard let more = try line(read, prompt: ">> ") else { return .broken(error) }
                text += more
            } catch let error as LuaError {
                return .broken(error)
            }
        }
    }

    private enum Chunk {
        case expression(LuaReference)
        case statement(LuaReference)
        case broken(LuaError)
    }

    private func line(_ read: LuaReference, prompt: String) throws -> [UInt8]? {
        switch try host.run(read, name: "prompt", arguments: { $0.string(prompt) }).first {
        case .string(let text)?: Array(text.utf8)
        case .bytes(let bytes)?: bytes
        default: nil
        }
    }

    private func evaluate(_ chunk: Chunk) throws {
        switch chunk {
        case .broken(let error): throw error
        case .statement(let chunk): _ = try watcher.whileRunning { try host.run(chunk, name: "main") }
        case .expression(let chunk):
            let values = try watcher.whileRunning { try host.run(chunk, name: "main") }
            guard !values.isEmpty, case .reference(let show) = try host.global("print") else { return }
            try watcher.whileRunning { _ = try host.run(show, name: "print") { writer in values.forEach(writer.value) } }
        }
    }

    /// Shows an error and goes on; only `os.exit` and a signal that ends the process end the loop.
    private func tell(_ error: LuaError) throws {
        if case .interrupted(let reason) = error.kind, watcher.cause != nil || reason == .exit(reason.code) { throw error }
        host.clearInterrupt()
        voice.say(runtime.describe(error))
    }
}

extension LuaHost {
    /// Compiles source that may not be UTF-8.
    func load(bytes: [UInt8], name: String) throws -> LuaReference {
        try bytes.withUnsafeBytes { try load($0, name: name) }
    }
}
