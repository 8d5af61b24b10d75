import Foundation
import Synchronization
import Testing

/// One run of the program that a hook of the service can reach.
final class SweepRun: Sendable {
    private let vast: VastLua
    private let child = Mutex<ChildProgram?>(nil)

    /// - Parameter vast: where its home and its state are.
    init(_ vast: VastLua) { self.vast = vast }

    /// Sends a signal; nothing happens when the program does not run.
    func send(_ signal: Int32) { child.withLock { $0 }?.send(signal) }

    /// Runs the program to its end.
    func run(_ arguments: [String]) async throws -> VastLua.Outcome {
        try await onOwnThread { [self] in
            defer { child.withLock { $0 = nil } }
            return try vast.outcome([VastLua.binary.path] + arguments, input: .nullDevice) { started in
                child.withLock { $0 = started }
            }
        }
    }
}
