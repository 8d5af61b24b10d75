import FleetClock
import FleetSafety
package import LuaEngine
import VastAPI

/// The life of a script behind its main chunk.
package final class ServingModule: RuntimeModule {
    private var jobs: JobBoard { runtime.jobs }
    /// What the jobs had come to when they were ended from outside.
    private var endMarks: [String: JobMark] = [:]

    /// Runs jobs and tasks until none is left, or until ``RunControl/end()``.
    ///
    /// - Parameters:
    ///   - control: how to end it from another thread; nil where only the script and its host can.
    ///   - onServing: told whenever the script begins to stay alive for its jobs, and when it ceases to.
    /// - Throws: `LuaError` of kind `interrupted`.
    package func serve(_ control: RunControl?, onServing: @escaping (Bool) -> Void = { _ in }) throws {
        guard let control else { return try host.runUntilIdle() }
        let listener = Listener(self, control, onServing)
        jobs.onChange = { listener.update() }
        defer { jobs.onChange = nil }
        listener.update()
        try host.runUntilIdle()
    }

    /// Runs each job once, also those that these make, and waits for all tasks.
    ///
    /// - Throws: `LuaError` of kind `interrupted`.
    package func runJobsOnce() throws {
        try host.runUntilIdle()
        try jobs.runOnce()
    }

    /// Makes staged jobs live.
    ///
    /// - Parameter marks: what an older state of the script has handed over.
    package func goLive(carrying marks: [String: JobMark] = [:]) { jobs.goLive(carrying: marks) }

    /// What a newer state of the script may carry on with, after ``serve(_:onServing:)`` was ended.
    package var jobMarks: [String: JobMark] { endMarks }

    /// Whether the script has jobs that can still run.
    package var hasJobs: Bool { !jobs.isEmpty }

    /// The first error of a job or task that nothing caught; it has been told.
    package var jobFailure: LuaError? { jobs.failure }

    /// Ends the jobs and asks all tasks to end as soon as they have done what they are doing; on the thread of the host.
    package func endJobs() { windDown(except: nil) }

    fileprivate func windDown(except listener: LuaTask?) {
        endMarks = jobs.end()
        host.windDown(except: listener.map { [$0] } ?? [])
    }
}

/// The task that waits for word from outside while a script stays alive for its jobs.
private final class Listener {
    private weak var serving: ServingModule?
    private let control: RunControl
    private let onServing: (Bool) -> Void
    private var task: LuaTask?

    init(_ serving: ServingModule, _ control: RunControl, _ onServing: @escaping (Bool) -> Void) {
        self.serving = serving
        self.control = control
        self.onServing = onServing
    }

    func update() {
        guard let serving else { return }
        switch (serving.hasJobs, task) {
        case (true, nil): start(serving)
        case (false, let task?):
            self.task = nil
            onServing(false)
            if serving.host.currentTask !== task { serving.host.cancel(task) }
        default: return
        }
    }

    private func start(_ serving: ServingModule) {
        do {
            let function = try serving.host.build { writer in
                writer.function("vast.listen") { [self] in listen($0) }
            }
            task = try serving.host.spawn(function, name: "vast.listen")
            onServing(true)
        } catch {
            serving.logger.error("an orderly end is not possible: \(error)")
        }
    }

    private func listen(_ call: borrowing LuaCall) -> LuaOutcome {
        call.wait(for: { [control] in await control.untilEnd() }) { [self] call, isTold in
            if isTold { serving?.windDown(except: call.host.currentTask) }
            return .values
        }
    }
}
