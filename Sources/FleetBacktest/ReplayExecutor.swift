internal import Dispatch
internal import FleetClock

/// Runs everything asynchronous of a backtest, one job after the other in the order of their coming, so that the same input
/// does the same every time. While a job waits or runs, virtual time stands still.
final class ReplayExecutor: TaskExecutor {
    private let queue = DispatchQueue(label: "backtest")
    private let clock: any FleetClock

    init(_ clock: any FleetClock) { self.clock = clock }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        clock.beginWork(.thread)
        queue.async { [self] in
            job.runSynchronously(on: asUnownedTaskExecutor())
            clock.endWork(.thread)
        }
    }
}
