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

    private let clock: any FleetClock
    private var newest: SharedReading?
    /// How old the first reading of a task may be: its beginning on the clock's uptime.
    private var oldest: [UInt64: Duration] = [:]

    init(_ clock: any FleetClock) { self.clock = clock }

    /// A job begins; its first reading may be shared.
    func begin(_ task: LuaTask, at start: Duration) { oldest[task.id] = start - Self.window }

    func end(_ task: LuaTask) { oldest[task.id] = nil }

    /// A change is about to be sent, or has been: a reading that began before does not show it.
    func forget() { newest = nil }

    /// The reading for a task that asks now.
    func reading(
        for task: LuaTask?, read: @escaping @Sendable () async throws -> FleetSnapshot
    ) -> SharedReading {
        let limit = task.flatMap { oldest.removeValue(forKey: $0.id) }
        if let newest, let limit, newest.began >= limit { return newest }
        let reading = SharedReading(clock, read)
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
    private let waiting: SharedWait

    init(_ clock: any FleetClock, _ read: @escaping @Sendable () async throws -> FleetSnapshot) {
        let (operation, waiting) = (FleetOperation(), SharedWait(clock))
        (began, self.waiting) = (clock.uptime, waiting)
        FleetOperation.$current.withValue(operation) { clock.beginWork(.operation) }
        work = Task {
            try await FleetWork.$current.withValue(.operation) {
                try await FleetOperation.$current.withValue(operation) {
                    defer {
                        waiting.end()
                        clock.endWork(.operation)
                    }
                    return try await read()
                }
            }
        }
    }

    func snapshot() async throws -> FleetSnapshot {
        waiters.withLock { $0 += 1 }
        waiting.begin()
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

/// Operations that wait for another one: a virtual clock may move while that one sleeps, and stands still again before they
/// have heard of its end.
private final class SharedWait: Sendable {
    private let clock: any FleetClock
    /// nil: what they wait for has ended.
    private let operations = Mutex<[FleetOperation]?>([])

    init(_ clock: any FleetClock) { self.clock = clock }

    /// The present operation begins to wait.
    func begin() {
        guard FleetWork.current == .operation, let operation = FleetOperation.current else { return }
        let isWaiting = operations.withLock { list in
            list?.append(operation)
            return list != nil
        }
        if isWaiting { clock.endWork(.operation) }
    }

    /// All of them are at work again.
    func end() {
        let list = operations.withLock { list in
            defer { list = nil }
            return list ?? []
        }
        for operation in list { FleetOperation.$current.withValue(operation) { clock.beginWork(.operation) } }
    }
}
