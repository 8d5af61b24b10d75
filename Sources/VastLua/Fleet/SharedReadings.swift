import FleetClock
import LuaEngine
import Synchronization
import VastAPI

/// Lets jobs that begin together share one reading of the whole fleet.
///
/// The first reading of a job may be one that began up to a second before the job, if no change was sent since then.
/// Whatever else reads gets a reading of its own.
final class SharedReadings {
    private static let window = Duration.seconds(1)

    private var newest: SharedReading?
    /// How old the first reading of a task may be: its beginning on the clock's uptime.
    private var oldest: [UInt64: Duration] = [:]

    /// A job begins; its first reading may be shared.
    func begin(_ task: LuaTask, at start: Duration) { oldest[task.id] = start - Self.window }

    func end(_ task: LuaTask) { oldest[task.id] = nil }

    /// A change is about to be sent, or has been: a reading that began before does not show it.
    func forget() { newest = nil }

    /// The reading for a task that asks now.
    func reading(
        for task: LuaTask?, now: Duration, read: @escaping @Sendable () async throws -> FleetSnapshot
    ) -> SharedReading {
        let limit = task.flatMap { oldest.removeValue(forKey: $0.id) }
        if let newest, let limit, newest.began >= limit { return newest }
        let reading = SharedReading(began: now, read)
        newest = reading
        return reading
    }
}

/// A reading that several tasks wait for. It is given up when the last of them is cancelled.
final class SharedReading: Sendable {
    /// On the clock's uptime.
    let began: Duration
    private let work: Task<FleetSnapshot, any Error>
    private let waiters = Mutex(0)

    init(began: Duration, _ read: @escaping @Sendable () async throws -> FleetSnapshot) {
        self.began = began
        work = Task { try await read() }
    }

    func snapshot() async throws -> FleetSnapshot {
        waiters.withLock { $0 += 1 }
        return try await withTaskCancellationHandler {
            try await work.value
        } onCancel: {
            let left = waiters.withLock { count in
                count -= 1
                return count
            }
            if left == 0 { work.cancel() }
        }
    }
}
