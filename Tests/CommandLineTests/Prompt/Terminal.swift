import Foundation
import ChildPrograms
import Testing

#if canImport(Glibc)
import Glibc
#endif

/// The program at a terminal of its own, as a person has it.
///
/// Unchecked: one test talks to it, one call after the other.
final class Terminal: @unchecked Sendable {
    struct Missing: Error, CustomStringConvertible {
        let description: String
    }

    /// How long anything may take before the test fails; only a failing test waits for it.
    private static let patience = 20.0

    private let program: VastLua
    private let master: Int32
    private let child: pid_t
    private var raw: [UInt8] = []
    private var hasEnded = false
    /// How many characters of what is shown were looked at already.
    private var position = 0

    init(_ program: VastLua, _ arguments: [String], columns: Int = 100, rows: Int = 30) throws {
        self.program = program
        var words: [UnsafeMutablePointer<CChar>?] = ([VastLua.binary.path] + arguments).map { strdup($0) } + [nil]
        let environment = ["TERM": "xterm", "LANG": "C.UTF-8"].merging(program.environment) { $1 }
        var variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0)=\($1)") } + [nil]
        defer { (words + variables).forEach { free($0) } }
        var end: Int32 = -1
        child = pty_spawn(&words, &variables, program.folder.path, Int32(columns), Int32(rows), &end)
        master = end
        guard child > 0 else { throw Missing(description: "no terminal: \(String(cString: strerror(-child)))") }
    }

    deinit {
        guard child > 0 else { return }
        close(master)
        guard !hasEnded else { return }
        // A child that nobody has waited for would keep those busy who wait for any.
        kill(child, SIGKILL)
        var status: Int32 = 0
        waitpid(child, &status, 0)
    }

    /// Types a text; `\r` is Enter, `\u{3}` Ctrl-C.
    func type(_ text: String) { type(bytes: Array(text.utf8)) }

    func type(bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(master, $0.baseAddress, $0.count) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    func send(_ signal: Int32) { kill(child, signal) }

    /// Waits until a text is there that was not looked at yet.
    ///
    /// - Returns: everything from the last such place to the end of the text, without what moves and colours.
    /// - Throws: ``Missing`` with what is there instead.
    @discardableResult
    func expect(_ text: String) throws -> String {
        let deadline = Date().addingTimeInterval(Self.patience)
        while true {
            let shown = unread
            if let range = shown.range(of: text) {
                let found = String(shown[..<range.upperBound])
                position += found.unicodeScalars.count
                return found
            }
            guard Date() < deadline, take(until: deadline) else {
                throw Missing(description: "'\(text)' did not come, but:\n\(shown)")
            }
        }
    }

    private var unread: String { String(String.UnicodeScalarView(Self.plain(raw).unicodeScalars.dropFirst(position))) }

    /// Enters a statement, and waits for the next prompt.
    ///
    /// - Returns: what came between.
    @discardableResult
    func enter(_ statement: String, until prompt: String = "sim> ") throws -> String {
        type(statement + "\r")
        // The echo is over when the line is.
        try expect("\n")
        return try expect(prompt)
    }

    /// Enters a statement and looks at its answer.
    ///
    /// - Parameter text: what stands in it; nil: there is none.
    func enter(_ statement: String, shows text: String?, until prompt: String = "sim> ", sourceLocation: SourceLocation = #_sourceLocation)
        throws
    {
        let answer = try enter(statement, until: prompt)
        let isRight = text.map { answer.contains($0) } ?? (answer.split(separator: "\n").count == 1)
        #expect(isRight, "\(statement) shows \(answer)", sourceLocation: sourceLocation)
    }

    /// Waits for as long as a person would look, and returns whether nothing came.
    func isQuiet(for seconds: Double) -> Bool { !take(until: Date().addingTimeInterval(seconds)) }

    /// Waits for the end of the program.
    ///
    /// - Returns: what it said last, and its exit code as a shell shows it.
    func end() -> (text: String, code: Int32) {
        let deadline = Date().addingTimeInterval(Self.patience)
        while take(until: deadline) {}
        var status: Int32 = 0
        if kill(child, 0) == 0, Date() >= deadline { kill(child, SIGKILL) }
        waitpid(child, &status, 0)
        hasEnded = true
        let code = status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + status & 0x7F
        return (unread, code)
    }

    /// Everything that was written to the terminal, as it was.
    var bytes: [UInt8] { raw }

    /// Whether the terminal echoes and waits for whole lines, as it should when nothing runs in it.
    var isCooked: Bool {
        var modes = termios()
        return tcgetattr(master, &modes) == 0 && modes.c_lflag & tcflag_t(ICANON) != 0 && modes.c_lflag & tcflag_t(ECHO) != 0
    }

    /// Reads what there is; false at the end, or when the time is over.
    private func take(until deadline: Date) -> Bool {
        var waiting = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
        guard poll(&waiting, 1, Int32(max(0, deadline.timeIntervalSinceNow * 1_000))) > 0 else { return false }
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = read(master, &buffer, buffer.count)
        guard count > 0 else { return false }
        raw += buffer[..<count]
        return true
    }

    /// Without control sequences and carriage returns.
    private static func plain(_ bytes: [UInt8]) -> String {
        String(decoding: bytes, as: UTF8.self)
            .replacing(/\u{1B}(\[[0-9;?]*[A-Za-z]|[()][A-Z0-9]|[=>])/, with: "")
            .unicodeScalars.filter { $0 != "\r" && $0 != "\u{7}" && $0 != "\u{F}" }.reduce(into: "") { $0.unicodeScalars.append($1) }
    }
}

/// Runs a conversation with a terminal on a thread of its own.
func atTerminal<Value: Sendable>(
    _ program: VastLua, _ arguments: [String], columns: Int = 100, _ body: @escaping @Sendable (Terminal) throws -> Value
) async throws -> Value {
    try await onOwnThread { try body(Terminal(program, arguments, columns: columns)) }
}
