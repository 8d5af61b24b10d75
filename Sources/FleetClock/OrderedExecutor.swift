internal import Dispatch

/// Runs everything asynchronous of a world on virtual time, one job after the other in the order of their coming, so that the
/// same input does the same every time. While a job waits or runs, virtual time stands still.
package final class OrderedExecutor: TaskExecutor {
    private let queue = DispatchQueue(label: "fleet-world")
    private let clock: any FleetClock

    /// - Parameter clock: it stands still while a job waits or runs.
    package init(_ clock: any FleetClock) { self.clock = clock }

    /// Takes a job; it runs after all that came before it.
    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        clock.beginWork(.thread)
        queue.async { [self] in
            job.runSynchronously(on: asUnownedTaskExecutor())
            clock.endWork(.thread)
        }
    }
}
