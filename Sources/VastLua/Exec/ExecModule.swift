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
        var (input, timeout) = ([UInt8](), Self.usualTimeout)
        try call.options(2, "options") { name, value in
            if name == "timeout" { return timeout = try value.length("timeout") }
            guard let bytes = value.withBytes({ Array($0) }) else {
                throw VastError.invalidArgument("stdin is a text, not a \(value.typeName)")
            }
            input = bytes
        }
        let name = String(decoding: words[0], as: UTF8.self)
        guard !isPlanning else {
            logger.notice("would run \(words.map { String(decoding: $0, as: UTF8.self) }.joined(separator: " "))")
            write(.init(code: 0, output: [], errors: [], isCut: false), call.results)
            return .values
        }
        let (clock, limit, stdin, task) = (clock, timeout, input, host.currentTask)
        return call.wait(
            for: { try await clock.working { try await CommandRunner.run(words, input: stdin, timeout: limit) } },
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
