import FleetRules
import LuaEngine
import VastAPI

/// `vast.exec`
final class ExecModule: RuntimeModule {
    /// The programs that have failed, while somebody wants to know: what comes before a stop must not fail quietly.
    let failures = TaskNotes<String>()

    /// How long a program may run without `timeout`.
    private static let usualTimeout = Duration.seconds(300)

    /// `vast.exec({program, args...} [, {timeout=, stdin=}])`
    func run(_ call: borrowing LuaCall) throws -> LuaOutcome {
        let words = try Self.words(call.argument(1))
        var (input, timeout, environment) = ([UInt8](), Self.usualTimeout, [String: String?]())
        try call.options(2, "options") { name, value in
            switch name {
            case "timeout": timeout = try value.length("timeout")
            case "env": environment = try Self.environment(value)
            default: input = try Self.input(value)
            }
        }
        let name = String(decoding: words[0], as: UTF8.self)
        guard !leavesOutsideAlone else {
            logger.notice("would run \(words.map { String(decoding: $0, as: UTF8.self) }.joined(separator: " "))")
            write(.init(code: 0, output: [], errors: [], isCut: false), call.results)
            return .values
        }
        let (clock, limit, stdin, changed, task) = (clock, timeout, input, environment, host.currentTask)
        return call.wait(
            for: {
                try await clock.working {
                    try await CommandRunner.run(words, input: stdin, environment: changed, timeout: limit)
                }
            },
            thenResult: { [self] call, result in
                switch result {
                case .success(let outcome):
                    if outcome.code != 0 { failures.note("\(name) ended with \(outcome.code)", by: task) }
                    write(outcome, call.results)
                    return .values
                case .failure(is CommandRunner.TimedOut):
                    throw VastError(.timeout, "\(name) did not end within \(DurationFormat.format(limit)) and was ended")
                case .failure(let error as CommandRunner.NotStarted):
                    throw VastError.invalidArgument("\(name) cannot be run: \(error.why)")
                case .failure(let error): throw error
                }
            })
    }

    private func write(_ outcome: CommandRunner.Outcome, _ writer: LuaWriter) {
        writer.table(fields: 4, like: "vast.ExecResult", runtime.types) {
            writer.field("code") { writer.integer(outcome.code) }
            writer.field("out") { writer.bytes(outcome.output) }
            writer.field("err") { writer.bytes(outcome.errors) }
            writer.field("truncated") { writer.boolean(outcome.isCut) }
        }
    }

    private static func input(_ value: LuaView) throws -> [UInt8] {
        guard let bytes = value.withBytes({ Array($0) }) else {
            throw VastError.invalidArgument("stdin is a text, not a \(value.typeName)")
        }
        return bytes
    }

    /// `env = {NAME = "text", OTHER = 5, GONE = false}`
    private static func environment(_ table: LuaView) throws -> [String: String?] {
        guard table.kind == .table else {
            throw VastError.invalidArgument("env is a table such as {NAME = \"text\"}, not a \(table.typeName)")
        }
        var changed: [String: String?] = [:]
        try table.forEachField { key, value in
            guard key.kind == .string, let name = key.string, isVariable(name) else {
                let shown = key.string.map { "'\(PlainText.safe(String($0.prefix(64))))'" } ?? key.shownInMessage
                throw VastError.invalidArgument(
                    "env: names of variables are letters, digits and _, not beginning with a digit, not \(shown)")
            }
            changed[name] = .some(try variable(value, name))
        }
        return changed
    }

    private static func isVariable(_ name: String) -> Bool {
        name.wholeMatch(of: /[A-Za-z_][A-Za-z0-9_]{0,255}/.asciiOnlyWordCharacters()) != nil
    }

    /// The value of a variable; nil: it is taken away.
    private static func variable(_ value: LuaView, _ name: String) throws -> String? {
        if value.boolean == false { return nil }
        if value.isInteger, let integer = value.integer { return "\(integer)" }
        guard let text = value.kind == .number ? value.number.flatMap({ $0.isFinite ? $0.plainText : nil }) : value.string,
            !text.utf8.contains(0)
        else {
            throw VastError.invalidArgument(
                "env: \(name) is a text in UTF-8 without zero bytes, a number, or false to take it away, not \(value.shownInMessage)")
        }
        return text
    }

    private static func words(_ list: LuaView) throws -> [[UInt8]] {
        guard list.kind == .table else {
            throw VastError.invalidArgument("vast.exec takes {program, arguments...}, not a \(list.typeName); there is no shell")
        }
        var words: [[UInt8]] = []
        try list.forEachElement { position, value in
            let bytes =
                value.withBytes { Array($0) } ?? value.integer.map { Array("\($0)".utf8) } ?? value.number.map { Array("\($0)".utf8) }
            guard let bytes, !bytes.contains(0), value.number?.isFinite ?? true else {
                throw VastError.invalidArgument("word \(position) of the command is \(value.shownInMessage), not a text without zero bytes")
            }
            words.append(bytes)
        }
        guard words.first?.isEmpty == false else { throw VastError.invalidArgument("vast.exec takes {program, arguments...}") }
        return words
    }
}
