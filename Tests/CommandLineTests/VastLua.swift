import Foundation
import Testing

/// The real program, as it was built beside these tests, in a surrounding of its own: an empty home, no key.
struct VastLua: Sendable {
    /// What a run has left.
    struct Outcome {
        let code: Int32
        let output: String
        let errors: String
        let duration: Duration
    }

    static let binary: URL = {
        let own = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        let beside = own.appendingPathComponent("vast-lua")
        if FileManager.default.isExecutableFile(atPath: beside.path) { return beside }
        return root.appendingPathComponent(".build/debug/vast-lua")
    }()

    /// The package's own folder.
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// A folder that goes with the last value that uses it.
    private final class Scratch: Sendable {
        let url: URL

        init() throws {
            url = FileManager.default.temporaryDirectory.appendingPathComponent("vast-lua-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        }

        deinit { try? FileManager.default.removeItem(at: url) }
    }

    private let scratch: Scratch
    /// The home of the program, and its working directory.
    var folder: URL { scratch.url }
    var environment: [String: String]

    init(_ environment: [String: String] = [:]) throws {
        scratch = try Scratch()
        let folder = scratch.url.path
        self.environment = ["PATH": "/usr/bin:/bin", "HOME": folder, "TZ": "UTC", "VAST_LUA_STATE": folder]
            .merging(environment) { $1 }
    }

    /// Writes a file into the folder.
    @discardableResult
    func write(_ name: String, _ text: String) throws -> String {
        let url = folder.appendingPathComponent(name)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
        return url.path
    }

    /// Runs the program to its end.
    func run(_ arguments: String..., input: String = "") async throws -> Outcome { try await run(arguments, input: input) }

    func run(_ arguments: [String], input: String = "") async throws -> Outcome {
        try await onOwnThread { try run(Self.binary.path, arguments, input: input) }
    }

    /// Runs a shell command in which `$V` is the program.
    func shell(_ command: String) async throws -> Outcome {
        var copy = self
        copy.environment["V"] = Self.binary.path
        let program = copy
        return try await onOwnThread { try program.run("/bin/sh", ["-c", command], input: "") }
    }

    /// More programs at a time would only make each of them slow.
    private static let places = DispatchSemaphore(value: 4)

    private func run(_ path: String, _ arguments: [String], input: String) throws -> Outcome {
        Self.places.wait()
        defer { Self.places.signal() }
        try write("in", input)
        let input = try FileHandle(forReadingFrom: folder.appendingPathComponent("in"))
        return try outcome([path] + arguments, input: input) { _ in }
    }

    /// Runs a program to its end; `started` has it while it runs.
    func outcome(_ words: [String], input: FileHandle, started: (ChildProgram) -> Void) throws -> Outcome {
        let (output, errors) = (try file("out"), try file("err"))
        var code: Int32 = 0
        let length = try ContinuousClock().measure {
            let child = try start(
                words, input: input, output: try FileHandle(forWritingTo: output), errors: try FileHandle(forWritingTo: errors))
            started(child)
            code = child.end()
        }
        return Outcome(
            code: code, output: String(decoding: try Data(contentsOf: output), as: UTF8.self),
            errors: String(decoding: try Data(contentsOf: errors), as: UTF8.self), duration: length)
    }

    func start(_ words: [String], input: FileHandle, output: FileHandle, errors: FileHandle) throws -> ChildProgram {
        try ChildProgram(words, environment: environment, folder: folder, input: input, output: output, errors: errors)
    }

    private func file(_ name: String) throws -> URL {
        let url = folder.appendingPathComponent("\(name)-\(UUID().uuidString)")
        try Data().write(to: url)
        return url
    }
}

/// Runs what blocks on a thread of its own: Swift's pool has as many threads as the machine has cores, and the servers
/// of other tests live there.
func onOwnThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        Thread { continuation.resume(with: Result(catching: body)) }.start()
    }
}
