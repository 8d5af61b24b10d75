import Foundation
import Synchronization
import Testing

/// One run of the program that a hook of the service can reach.
final class SweepRun: Sendable {
    private let vast: VastLua
    private let pid = Mutex<Int32>(0)

    /// - Parameter vast: where its home and its state are.
    init(_ vast: VastLua) { self.vast = vast }

    /// Sends a signal; nothing happens when the program does not run.
    func send(_ signal: Int32) {
        pid.withLock { if $0 > 0 { kill($0, signal) } }
    }

    /// Runs the program to its end.
    func run(_ arguments: [String]) async throws -> VastLua.Outcome {
        try await onOwnThread { [self] in
            let process = vast.process(VastLua.binary.path, arguments)
            let (output, errors) = (try file(), try file())
            process.standardInput = FileHandle.nullDevice
            process.standardOutput = try FileHandle(forWritingTo: output)
            process.standardError = try FileHandle(forWritingTo: errors)
            let length = try ContinuousClock().measure {
                try process.run()
                pid.withLock { $0 = process.processIdentifier }
                VastLua.finish(process)
                pid.withLock { $0 = 0 }
            }
            return VastLua.Outcome(
                code: VastLua.code(process), output: String(decoding: try Data(contentsOf: output), as: UTF8.self),
                errors: String(decoding: try Data(contentsOf: errors), as: UTF8.self), duration: length)
        }
    }

    private func file() throws -> URL {
        let url = vast.folder.appendingPathComponent("said-\(UUID().uuidString)")
        try Data().write(to: url)
        return url
    }
}
