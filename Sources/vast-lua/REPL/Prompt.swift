import CEditLine
import Glibc
import LuaCheck
import LuaEngine
import VastAPI
import VastLua

/// The prompt: an expression is shown, a statement is run, an incomplete one goes on in the next line, and jobs go on while
/// it waits.
final class Prompt {
    /// What a session needs from the run that it belongs to.
    struct Session {
        /// Whether changes are sent, not planned.
        var isLive: () -> Bool
        var isSimulated: Bool
        var display: () -> Display
        /// Shows what the last statement would have changed.
        var showPlan: () -> Void
        var history: InputHistory?
    }

    private let host: LuaHost
    private let runtime: Runtime
    private let watcher: RunTerminationThread
    private let voice: StandardError
    private let session: Session
    private let input: any LineInput
    private let isTerminal = isatty(STDIN_FILENO) == 1
    private let completer: Completer
    private var lastStatement: [UInt8] = []
    /// The last statement that failed; its exit code is that of a session that was not typed.
    private(set) var failure: LuaError?

    init(_ host: LuaHost, _ runtime: Runtime, _ watcher: RunTerminationThread, _ voice: StandardError, _ session: Session, isDumb: Bool) {
        (self.host, self.runtime, self.watcher, self.voice, self.session) = (host, runtime, watcher, voice, session)
        completer = Completer(runtime)
        let isEdited = isTerminal && isatty(STDOUT_FILENO) == 1 && !isDumb
        input = (isEdited ? EditedInput() : nil) ?? PlainInput()
    }

    /// Runs until the input ends.
    ///
    /// - Throws: `LuaError` of kind `interrupted` when the script asks for the end, or a signal does.
    func run() throws {
        defer { input.close() }
        if isTerminal { for entry in session.history?.load() ?? [] { input.remember(entry) } }
        let read = try makeReader()
        let show = try makeShow()
        try installHelpers()
        while true {
            do {
                guard let chunk = try nextChunk(read) else { break }
                try evaluate(chunk, show)
            } catch let error as LuaError {
                try tell(error)
            }
        }
        if isTerminal { PromptScreen.write("\n") }
    }

    /// `help(x)`, and a `print` that makes room on the terminal while a line is being edited.
    private static let helpers = """
        local hide, show = ...
        local write = print
        function print(...)
          if not hide() then return write(...) end
          local ok, message = pcall(write, ...)
          show()
          if not ok then error(message, 0) end
        end
        function help(...) print(vast.help(...)) end
        """

    private func installHelpers() throws {
        let hide = try host.build { writer in
            writer.function("hide") { call in
                call.results.boolean(PromptScreen.hide())
                return .values
            }
        }
        let show = try host.build { writer in
            writer.function("show") { _ in
                PromptScreen.show()
                return .values
            }
        }
        _ = try host.run(try host.load(Self.helpers, name: "=prompt"), name: "prompt") { writer in
            writer.reference(hide)
            writer.reference(show)
        }
    }

    private func makeShow() throws -> LuaReference {
        try runtime.prompt.makeShow(session.display) { text in PromptScreen.write(text + "\n") }
    }

    // MARK: reading

    /// A function of Lua that waits for a line, while jobs and tasks go on.
    private func makeReader() throws -> LuaReference {
        try host.build { writer in
            writer.function("prompt") { [weak self] call in
                guard let self else { throw LuaError.closed }
                input.request(prompt: try call.string(1, "prompt"))
                return wait(call)
            }
        }
    }

    private func wait(_ call: borrowing LuaCall) -> LuaOutcome {
        let events = input.events
        return call.wait(for: { await events.next() }) { [weak self] call, event in
            guard let self else { throw LuaError.closed }
            switch event {
            case .line(let bytes)?: call.results.bytes(bytes)
            case .complete(let text)?:
                complete(text)
                return wait(call)
            case .end?, nil: call.results.nil()
            }
            return .values
        }
    }

    private func complete(_ text: String) {
        let completion = completer.complete(text)
        let isListed = completion.candidates.count > 1 || completion.insertion.isEmpty
        input.answer(
            insertion: completion.insertion,
            listing: isListed && !completion.candidates.isEmpty ? completion.listing(session.display()) : nil)
    }

    private enum Chunk {
        case expression(LuaReference)
        case statement(LuaReference)
        case broken(LuaError)
    }

    /// Reads lines until they make a chunk; nil at the end of the input.
    private func nextChunk(_ read: LuaReference) throws -> Chunk? {
        guard var text = try firstLine(read) else { return nil }
        while true {
            let chunk = compile(text)
            if case .broken(let error) = chunk, error.kind == .syntax(isIncomplete: true), let more = try line(read, isFirst: false) {
                text += [UInt8(ascii: "\n")] + more
                continue
            }
            remember(text)
            if case .statement = chunk { lastStatement = text } else { lastStatement = [] }
            return chunk
        }
    }

    /// The first line that is none of the words that other programs know.
    private func firstLine(_ read: LuaReference) throws -> [UInt8]? {
        while let text = try line(read, isFirst: true) {
            guard let hint = try PromptHints.word(text, isFree: { try isFree($0) }) else { return text }
            remember(text)
            PromptScreen.write(hint + "\n")
        }
        return nil
    }

    /// Whether a global is none of the person's own.
    private func isFree(_ name: String) throws -> Bool {
        if name == "help" { return true }
        if case .nil = try host.global(name) { return true }
        return false
    }

    private func compile(_ text: [UInt8]) -> Chunk {
        // `= value` is how older versions of lua asked for a value.
        let text = text.first == UInt8(ascii: "=") ? Array(text.dropFirst()) : text
        do throws(LuaError) {
            return .expression(try load(Array("return ".utf8) + text))
        } catch let unfinished {
            do throws(LuaError) {
                return .statement(try load(text))
            } catch {
                if let chunk = lastLineAsExpression(text) { return .expression(chunk) }
                // `1 +` is no beginning of a statement, and yet goes on.
                return .broken(unfinished.kind == .syntax(isIncomplete: true) ? unfinished : error)
            }
        }
    }

    /// Several lines that were pasted may end with a value to show.
    private func lastLineAsExpression(_ text: [UInt8]) -> LuaReference? {
        guard let end = text.dropLast().lastIndex(of: UInt8(ascii: "\n")) else { return nil }
        return try? load(text[...end] + Array("return ".utf8) + text[(end + 1)...])
    }

    private func load(_ text: [UInt8]) throws(LuaError) -> LuaReference {
        do { return try host.load(bytes: text, name: "=stdin") } catch { throw error as? LuaError ?? LuaError(message: "\(error)") }
    }

    private func remember(_ text: [UInt8]) {
        guard isTerminal, let entry = String(validating: text, as: UTF8.self), entry.contains(where: { !$0.isWhitespace }) else { return }
        guard session.history?.isKept(entry) != false else { return }
        input.remember(entry)
        session.history?.add(entry)
    }

    private func line(_ read: LuaReference, isFirst: Bool) throws -> [UInt8]? {
        let prompt = isFirst ? self.prompt : continuation
        do {
            let values = try host.run(read, name: "prompt", arguments: { $0.string(prompt) })
            switch values.first {
            case .string(let text)?: return Array(text.utf8)
            case .bytes(let bytes)?: return bytes
            default: return nil
            }
        } catch let error as LuaError {
            // The line is given up, not the session.
            input.abandon()
            input.events.clear()
            throw error
        }
    }

    private var word: String { session.isSimulated ? "sim" : session.isLive() ? "live" : "dry" }

    private var prompt: String {
        guard isTerminal else { return "" }
        let display = session.display()
        guard display.isColored else { return "\(word)> " }
        let color = session.isSimulated ? 34 : session.isLive() ? 31 : 33
        return "\u{1}\u{1B}[\(color)m\u{1}\(word)>\u{1}\u{1B}[0m\u{1} "
    }

    private var continuation: String {
        isTerminal ? String(repeating: " ", count: word.count - 1) + ">> " : ""
    }

    // MARK: running

    private func evaluate(_ chunk: Chunk, _ show: LuaReference) throws {
        defer { session.showPlan() }
        switch chunk {
        case .broken(let error): throw error
        case .statement(let chunk):
            _ = try host.run(chunk, name: "main")
            guard isTerminal, let hint = PromptHints.locals(lastStatement, isLua: { (try? load(Array($0.utf8))) != nil }) else { return }
            PromptScreen.write(hint + "\n")
        case .expression(let chunk):
            let values = try host.run(chunk, name: "main")
            guard let first = values.first else { return }
            try host.setGlobal("_") { $0.value(first) }
            // What a function that only does something returns is no answer.
            if values.count == 1, case .nil = first { return }
            _ = try host.run(show, name: "show") { writer in values.forEach(writer.value) }
        }
    }

    /// Shows an error and goes on; only `os.exit` and a signal that ends the process end the loop.
    private func tell(_ error: LuaError) throws {
        if case .interrupted(let reason) = error.kind {
            if watcher.cause != nil || reason == .exit(reason.code) { throw error }
            host.clearInterrupt()
            host.finishAbandonedOperations()
            // The terminal has shown ^C where it was typed.
            PromptScreen.write(isTerminal ? "\n" : "")
            return
        }
        failure = error
        vast_terminal_put("")
        voice.say(runtime.errors.describe(error))
    }
}

extension LuaHost {
    /// Compiles source that may not be UTF-8.
    func load(bytes: [UInt8], name: String) throws -> LuaReference {
        do { return try bytes.withUnsafeBytes { try load($0, name: name) } } catch let error as LuaError {
            throw ForeignCharacter.explained(error, in: bytes)
        }
    }
}
