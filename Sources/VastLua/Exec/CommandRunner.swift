import FleetClock
import Subprocess

/// Runs other programs, without a shell.
enum CommandRunner {
    struct Outcome: Sendable {
        /// The exit code; 128 and the signal's number where one ended it, as in a shell.
        var code: Int
        var output: [UInt8]
        var errors: [UInt8]
        /// Whether more was written than is kept.
        var isCut: Bool
    }

    struct TimedOut: Error {}
    /// The program cannot be started, and why.
    struct NotStarted: Error { var why: String }

    /// How much of each stream is kept, in bytes: the first part.
    static let outputLimit = 1 << 20
    /// How long a program has to end after SIGTERM.
    private static let grace = Duration.seconds(2)

    /// - Parameters:
    ///   - words: the program, looked up in `PATH` unless it has a slash, and its arguments.
    ///   - environment: variables that are other ones than ours; nil: taken away.
    ///   - timeout: in real time, after which it and its children are ended.
    /// - Throws: ``TimedOut``, ``NotStarted``, `CancellationError`.
    static func run(
        _ words: [[UInt8]], input: [UInt8], environment: [String: String?] = [:], timeout: Duration
    ) async throws -> Outcome {
        try await withThrowingTaskGroup(of: Outcome?.self) { group in
            group.addTask { try await run(words, input: input, environment) }
            group.addTask {
                try await SystemClock().sleep(for: timeout)
                return nil
            }
            defer { group.cancelAll() }
            guard let outcome = try await group.next() ?? nil else { throw TimedOut() }
            return outcome
        }
    }

    private static func run(_ words: [[UInt8]], input: [UInt8], _ changed: [String: String?]) async throws -> Outcome {
        guard let program = words.first.flatMap({ String(validating: $0, as: UTF8.self) }) else {
            throw NotStarted(why: "the program's name is not UTF-8")
        }
        // The library takes bytes as C's strings and does not end them itself.
        let arguments = Arguments(words.dropFirst().map { $0 + [0] })
        let changes = changed.compactMap { name, value in Environment.Key(rawValue: name).map { ($0, value) } }
        let environment = Environment.inherit.updating(Dictionary(uniqueKeysWithValues: changes))
        // A session of its own, so that its children end with it.
        var options = PlatformOptions()
        options.createSession = true
        options.teardownSequence = [
            .send(signal: .terminate, toProcessGroup: true, allowedDurationToNextStep: grace),
            .send(signal: .kill, toProcessGroup: true, allowedDurationToNextStep: .seconds(1))
        ]
        do {
            let result = try await Subprocess.run(
                program.contains("/") ? .path(.init(program)) : .name(program), arguments: arguments,
                environment: environment, platformOptions: options, input: .array(input), output: .sequence, error: .sequence
            ) { execution in
                async let errors = collect(execution.standardError)
                let output = try await collect(execution.standardOutput)
                return (output, try await errors)
            }
            let (output, errors) = result.closureResult
            return Outcome(
                code: code(result.terminationStatus), output: output.bytes, errors: errors.bytes, isCut: output.isCut || errors.isCut)
        } catch let error as SubprocessError where [.executableNotFound, .spawnFailed].contains(error.code) {
            throw NotStarted(why: error.code == .executableNotFound ? "there is no such program" : "\(error)")
        }
    }

    private static func collect(_ stream: SubprocessOutputSequence) async throws -> (bytes: [UInt8], isCut: Bool) {
        var (bytes, isCut) = ([UInt8](), false)
        for try await buffer in stream {
            let room = outputLimit - bytes.count
            isCut = isCut || buffer.count > room
            buffer.withUnsafeBytes { bytes.append(contentsOf: $0.prefix(room)) }
        }
        return (bytes, isCut)
    }

    private static func code(_ status: TerminationStatus) -> Int {
        switch status {
        case .exited(let code): Int(code)
        case .signaled(let signal): 128 + Int(signal)
        }
    }
}
