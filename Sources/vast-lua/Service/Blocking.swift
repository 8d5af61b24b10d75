import Dispatch
import Synchronization

/// Runs asynchronous work and blocks this thread until it has ended. For the main thread only, never for one of Swift's.
///
/// - Throws: what the work throws.
func blocking<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) throws -> Value {
    let outcome = Outcome<Result<Value, any Error>>()
    Task {
        do { outcome.set(.success(try await work())) } catch { outcome.set(.failure(error)) }
    }
    return try outcome.wait().get()
}

/// A place where one thread leaves a value for others, once.
final class Outcome<Value: Sendable>: Sendable {
    private let value = Mutex<Value?>(nil)
    private let isSet = DispatchSemaphore(value: 0)

    /// Leaves the value; only the first counts.
    func set(_ value: Value) {
        self.value.withLock { if $0 == nil { $0 = value } }
        isSet.signal()
    }

    /// Blocks this thread until the value is there.
    func wait() -> Value {
        while true {
            isSet.wait()
            if let value = value.withLock({ $0 }) {
                isSet.signal()
                return value
            }
        }
    }

    /// The same for so long at most; nil when the value is not there then.
    func wait(for length: DispatchTimeInterval) -> Value? {
        guard isSet.wait(timeout: .now() + length) == .success else { return nil }
        isSet.signal()
        return value.withLock { $0 }
    }
}
