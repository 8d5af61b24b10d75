import Foundation
import Testing

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// A program that runs while the test talks to it.
///
/// Unchecked: one test talks to it, one call after the other.
final class RunningProgram: @unchecked Sendable {
    private let program: VastLua
    private let child: ChildProgram
    private let output = Pipe()
    private let errors = Pipe()
    private var buffer = Data()

    init(_ program: VastLua, _ arguments: [String]) throws {
        self.program = program
        child = try program.start(
            [VastLua.binary.path] + arguments, input: .nullDevice, output: output.fileHandleForWriting,
            errors: errors.fileHandleForWriting)
        // The child alone has these ends, so that reading comes to an end with it.
        try output.fileHandleForWriting.close()
        try errors.fileHandleForWriting.close()
    }

    /// Waits for the next line on standard output; nil at its end.
    func line() async throws -> String? {
        try await onOwnThread { self.readLine() }
    }

    /// The same on this thread, for ``converse(_:)``.
    func readLine() -> String? {
        while true {
            if let end = buffer.firstIndex(of: UInt8(ascii: "\n")) {
                defer { buffer = Data(buffer[buffer.index(after: end)...]) }
                return String(decoding: buffer[..<end], as: UTF8.self)
            }
            let more = output.fileHandleForReading.availableData
            if more.isEmpty { return nil }
            buffer += more
        }
    }

    func send(_ signal: Int32) { child.send(signal) }

    /// Sends a signal again and again until something is said on standard error: two that come too fast count as one.
    func sendUntilAnswered(_ signal: Int32) {
        var said = pollfd(fd: errors.fileHandleForReading.fileDescriptor, events: Int16(POLLIN), revents: 0)
        repeat { send(signal) } while poll(&said, 1, 20) == 0
    }

    /// Waits for a first line, does something at once, and waits for the end.
    ///
    /// - Returns: the line, the exit code as a shell shows it, and what was said on standard error.
    func afterFirstLine(
        _ action: @escaping @Sendable (RunningProgram) -> Void
    ) async throws -> (line: String?, code: Int32, errors: String) {
        let (line, end) = try await converse { program in
            let line = program.readLine()
            action(program)
            return line
        }
        return (line, end.code, end.errors)
    }

    /// Talks with the program without ever leaving its thread, and then waits for the end.
    func converse<Said: Sendable>(
        _ talk: @escaping @Sendable (RunningProgram) -> Said
    ) async throws -> (Said, (code: Int32, errors: String)) {
        try await onOwnThread { [self] in (talk(self), finish()) }
    }

    /// Reads lines up to one that begins with `start`; whether it came.
    func readUntil(_ start: String) -> Bool {
        while let line = readLine() { if line.hasPrefix(start) { return true } }
        return false
    }

    /// Waits for the end; returns the exit code as a shell shows it, and what was said on standard error.
    func end() async throws -> (code: Int32, errors: String) {
        try await onOwnThread { self.finish() }
    }

    private func finish() -> (code: Int32, errors: String) {
        let code = child.end()
        let said = errors.fileHandleForReading.readDataToEndOfFile()
        return (code, String(decoding: said, as: UTF8.self))
    }
}

/// `vast-lua simulator` on a free port.
final class RunningSimulator {
    let url: String
    private let program: RunningProgram

    init(_ vast: VastLua, faults: String? = nil, options: [String] = []) async throws {
        // At this speed a busy machine lets a day pass between two commands: the account shall not run out of credit, upon which
        // everything would be stopped.
        var words = ["--port", "0", "--speed", "600"] + (options.contains("--credit") ? [] : ["--credit", "1000000000"]) + options
        if let faults { words += ["--faults", try vast.write("faults.json", faults)] }
        program = try RunningProgram(vast, ["simulator"] + words)
        let first = try #require(try await program.line())
        url = try #require(first.split(separator: " ").last.map(String.init))
    }

    deinit { program.send(SIGTERM) }

    /// The requests that changed something or tried to, in their order, such as `PUT /api/v0/instances/12/`.
    func changes() async throws -> [String] {
        let log = try await control("GET", "log") as? [[String: Any]] ?? []
        return log.compactMap { entry in
            guard let method = entry["method"] as? String, let path = entry["path"] as? String, method != "GET",
                path.hasPrefix("/api/v0/instances")
            else { return nil }
            return "\(method) \(path)"
        }
    }

    /// Removes all instances but these, as if others had destroyed them.
    func removeAll(but kept: Set<Int>) async throws {
        let rows = try await control("GET", "rows") as? [[String: Any]] ?? []
        for case let id as Int in rows.map({ $0["id"] }) where !kept.contains(id) {
            _ = try await control("POST", "events", ["event": "deleted", "id": id])
        }
    }

    /// Talks with the simulator itself, past the simulated service.
    func control(_ method: String, _ path: String, _ body: [String: Any]? = nil) async throws -> Any {
        var request = URLRequest(url: try #require(URL(string: "\(url)/simulator/\(path)")))
        request.httpMethod = method
        request.httpBody = try body.map { try JSONSerialization.data(withJSONObject: $0) }
        return try JSONSerialization.jsonObject(with: try await URLSession.shared.data(for: request).0)
    }

    /// Ends it.
    func stop() async throws -> Int32 {
        program.send(SIGTERM)
        return try await program.end().code
    }
}
